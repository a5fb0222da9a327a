/**
 * Owns the logits of a step: what a run writes, and per slot the row after its last token. They are in the host's memory wherever
 * the model is, since tokens are chosen there.
 *
 * A graph that gives float32 for the last token only writes to the rows themselves. For any other, a run writes to memory that
 * all runs share, and the last rows are copied from there.
 */
import { LRUCache } from 'lru-cache';
import { DEFAULT_NAMES, type DecoderConfig } from '../decoder-config.ts';
import type { DecoderLayout } from './decoder-signature.ts';
import { readHalves } from './half-float.ts';
import type { NativeHandle } from './handles.ts';
import type { IoBinding } from './io-binding.ts';
import type { SlotRange } from './kv-store.ts';
import type { OrtLibrary } from './library.ts';
import { Tensor } from './tensor.ts';

/** Most tensors that are kept; one that was dropped costs a microsecond to make. */
const MAX_TENSORS = 256;

export type DecoderLogitsOptions = {
  readonly config: DecoderConfig;
  readonly layout: Pick<DecoderLayout, 'logitsType' | 'logitsOf'>;
  readonly numSlots: number;
  readonly maxChunkTokens: number;
};

type LogitsRun = { readonly range: SlotRange; readonly sequence: number };

export class DecoderLogits implements Disposable {
  /** Per slot [vocab]. */
  readonly rows: readonly Float32Array[];
  readonly #library: OrtLibrary;
  readonly #memoryInfo: NativeHandle;
  readonly #options: DecoderLogitsOptions;
  /** [slots, vocab], or [tokens of a run, vocab]. */
  readonly #written: Float32Array | Uint16Array;
  readonly #isDirect: boolean;
  readonly #tensors = new LRUCache<number, Tensor>({
    max: MAX_TENSORS,
    dispose: (tensor) => tensor[Symbol.dispose](),
  });

  constructor(library: OrtLibrary, memoryInfo: NativeHandle, options: DecoderLogitsOptions) {
    const { config, layout, numSlots, maxChunkTokens } = options;
    const { vocabSize } = config;
    this.#library = library;
    this.#memoryInfo = memoryInfo;
    this.#options = options;
    const rows = new Float32Array(numSlots * vocabSize);
    this.rows = Array.from({ length: numSlots }, (_, slot) => rows.subarray(slot * vocabSize, (slot + 1) * vocabSize));
    this.#isDirect = layout.logitsType === 'float32' && layout.logitsOf === 'last';
    const numWritten = (layout.logitsOf === 'last' ? numSlots : Math.max(numSlots, maxChunkTokens)) * vocabSize;
    if (this.#isDirect) this.#written = rows;
    else this.#written = layout.logitsType === 'float16' ? new Uint16Array(numWritten) : new Float32Array(numWritten);
  }

  bind(binding: IoBinding, { range, sequence }: LogitsRun): void {
    const positions = this.#options.layout.logitsOf === 'last' ? 1 : sequence;
    const first = this.#isDirect ? range.first : 0;
    // Both factors are few thousands at most, so the key is unique among safe integers.
    const { numSlots, maxChunkTokens } = this.#options;
    const key = (first * (numSlots + 1) + range.count) * (maxChunkTokens + numSlots) + positions;
    let tensor = this.#tensors.get(key);
    if (tensor === undefined) {
      tensor = this.#createTensor(first, [range.count, positions, this.#options.config.vocabSize]);
      this.#tensors.set(key, tensor);
    }
    binding.bindOutput((this.#options.config.names ?? DEFAULT_NAMES).logits, tensor);
  }

  /** After the run, and before the next one: its last rows become those of their slots. */
  collect({ range, sequence }: LogitsRun): void {
    if (this.#isDirect) return;
    const { layout, config } = this.#options;
    const positions = layout.logitsOf === 'last' ? 1 : sequence;
    for (let row = 0; row < range.count; row++) {
      const at = ((row + 1) * positions - 1) * config.vocabSize;
      const target = this.rows[range.first + row] as Float32Array;
      const { vocabSize } = config;
      if (this.#written instanceof Uint16Array) readHalves(this.#written.subarray(at, at + vocabSize), target);
      else target.set(this.#written.subarray(at, at + vocabSize));
    }
  }

  #createTensor(first: number, shape: readonly number[]): Tensor {
    const start = first * this.#options.config.vocabSize;
    const length = shape.reduce((product, size) => product * size, 1);
    const data = this.#written.subarray(start, start + length);
    return new Tensor(this.#library, this.#memoryInfo, { data, shape, type: this.#options.layout.logitsType });
  }

  [Symbol.dispose](): void {
    this.#tensors.clear();
  }
}
