/**
 * KV of graphs that append in place: per layer one buffer for keys and one for values, `[slots, kv_heads, max_length, head_dim]`,
 * allocated once and bound as past and as present. Knows how much of each slot was computed, and nothing of whose it is.
 */
import type { DecoderConfig } from '../decoder-config.ts';
import type { KvBlock } from '../kv/kv-block.ts';
import type { DecoderLayout } from './decoder-signature.ts';
import type { IoBinding } from './io-binding.ts';
import { bytesPerTokenOf, KvRangeChecker, type KvRun, type KvSizes, type KvStore, PackedKv } from './kv-store.ts';
import { RangeBindings } from './range-bindings.ts';
import type { Session } from './session.ts';
import { ELEMENT_BYTES, type ElementType } from './tensor.ts';
import type { MemoryRegion, TensorMemory } from './tensor-memory.ts';

export type KvStoreOptions = {
  readonly session: Pick<Session, 'createBinding'>;
  readonly memory: TensorMemory;
  readonly config: DecoderConfig;
  readonly layout: Pick<DecoderLayout, 'kvType'>;
  readonly numSlots: number;
};

export class SharedKv implements KvStore {
  readonly numSlots: number;
  readonly maxLength: number;
  readonly bytesPerToken: number;
  readonly batches = true;
  readonly #options: KvStoreOptions;
  readonly #sizes: KvSizes;
  readonly #type: ElementType;
  /** Key and value of layer 0, of layer 1, ... */
  readonly #buffers: readonly MemoryRegion[];
  readonly #bindings: RangeBindings;
  /** Per slot, how many positions hold KV. */
  readonly #lengths: Int32Array;
  readonly #checker: KvRangeChecker;

  constructor(options: KvStoreOptions) {
    const { config, numSlots, memory, layout } = options;
    const { numLayers, numKvHeads, headDim, maxLength } = config;
    this.numSlots = numSlots;
    this.maxLength = maxLength;
    this.#options = options;
    this.#type = layout.kvType;
    this.#sizes = { numBuffers: 2 * numLayers, numKvHeads, bytesPerRow: headDim * ELEMENT_BYTES[layout.kvType] };
    this.bytesPerToken = bytesPerTokenOf(this.#sizes);
    this.#lengths = new Int32Array(numSlots);
    this.#checker = new KvRangeChecker(this);
    this.#buffers = memory.allocateZeroed(numSlots * numKvHeads * this.#stride, this.#sizes.numBuffers);
    this.#bindings = this.bindingsFor(options.session);
  }

  length(slot: number): number {
    return this.#lengths[slot] as number;
  }

  commit(slot: number, length: number): void {
    this.#lengths[slot] = length;
  }

  bind({ range }: KvRun): IoBinding {
    return this.#bindings.get(range);
  }

  save(slot: number, start: number, numTokens: number): KvBlock {
    this.#checker.checkSave(slot, start, numTokens);
    const { memory } = this.#options;
    const block = new PackedKv(memory.allocate(numTokens * this.bytesPerToken), numTokens, this.#sizes);
    memory.copy(
      this.#buffers.map((buffer, i) => ({
        source: buffer,
        sourceStart: this.#offset(slot, start),
        sourceStride: this.#stride,
        target: block.region,
        targetStart: block.offset(i, 0),
        targetStride: block.stride,
        numRuns: this.#sizes.numKvHeads,
        runBytes: block.stride,
      })),
    );
    return block;
  }

  prepareSave(numTokens: number): boolean {
    return this.#options.memory.prepare(numTokens * this.bytesPerToken);
  }

  restore(slot: number, start: number, block: KvBlock): void {
    this.#checker.checkRestore(slot, start, block);
    this.#options.memory.copy(
      this.#buffers.map((buffer, i) => ({
        source: block.region,
        sourceStart: block.offset(i, 0),
        sourceStride: block.stride,
        target: buffer,
        targetStart: this.#offset(slot, start),
        targetStride: this.#stride,
        numRuns: this.#sizes.numKvHeads,
        runBytes: block.stride,
      })),
    );
    this.commit(slot, start + block.numTokens);
  }

  copy(from: number, to: number, numTokens: number): void {
    this.#checker.checkCopy(from, to, numTokens);
    this.#options.memory.copy(
      this.#buffers.map((buffer) => ({
        source: buffer,
        sourceStart: this.#offset(from, 0),
        sourceStride: this.#stride,
        target: buffer,
        targetStart: this.#offset(to, 0),
        targetStride: this.#stride,
        numRuns: this.#sizes.numKvHeads,
        runBytes: numTokens * this.#sizes.bytesPerRow,
      })),
    );
    this.commit(to, numTokens);
  }

  /** Bytes from one head to the next. */
  get #stride(): number {
    return this.maxLength * this.#sizes.bytesPerRow;
  }

  /** Where a position of a slot's first head begins, in every buffer. */
  #offset(slot: number, position: number): number {
    return slot * this.#sizes.numKvHeads * this.#stride + position * this.#sizes.bytesPerRow;
  }

  /** Bindings of another session to the same buffers, for a graph that computes KV in another way. */
  bindingsFor(session: Pick<Session, 'createBinding'>): RangeBindings {
    const { memory, config } = this.#options;
    const { numSlots } = this;
    const bytesPerSlot = this.#sizes.numKvHeads * this.#stride;
    return new RangeBindings(session, {
      memory,
      config,
      numSlots,
      type: this.#type,
      regions: this.#buffers,
      bytesPerSlot,
    });
  }

  [Symbol.dispose](): void {
    this.#bindings[Symbol.dispose]();
    for (const buffer of this.#buffers) buffer[Symbol.dispose]();
  }
}
