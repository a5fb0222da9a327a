/** Memory of the host for tensors. Copies are plain ones of typed arrays, without native code. */
import { invariant } from '../errors.ts';
import type { NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { freshMemory, SpareMemory, zeroedMemory } from './spare-memory.ts';
import { ELEMENT_BYTES, type ElementType, Tensor } from './tensor.ts';
import { isInside, type MemoryRegion, type StridedCopy, type TensorMemory } from './tensor-memory.ts';

export class HostRegion implements MemoryRegion {
  readonly #memory: HostMemory;
  #bytes: Uint8Array | undefined;

  constructor(memory: HostMemory, bytes: Uint8Array) {
    this.#memory = memory;
    this.#bytes = bytes;
  }

  get bytes(): Uint8Array {
    invariant(this.#bytes !== undefined, 'memory is used after its end');
    return this.#bytes;
  }

  get numBytes(): number {
    return this.bytes.length;
  }

  [Symbol.dispose](): void {
    const { bytes } = this;
    this.#bytes = undefined;
    this.#memory.keepSpare(bytes);
  }
}

export class HostMemory implements TensorMemory {
  readonly #library: OrtLibrary;
  readonly #memoryInfo: NativeHandle;
  readonly #spare = new SpareMemory();

  /** `memoryInfo`: the CPU's; it stays the caller's. */
  constructor(library: OrtLibrary, memoryInfo: NativeHandle) {
    this.#library = library;
    this.#memoryInfo = memoryInfo;
  }

  allocate(numBytes: number): HostRegion {
    return new HostRegion(this, this.#spare.take(numBytes) ?? freshMemory(numBytes));
  }

  allocateZeroed(numBytes: number, count: number): readonly HostRegion[] {
    return Array.from({ length: count }, () => new HostRegion(this, zeroedMemory(numBytes)));
  }

  prepare(numBytes: number): boolean {
    return this.#spare.prepare(numBytes);
  }

  copy(copies: readonly StridedCopy[]): void {
    for (const copy of copies) copyRuns(copy);
  }

  tensor(region: MemoryRegion, layout: { start: number; type: ElementType; shape: readonly number[] }): Tensor {
    const { start, type, shape } = layout;
    const numBytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type]);
    const data = bytesOf(region).subarray(start, start + numBytes);
    return new Tensor(this.#library, this.#memoryInfo, { data, shape, type });
  }

  /** For regions only. */
  keepSpare(bytes: Uint8Array): void {
    this.#spare.keep(bytes);
  }
}

function copyRuns(copy: StridedCopy): void {
  const source = bytesOf(copy.source);
  const target = bytesOf(copy.target);
  invariant(isInside(copy), 'a copy reaches beyond its memory');
  const { sourceStart, sourceStride, targetStart, targetStride, numRuns, runBytes } = copy;
  for (let run = 0; run < numRuns; run++) {
    const from = sourceStart + run * sourceStride;
    const to = targetStart + run * targetStride;
    if (source === target) target.copyWithin(to, from, from + runBytes);
    else target.set(source.subarray(from, from + runBytes), to);
  }
}

function bytesOf(region: MemoryRegion): Uint8Array {
  invariant(region instanceof HostRegion, "memory is not the host's");
  return region.bytes;
}
