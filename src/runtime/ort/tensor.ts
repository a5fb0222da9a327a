/** A native tensor over memory that is there already: no copy, the memory is the tensor's. */
import { invariant } from '../errors.ts';
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { addressOf } from './native-memory.ts';

/** Values of `ONNXTensorElementDataType`. */
export const ELEMENT_TYPE_CODES = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10, bfloat16: 16 } as const;

export type ElementType = keyof typeof ELEMENT_TYPE_CODES;

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  uint8: 1,
  int32: 4,
  int64: 8,
  float16: 2,
  bfloat16: 2,
};

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint16Array | Uint8Array;

/** Memory that JavaScript does not see, such as a device's. `owner` is kept for as long as a tensor points there. */
export type NativeRange = { readonly address: bigint; readonly byteLength: number; readonly owner: object };

export type TensorContent = {
  readonly data: TensorData | NativeRange;
  readonly shape: readonly number[];
  /** Default: what the typed array holds; needed for 16-bit floats, and for memory that is no typed array. */
  readonly type?: ElementType;
};

/** `OrtDeviceAllocator` and `OrtMemTypeDefault`: plain memory, not an arena's. */
const DEVICE_ALLOCATOR = 0;
const MEM_TYPE_DEFAULT = 0;

/** What an empty tensor points at: ONNX Runtime wants an address, and reads nothing there. */
const NOTHING = new Uint8Array(8);

/** Says that tensors are in the CPU's memory. One serves any number of tensors and must outlive their creation only. */
export function createCpuMemoryInfo(library: OrtLibrary): NativeHandle {
  return createHandle(library, 'memory info', (out) =>
    library.api.CreateCpuMemoryInfo(DEVICE_ALLOCATOR, MEM_TYPE_DEFAULT, out),
  );
}

export class Tensor implements Disposable {
  readonly shape: readonly number[];
  /** Kept, because native code points at it for as long as the tensor exists. */
  readonly data: TensorData | NativeRange;
  readonly #handle: NativeHandle;

  /**
   * `memoryInfo` says whose memory `data` is. Throws `InvariantError` unless it has exactly as many bytes as `shape` takes; a
   * size of 0 is one.
   */
  constructor(library: OrtLibrary, memoryInfo: Pick<NativeHandle, 'address'>, content: TensorContent) {
    const { data, shape } = content;
    const type = content.type ?? elementTypeOf(data);
    const text = `[${shape.join(', ')}]`;
    invariant(
      shape.every((size) => Number.isSafeInteger(size) && size >= 0),
      `${text} is not the shape of a tensor`,
    );
    const numElements = shape.reduce((product, size) => product * size, 1);
    const length = data.byteLength / ELEMENT_BYTES[type];
    invariant(numElements === length, `a tensor of shape ${text} has ${numElements} elements, not ${length}`);
    this.shape = [...shape];
    this.data = data;
    const dimensions = BigInt64Array.from(shape, BigInt);
    this.#handle = createHandle(library, 'tensor', (out) =>
      library.api.CreateTensorWithDataAsOrtValue(
        memoryInfo.address,
        startOf(data),
        data.byteLength,
        addressOf(dimensions),
        dimensions.length,
        ELEMENT_TYPE_CODES[type],
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

function startOf(data: TensorData | NativeRange): bigint {
  if (data.byteLength === 0) return addressOf(NOTHING);
  return 'address' in data ? data.address : addressOf(data);
}

function elementTypeOf(data: TensorData | NativeRange): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Uint8Array) return 'uint8';
  invariant(data instanceof BigInt64Array, 'the type of a tensor does not follow from its memory');
  return 'int64';
}
