/** A native tensor over a typed array: no copy, the array's memory is the tensor's. */
import { invariant } from '../errors.ts';
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { addressOf } from './native-memory.ts';

export type ElementType = 'float32' | 'int32' | 'int64';
export type TensorData = Float32Array | Int32Array | BigInt64Array;

/** Values of `ONNXTensorElementDataType`. */
export const ELEMENT_TYPE_CODES: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7 };

/** `OrtDeviceAllocator` and `OrtMemTypeDefault`: plain memory, not an arena's. */
const DEVICE_ALLOCATOR = 0;
const MEM_TYPE_DEFAULT = 0;

/** Says that tensors are in the CPU's memory. One serves any number of tensors and must outlive their creation only. */
export function createCpuMemoryInfo(library: OrtLibrary): NativeHandle {
  return createHandle(library, 'memory info', (out) =>
    library.api.CreateCpuMemoryInfo(DEVICE_ALLOCATOR, MEM_TYPE_DEFAULT, out),
  );
}

export class Tensor implements Disposable {
  readonly shape: readonly number[];
  /** Kept, because native code points at it for as long as the tensor exists. */
  readonly data: TensorData;
  readonly #handle: NativeHandle;

  /** Throws `InvariantError` unless `data` has exactly as many elements as `shape` says. */
  constructor(library: OrtLibrary, memoryInfo: NativeHandle, content: { data: TensorData; shape: readonly number[] }) {
    const { data, shape } = content;
    const text = `[${shape.join(', ')}]`;
    invariant(
      shape.every((size) => Number.isSafeInteger(size) && size > 0),
      `${text} is not the shape of a tensor`,
    );
    const numElements = shape.reduce((product, size) => product * size, 1);
    invariant(numElements === data.length, `a tensor of shape ${text} has ${numElements} elements, not ${data.length}`);
    this.shape = [...shape];
    this.data = data;
    const dimensions = BigInt64Array.from(shape, BigInt);
    const type = ELEMENT_TYPE_CODES[elementTypeOf(data)];
    this.#handle = createHandle(library, 'tensor', (out) =>
      library.api.CreateTensorWithDataAsOrtValue(
        memoryInfo.address,
        addressOf(data),
        data.byteLength,
        addressOf(dimensions),
        dimensions.length,
        type,
        out,
      ),
    );
  }

  get address(): bigint {
    return this.#handle.address;
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}

function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'int64';
}
