/** What a decoder runner needs of its KV, whether the graph appends to one buffer in place or gives a longer one at each run. */
import { invariant } from '../errors.ts';
import type { KvBlock } from '../kv/kv-block.ts';
import type { IoBinding } from './io-binding.ts';
import type { MemoryRegion } from './tensor-memory.ts';

export type SlotRange = { readonly first: number; readonly count: number };

export type KvRun = {
  readonly range: SlotRange;
  /** Position of the first new token; of the longest row where there are several. */
  readonly start: number;
  /** New tokens per row. */
  readonly sequence: number;
};

export interface KvStore extends Disposable {
  readonly numSlots: number;
  readonly maxLength: number;
  /** What one position takes over all layers, keys and values. */
  readonly bytesPerToken: number;
  /** Whether one run may compute several slots, with rows of different lengths. */
  readonly batches: boolean;
  /** How many positions of the slot hold KV, of whichever sequence. */
  length(slot: number): number;
  /** A binding with the KV of a run bound. It stays ours, and is valid until the next call. */
  bind(run: KvRun): IoBinding;
  /** After the run: the slot has KV of the positions before `length`, and of no later ones. */
  commit(slot: number, length: number): void;
  /** Copies KV of `numTokens` positions from `start` on into a block of its own. They must have been computed. */
  save(slot: number, start: number, numTokens: number): KvBlock;
  /** Does a little of what would hold up such a save; false if there is nothing to do. Throws as that does. */
  prepareSave(numTokens: number): boolean;
  /**
   * The reverse of {@link save}: the slot then holds KV of `start + block.numTokens` positions. There must be no gap before
   * `start`.
   */
  restore(slot: number, start: number, block: KvBlock): void;
  /** Copies KV of the first `numTokens` positions to another slot, which then holds those. */
  copy(from: number, to: number, numTokens: number): void;
}

/** Sizes of KV, as every layout of it needs them. */
export type KvSizes = {
  readonly numBuffers: number;
  readonly numKvHeads: number;
  /** Of one position in one head. */
  readonly bytesPerRow: number;
};

export function bytesPerTokenOf({ numBuffers, numKvHeads, bytesPerRow }: KvSizes): number {
  return numBuffers * numKvHeads * bytesPerRow;
}

/** KV in memory of its own, packed: [layers * 2, kv_heads, positions, head_dim]. */
export class PackedKv implements KvBlock {
  readonly region: MemoryRegion;
  readonly numTokens: number;
  readonly #sizes: KvSizes;

  /** Takes ownership of the region. */
  constructor(region: MemoryRegion, numTokens: number, sizes: KvSizes) {
    this.region = region;
    this.numTokens = numTokens;
    this.#sizes = sizes;
  }

  get numBytes(): number {
    return this.numTokens * this.bytesPerToken;
  }

  get bytesPerToken(): number {
    return bytesPerTokenOf(this.#sizes);
  }

  /** Bytes from one head to the next. */
  get stride(): number {
    return this.numTokens * this.#sizes.bytesPerRow;
  }

  /** Where a position of the first head of a buffer begins. */
  offset(buffer: number, position: number): number {
    return buffer * this.#sizes.numKvHeads * this.stride + position * this.#sizes.bytesPerRow;
  }

  [Symbol.dispose](): void {
    this.region[Symbol.dispose]();
  }
}

/** The checks that every store makes before it copies. */
export class KvRangeChecker {
  readonly #store: Pick<KvStore, 'numSlots' | 'maxLength' | 'bytesPerToken' | 'length'>;

  constructor(store: Pick<KvStore, 'numSlots' | 'maxLength' | 'bytesPerToken' | 'length'>) {
    this.#store = store;
  }

  checkSave(slot: number, start: number, numTokens: number): void {
    this.#checkRange(slot, { start, numTokens, limit: this.#checkedLength(slot) });
  }

  checkRestore(slot: number, start: number, block: KvBlock): asserts block is PackedKv {
    invariant(block instanceof PackedKv, 'a block of KV is not from a runner');
    const { bytesPerToken, maxLength } = this.#store;
    invariant(block.bytesPerToken === bytesPerToken, `a block has ${block.bytesPerToken} bytes of KV per token`);
    const length = this.#checkedLength(slot);
    this.#checkRange(slot, { start, numTokens: block.numTokens, limit: maxLength });
    invariant(start <= length, `slot ${slot} has KV of ${length} positions, none before ${start}`);
  }

  checkCopy(from: number, to: number, numTokens: number): void {
    this.checkSave(from, 0, numTokens);
    this.#checkedLength(to);
    invariant(from !== to, `slot ${from} is copied to itself`);
  }

  #checkedLength(slot: number): number {
    const { numSlots } = this.#store;
    invariant(Number.isInteger(slot) && slot >= 0 && slot < numSlots, `slot ${slot} does not exist`);
    return this.#store.length(slot);
  }

  #checkRange(slot: number, { start, numTokens, limit }: { start: number; numTokens: number; limit: number }): void {
    invariant(Number.isInteger(numTokens) && numTokens > 0, `${numTokens} positions of KV cannot be copied`);
    const isInside = Number.isInteger(start) && start >= 0 && start + numTokens <= limit;
    invariant(isInside, `positions ${start} .. ${start + numTokens} of slot ${slot} are outside 0 .. ${limit}`);
  }
}
