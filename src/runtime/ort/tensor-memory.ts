/** The port to memory that tensors lie in: the host's, or that of an execution provider's device. */
import type { ElementType, Tensor } from './tensor.ts';

/** A piece of such memory. It ends with `dispose`, once no tensor over it is used any more. */
export interface MemoryRegion extends Disposable {
  readonly numBytes: number;
}

/**
 * `numRuns` runs of `runBytes`, each `stride` bytes behind the one before. Positions of one attention head are such a run, because
 * heads are further out than positions.
 */
export type StridedCopy = {
  readonly source: MemoryRegion;
  readonly sourceStart: number;
  readonly sourceStride: number;
  readonly target: MemoryRegion;
  readonly targetStart: number;
  readonly targetStride: number;
  readonly numRuns: number;
  readonly runBytes: number;
};

export interface TensorMemory {
  /** Its content is undefined. Throws `GatewayError` (`backend_failed`) when there is no room. */
  allocate(numBytes: number): MemoryRegion;
  /**
   * `count` regions of `numBytes` each. For memory that operators may read before it is written, if only to mask it: whatever is
   * there might be no number.
   */
  allocateZeroed(numBytes: number, count: number): readonly MemoryRegion[];
  /**
   * Does a little of what {@link allocate} of as many bytes would take long for; false if there is nothing to do. Throws as that
   * does.
   */
  prepare(numBytes: number): boolean;
  /** Within regions or between them, all of this kind of memory. Runs must not overlap. */
  copy(copies: readonly StridedCopy[]): void;
  /** A tensor over the bytes of a region from `start` on; the caller disposes of it before the region. */
  tensor(region: MemoryRegion, layout: { start: number; type: ElementType; shape: readonly number[] }): Tensor;
}

/** Whether every run of the copy lies in its regions: native code would copy whatever it is told to. */
export function isInside(copy: StridedCopy): boolean {
  const { source, sourceStart, sourceStride, target, targetStart, targetStride, numRuns, runBytes } = copy;
  const sourceEnd = sourceStart + (numRuns - 1) * sourceStride + runBytes;
  const targetEnd = targetStart + (numRuns - 1) * targetStride + runBytes;
  return (
    [sourceStart, sourceStride, targetStart, targetStride, numRuns, runBytes].every(isSize) &&
    sourceEnd <= source.numBytes &&
    targetEnd <= target.numBytes
  );
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
