/** Memory that JavaScript and native code share: addresses of typed arrays, strings behind pointers, cells for out-parameters. */
import koffi from 'koffi';
import { invariant } from '../errors.ts';
import type { Address } from './library.ts';

/**
 * The address of a typed array's first element. Valid while the array is referenced: V8 never moves the memory of an
 * ArrayBuffer, and frees it with the last view. NOTE: a resizable or transferred buffer would break that, so it is refused.
 */
export function addressOf(array: NodeJS.TypedArray): bigint {
  const { buffer } = array;
  const isFixed = !('resizable' in buffer && buffer.resizable === true) && buffer instanceof ArrayBuffer;
  invariant(isFixed && array.byteLength > 0, 'native code needs a typed array of fixed size that is not empty');
  return koffi.address(array);
}

/** The UTF-8 text, up to its NUL, at an address. */
export function readString(address: bigint): string {
  return koffi.decode.string(address);
}

/** The texts behind an array of `length` `char *` at an address. */
export function readStrings(address: bigint, length: number): readonly string[] {
  return length === 0 ? [] : koffi.decode(address, 'str', length);
}

/** Room for one pointer or `size_t` that a native function writes. Its memory is outside V8's heap, so it never moves. */
export class OutCell {
  readonly #cell = new BigUint64Array(new ArrayBuffer(8));
  /** What to pass as the out-parameter. */
  readonly address: bigint = addressOf(this.#cell);

  /** The pointer written last; the null pointer is null. */
  get pointer(): Address {
    return this.#cell[0] || null;
  }

  /** The `size_t` written last. */
  get size(): number {
    return Number(this.#cell[0]);
  }

  /** The 32-bit integer written last. */
  get int(): number {
    return Number(BigInt.asIntN(32, this.#cell[0] ?? 0n));
  }
}
