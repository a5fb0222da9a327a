/**
 * Memory of a device for tensors, from the allocator that the session's execution provider has for it. Copies never leave the
 * device.
 */
import { GatewayError, invariant } from '../errors.ts';
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { addressOf, OutCell } from './native-memory.ts';
import { ResourceStack } from './resource-stack.ts';
import type { RowCopier, RowMemory } from './row-copier.ts';
import type { Session } from './session.ts';
import { check } from './status.ts';
import { ELEMENT_BYTES, ELEMENT_TYPE_CODES, type ElementType, type NativeRange, Tensor } from './tensor.ts';
import { isInside, type MemoryRegion, type StridedCopy, type TensorMemory } from './tensor-memory.ts';

/** Rows that are zeroed at once: their indices take 8 bytes each, twice. */
const ROWS_TO_ZERO = 2 ** 16;

export type DeviceMemoryOptions = {
  readonly session: Session;
  /** Address of the native memory info that names the device. */
  readonly memoryInfo: bigint;
  /** Of the same device. Everything is a number of its rows. */
  readonly copier: RowCopier;
};

/** What several regions have in common: memory that goes back to the device with the last of them. */
class DeviceBlock {
  readonly #owner: NativeHandle;
  readonly #range: NativeRange;
  #numRegions = 0;

  constructor(library: OrtLibrary, owner: NativeHandle, byteLength: number) {
    const out = new OutCell();
    check(library, library.api.GetTensorMutableData(owner.address, out.address), 'find the memory of a tensor');
    invariant(out.pointer !== null, 'a tensor is at the null pointer');
    this.#owner = owner;
    this.#range = { address: out.pointer, byteLength, owner };
  }

