/**
 * Owns the inputs of a step that are not KV: token ids, attention mask, and positions if the graph wants them. Their memory and
 * the tensors over it are made once per shape and used again: a decode step makes no garbage and no native objects.
 */
import { DEFAULT_NAMES, type DecoderConfig } from '../decoder-config.ts';
import type { DecoderLayout, IntegerType } from './decoder-signature.ts';
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
  readonly config: Pick<DecoderConfig, 'maxLength' | 'names' | 'sharesKvBuffer'>;
  readonly layout: Pick<DecoderLayout, 'idType' | 'maskType' | 'positionType'>;
};

/** Shape of a step: `sequence` tokens in each of `batch` rows, of which none is longer than `length` with them. */
export type StepShape = { readonly batch: number; readonly sequence: number; readonly length: number };

export class DecoderInputs implements Disposable {
  readonly #library: OrtLibrary;
  readonly #memoryInfo: NativeHandle;
  readonly #sizes: DecoderInputSizes;
  readonly #ids: IntegerBuffer;
  readonly #mask: IntegerBuffer;
  readonly #positions: IntegerBuffer | undefined;
  #shape: StepShape = { batch: 0, sequence: 0, length: 0 };
  #maskWidth = 0;

  constructor(library: OrtLibrary, memoryInfo: NativeHandle, sizes: DecoderInputSizes) {
    const { numSlots, maxChunkTokens, config, layout } = sizes;
    this.#library = library;
    this.#memoryInfo = memoryInfo;
    this.#sizes = sizes;
    const numTokens = Math.max(numSlots, maxChunkTokens);
    this.#ids = new IntegerBuffer(layout.idType, numTokens);
    this.#mask = new IntegerBuffer(layout.maskType, numSlots * config.maxLength);
    if (layout.positionType !== undefined) this.#positions = new IntegerBuffer(layout.positionType, numTokens);
  }

  /** Begins the next step: afterwards its tokens and lengths can be written, and then bound. */
  begin(shape: StepShape): void {
    this.#shape = shape;
    const { sharesKvBuffer = true, maxLength } = this.#sizes.config;
    // A graph whose KV grows adds the mask to scores for past and new positions, so it is as wide as there are such.
    const step = sharesKvBuffer ? MASK_WIDTH_STEP : 1;
    this.#maskWidth = Math.min(Math.ceil(shape.length / step) * step, maxLength);
  }

  /** The `index`-th token of the step, counted over all rows, and its position in its sequence. */
  setToken(index: number, token: number, position: number): void {
    this.#ids.set(index, token);
    this.#positions?.set(index, position);
  }

  /** Length of a row's sequence with the tokens of this step. */
  setRowLength(row: number, length: number): void {
    const start = row * this.#maskWidth;
    this.#mask.fill(1, start, start + length);
    this.#mask.fill(0, start + length, start + this.#maskWidth);
  }

  /** NOTE: last, because a device's session copies its inputs when they are bound. */
  bind(binding: Pick<IoBinding, 'bindInput'>): void {
    const { batch, sequence } = this.#shape;
    const { names = DEFAULT_NAMES } = this.#sizes.config;
    binding.bindInput(names.inputIds, this.#tensor(this.#ids, batch, sequence));
    binding.bindInput(names.attentionMask, this.#tensor(this.#mask, batch, this.#maskWidth));
    if (this.#positions !== undefined) {
      binding.bindInput(names.positionIds, this.#tensor(this.#positions, batch, sequence));
    }
  }

  #tensor(buffer: IntegerBuffer, batch: number, columns: number): Tensor {
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
    for (const buffer of [this.#ids, this.#positions, this.#mask]) {
      for (const tensor of buffer?.tensors.values() ?? []) tensor[Symbol.dispose]();
      buffer?.tensors.clear();
    }
  }
}

/** Memory for non-negative 32-bit numbers in either width, with the tensors over its beginning by shape. */
class IntegerBuffer {
  readonly values: BigInt64Array | Int32Array;
  readonly tensors = new Map<number, Tensor>();
  /** The same memory. Numbers are written to the low halves of 64 bits, which spares a BigInt for each. */
  readonly #halves: Int32Array;
  readonly #stride: number;

  constructor(type: IntegerType, length: number) {
    this.values = type === 'int64' ? new BigInt64Array(length) : new Int32Array(length);
    this.#halves = new Int32Array(this.values.buffer);
    this.#stride = type === 'int64' ? 2 : 1;
  }

  /** Platforms that ONNX Runtime is packaged for are little-endian: the low half comes first. */
  set(index: number, value: number): void {
    this.#halves[this.#stride * index] = value;
  }

  fill(value: 0 | 1, start: number, end: number): void {
    if (this.values instanceof Int32Array) this.values.fill(value, start, end);
    else this.values.fill(BigInt(value), start, end);
  }
}
