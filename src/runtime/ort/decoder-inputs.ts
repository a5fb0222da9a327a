/**
 * Owns the inputs of a step that are not KV: token ids, attention mask, and positions if the graph wants them. Their memory and
 * the tensors over it are made once per shape and used again: a decode step makes no garbage and no native objects.
 */
import { ATTENTION_MASK, INPUT_IDS, POSITION_IDS } from './decoder-signature.ts';
import type { NativeHandle } from './handles.ts';
import type { IoBinding } from './io-binding.ts';
import type { OrtLibrary } from './library.ts';
import { Tensor } from './tensor.ts';

/**
 * The mask's width is rounded up to this, so that its shape changes every 64th step only. Columns behind a row's length are
 * zero; the graph takes the lengths from the rows' sums, and the width is but an upper bound for them.
 */
const MASK_WIDTH_STEP = 64;

export type DecoderInputSizes = {
  readonly numSlots: number;
  readonly maxChunkTokens: number;
  readonly maxLength: number;
  readonly hasPositions: boolean;
};

/** Shape of a step: `sequence` tokens in each of `batch` rows, of which none is longer than `length` with them. */
export type StepShape = { readonly batch: number; readonly sequence: number; readonly length: number };

export class DecoderInputs implements Disposable {
  readonly #library: OrtLibrary;
  readonly #memoryInfo: NativeHandle;
  readonly #sizes: DecoderInputSizes;
  readonly #ids: Int64Buffer;
  readonly #positions: Int64Buffer;
  readonly #mask: Int64Buffer;
  #maskWidth = 0;

  constructor(library: OrtLibrary, memoryInfo: NativeHandle, sizes: DecoderInputSizes) {
    this.#library = library;
    this.#memoryInfo = memoryInfo;
    this.#sizes = sizes;
    const numTokens = Math.max(sizes.numSlots, sizes.maxChunkTokens);
    this.#ids = new Int64Buffer(numTokens);
    this.#positions = new Int64Buffer(sizes.hasPositions ? numTokens : 0);
    this.#mask = new Int64Buffer(sizes.numSlots * sizes.maxLength);
  }

  /** Binds tensors of the shape of the next step; afterwards its tokens and lengths can be written. */
  bind(binding: Pick<IoBinding, 'bindInput'>, { batch, sequence, length }: StepShape): void {
    const width = Math.min(Math.ceil(length / MASK_WIDTH_STEP) * MASK_WIDTH_STEP, this.#sizes.maxLength);
    this.#maskWidth = width;
    binding.bindInput(INPUT_IDS, this.#tensor(this.#ids, batch, sequence));
    binding.bindInput(ATTENTION_MASK, this.#tensor(this.#mask, batch, width));
    if (this.#sizes.hasPositions) binding.bindInput(POSITION_IDS, this.#tensor(this.#positions, batch, sequence));
  }

  /** The `index`-th token of the step, counted over all rows, and its position in its sequence. */
  setToken(index: number, token: number, position: number): void {
    this.#ids.set(index, token);
    if (this.#sizes.hasPositions) this.#positions.set(index, position);
  }

  /** Length of a row's sequence with the tokens of this step. */
  setRowLength(row: number, length: number): void {
    const start = row * this.#maskWidth;
    this.#mask.values.fill(1n, start, start + length);
    this.#mask.values.fill(0n, start + length, start + this.#maskWidth);
  }

  #tensor(buffer: Int64Buffer, batch: number, columns: number): Tensor {
    // Slots are few, so this key is unique among safe integers.
    const key = columns * (this.#sizes.numSlots + 1) + batch;
    const known = buffer.tensors.get(key);
    if (known !== undefined) return known;
    const data = buffer.values.subarray(0, batch * columns);
    const tensor = new Tensor(this.#library, this.#memoryInfo, { data, shape: [batch, columns] });
    buffer.tensors.set(key, tensor);
    return tensor;
  }

  [Symbol.dispose](): void {
    for (const { tensors } of [this.#ids, this.#positions, this.#mask]) {
      for (const tensor of tensors.values()) tensor[Symbol.dispose]();
      tensors.clear();
    }
  }
}

/** Memory for int64 values, with the tensors over its beginning by shape. */
class Int64Buffer {
  readonly values: BigInt64Array;
  readonly tensors = new Map<number, Tensor>();
  /** The same memory. Non-negative 32-bit numbers are written to the low halves, which spares a BigInt for each. */
  readonly #halves: Int32Array;

  constructor(length: number) {
    this.values = new BigInt64Array(length);
    this.#halves = new Int32Array(this.values.buffer);
  }

  /** Platforms that ONNX Runtime is packaged for are little-endian: the low half comes first. */
  set(index: number, value: number): void {
    this.#halves[2 * index] = value;
  }
}