  get range(): NativeRange {
    invariant(this.#numRegions > 0, 'memory is used after its end');
    return this.#range;
  }

  hold(): void {
    this.#numRegions += 1;
  }

  release(): void {
    this.#numRegions -= 1;
    if (this.#numRegions === 0) this.#owner[Symbol.dispose]();
  }
}

export class DeviceRegion implements MemoryRegion {
  readonly numBytes: number;
  readonly block: DeviceBlock;
  /** In the block, in bytes. */
  readonly start: number;
  #isDisposed = false;

  constructor(block: DeviceBlock, start: number, numBytes: number) {
    this.block = block;
    this.start = start;
    this.numBytes = numBytes;
    block.hold();
  }

  /** A part of it; throws `InvariantError` once it is disposed of, or for what reaches beyond it. */
  range(start: number, byteLength: number): NativeRange {
    invariant(!this.#isDisposed, 'memory is used after its end');
    invariant(start >= 0 && start + byteLength <= this.numBytes, 'a tensor reaches beyond its memory');
    return { address: this.block.range.address + BigInt(this.start + start), byteLength, owner: this };
  }

  [Symbol.dispose](): void {
    invariant(!this.#isDisposed, 'memory is disposed of twice');
    this.#isDisposed = true;
    this.block.release();
  }
}

/** Dispose of it before the session, and after its regions: their memory goes back to the session's allocator. */
export class DeviceMemory implements TensorMemory, Disposable {
  readonly #library: OrtLibrary;
  readonly #options: DeviceMemoryOptions;
  readonly #allocator: NativeHandle;

  constructor(options: DeviceMemoryOptions) {
    const { session, memoryInfo } = options;
    this.#library = session.library;
    this.#options = options;
    this.#allocator = createHandle(this.#library, 'allocator', (out) =>
      this.#library.api.CreateAllocator(session.address, memoryInfo, out),
    );
  }

  allocate(numBytes: number): DeviceRegion {
    return new DeviceRegion(this.#reserve(numBytes), 0, numBytes);
  }

  /** Of one block, so that one call copies between all of them and another region. */
  allocateZeroed(numBytes: number, count: number): readonly DeviceRegion[] {
    const block = this.#reserve(numBytes * count);
    using resources = new ResourceStack();
    const regions = Array.from({ length: count }, (_, i) =>
      resources.use(new DeviceRegion(block, i * numBytes, numBytes)),
    );
    this.#fillWithZeros(block);
    resources.move();
    return regions;
  }

  /** The session's allocator keeps what it got from the device, so no region takes long. */
  prepare(): boolean {
    return false;
  }

  /** All between the same two blocks: of a runner's KV there is one, and a saved block of it is another. */
  copy(copies: readonly StridedCopy[]): void {
    const [first] = copies;
    if (first === undefined) return;
    const source = deviceRegion(first.source).block;
    const target = deviceRegion(first.target).block;
    this.#options.copier.copy(this.#memory(source), this.#memory(target), this.#rowsOf(copies, { source, target }));
  }

  tensor(region: MemoryRegion, layout: { start: number; type: ElementType; shape: readonly number[] }): Tensor {
    const { start, type, shape } = layout;
    const numBytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type]);
    const data = deviceRegion(region).range(start, numBytes);
    return new Tensor(this.#library, { address: this.#options.memoryInfo }, { data, shape, type });
  }

  #reserve(numBytes: number): DeviceBlock {
    const shape = BigInt64Array.of(BigInt(numBytes));
    const { api } = this.#library;
    try {
      const owner = createHandle(this.#library, 'tensor', (out) =>
        api.CreateTensorAsOrtValue(this.#allocator.address, addressOf(shape), 1, ELEMENT_TYPE_CODES.uint8, out),
      );
      return new DeviceBlock(this.#library, owner, numBytes);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const mebibytes = Math.ceil(numBytes / 2 ** 20);
      throw new GatewayError('backend_failed', `no room for ${mebibytes} MiB on the device: ${reason}`, { cause });
    }
  }

  #fillWithZeros(block: DeviceBlock): void {
    const { copier } = this.#options;
    const zero = { values: new Int32Array(copier.rowBytes / Int32Array.BYTES_PER_ELEMENT) };
    const numRows = block.range.byteLength / copier.rowBytes;
    for (let first = 0; first < numRows; first += ROWS_TO_ZERO) {
      const length = Math.min(ROWS_TO_ZERO, numRows - first);
      const to = BigInt64Array.from({ length }, (_, i) => BigInt(first + i));
      copier.copy(zero, this.#memory(block), { from: new BigInt64Array(length), to });
    }
  }

  /** The rows that copies between two blocks read and write, counted from the blocks' beginnings. */
  #rowsOf(
    copies: readonly StridedCopy[],
    blocks: { source: DeviceBlock; target: DeviceBlock },
  ): { from: BigInt64Array; to: BigInt64Array } {
    const { rowBytes } = this.#options.copier;
    const numRows = copies.reduce((sum, { numRuns, runBytes }) => sum + (numRuns * runBytes) / rowBytes, 0);
    const from = new BigInt64Array(numRows);
    const to = new BigInt64Array(numRows);
    let at = 0;
    for (const copy of copies) {
      invariant(isInside(copy), 'a copy reaches beyond its memory');
      const source = deviceRegion(copy.source);
      const target = deviceRegion(copy.target);
      invariant(source.block === blocks.source && target.block === blocks.target, 'copies are between two blocks');
      const sourceStart = source.start + copy.sourceStart;
      const targetStart = target.start + copy.targetStart;
      for (let run = 0; run < copy.numRuns; run++) {
        for (let offset = 0; offset < copy.runBytes; offset += rowBytes) {
          from[at] = BigInt((sourceStart + run * copy.sourceStride + offset) / rowBytes);
          to[at] = BigInt((targetStart + run * copy.targetStride + offset) / rowBytes);
          at += 1;
        }
      }
    }
    return { from, to };
  }

  #memory(block: DeviceBlock): RowMemory {
    return { range: block.range, memoryInfo: this.#options.memoryInfo };
  }

  [Symbol.dispose](): void {
    this.#allocator[Symbol.dispose]();
  }
}

function deviceRegion(region: MemoryRegion): DeviceRegion {
  invariant(region instanceof DeviceRegion, "memory is not the device's");
  return region;
}
