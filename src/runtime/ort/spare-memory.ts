/**
 * Host memory that is at hand for the next region of its size: regions that were given back, and some made ready ahead. Fresh
 * memory costs a page fault per 4 KiB, which makes saving a block of KV three times as slow, or slower still where a hypervisor
 * has to find the page as well (9 to 14 microseconds each were measured).
 */
import { GatewayError } from '../errors.ts';

/** A prefix store that is full frees one block for each that it saves, all of one size. */
const MAX_SPARE_BYTES = 32 * 2 ** 20;
/** Of what is made ready: blocks for some prompts of a thousand tokens, at 4 KiB per token. */
const MAX_AHEAD_BYTES = 8 * 2 ** 20;

const PAGE_BYTES = 4096;
/** Pages that are touched at a time: a tenth of a millisecond where it is slow. Who has work in between shall not wait. */
const PAGES_AT_ONCE = 8;

export class SpareMemory {
  readonly #regions = new Map<number, Uint8Array[]>();
  #numBytes = 0;
  /** Fresh memory, of which the first `touchedBytes` are ready. */
  #ahead: { readonly bytes: Uint8Array; touchedBytes: number } | undefined;

  take(numBytes: number): Uint8Array | undefined {
    const bytes = this.#regions.get(numBytes)?.pop();
    if (bytes !== undefined) this.#numBytes -= numBytes;
    return bytes;
  }

  /** Drops it when there is enough. */
  keep(bytes: Uint8Array): void {
    if (this.#numBytes + bytes.length > MAX_SPARE_BYTES) return;
    const sameSize = this.#regions.get(bytes.length);
    if (sameSize === undefined) this.#regions.set(bytes.length, [bytes]);
    else sameSize.push(bytes);
    this.#numBytes += bytes.length;
  }

  /** Does a little towards another region of `numBytes`; false if there are enough. Throws what {@link freshMemory} throws. */
  prepare(numBytes: number): boolean {
    if (this.#numBytes + numBytes > MAX_AHEAD_BYTES) return false;
    if (this.#ahead?.bytes.length !== numBytes) this.#ahead = { bytes: freshMemory(numBytes), touchedBytes: 0 };
    const { bytes, touchedBytes } = this.#ahead;
    const end = Math.min(touchedBytes + PAGES_AT_ONCE * PAGE_BYTES, numBytes);
    for (let at = touchedBytes; at < end; at += PAGE_BYTES) bytes[at] = 0;
    this.#ahead.touchedBytes = end;
    if (end === numBytes) {
      // The last page may begin behind the last byte that was touched.
      bytes[numBytes - 1] = 0;
      this.keep(bytes);
      this.#ahead = undefined;
    }
    return true;
  }
}

/** With undefined content: zeroing would take as long as the copy that fills it. Throws `GatewayError` (`backend_failed`) without room. */
export function freshMemory(numBytes: number): Uint8Array {
  return reserve(numBytes, Buffer.allocUnsafeSlow);
}

/** Throws as {@link freshMemory} does. */
export function zeroedMemory(numBytes: number): Uint8Array {
  return reserve(numBytes, (length) => new Uint8Array(length));
}

function reserve(numBytes: number, create: (length: number) => Uint8Array): Uint8Array {
  try {
    return create(numBytes);
  } catch (cause) {
    throw new GatewayError('backend_failed', `no room for ${Math.ceil(numBytes / 2 ** 20)} MiB`, { cause });
  }
}
