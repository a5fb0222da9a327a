/**
 * KV of graphs that give a longer one at each run: a slot's KV is memory of exactly its length, the run's output is memory for some
 * positions more, and takes its place. Slower than {@link SharedKv}, since the graph copies the whole past at each run, and rows
 * of a batch would have to be of one length; so each row is a run of its own.
 */

import { kvNames } from '../decoder-config.ts';
import { invariant } from '../errors.ts';
import type { KvBlock } from '../kv/kv-block.ts';
import type { IoBinding } from './io-binding.ts';
import { bytesPerTokenOf, KvRangeChecker, type KvRun, type KvSizes, type KvStore, PackedKv } from './kv-store.ts';
import { ResourceStack } from './resource-stack.ts';
import type { KvStoreOptions } from './shared-kv.ts';
import { ELEMENT_BYTES, type Tensor } from './tensor.ts';
import type { MemoryRegion } from './tensor-memory.ts';

/** Positions by which a slot's memory grows. */
const CAPACITY_STEP = 64;

export class GrowingKv implements KvStore {
  readonly numSlots: number;
  readonly maxLength: number;
  readonly bytesPerToken: number;
  readonly batches = false;
  readonly #options: KvStoreOptions;
  readonly #sizes: KvSizes;
  /** Per slot, its KV; undefined while it has none. */
  readonly #slots: (PackedKv | undefined)[];
  readonly #checker: KvRangeChecker;
  /** Of the run under way: its tensors, and what it writes. */
  #run: ResourceStack | undefined;
  #written: PackedKv | undefined;
  /** What the empty past of a new sequence lies in. */
  #empty: MemoryRegion | undefined;

  constructor(options: KvStoreOptions) {
    const { config, numSlots, layout } = options;
    this.numSlots = numSlots;
    this.maxLength = config.maxLength;
    this.#options = options;
    const bytesPerRow = config.headDim * ELEMENT_BYTES[layout.kvType];
    this.#sizes = { numBuffers: 2 * config.numLayers, numKvHeads: config.numKvHeads, bytesPerRow };
    this.bytesPerToken = bytesPerTokenOf(this.#sizes);
    this.#slots = Array.from({ length: numSlots }, () => undefined);
    this.#checker = new KvRangeChecker(this);
  }

  length(slot: number): number {
    return this.#slots[slot]?.numTokens ?? 0;
  }

  bind({ range, start, sequence }: KvRun): IoBinding {
    invariant(range.count === 1, 'growing KV is computed row by row');
    this.#endRun();
    this.#written?.[Symbol.dispose]();
    // A slot that is started anew, or goes on before its end.
    if (start < this.length(range.first)) this.#truncate(range.first, start);
    this.#written = this.#allocateForSlot(start + sequence);
    using resources = new ResourceStack();
    const binding = resources.use(this.#options.session.createBinding());
    const past = this.#slots[range.first];
    for (const [i, names] of kvNames(this.#options.config).entries()) {
      binding.bindInput(names.past, resources.use(this.#tensor(past, i)));
      binding.bindOutput(names.present, resources.use(this.#tensor(this.#written, i)));
    }
    this.#run = resources.move();
    return binding;
  }

  commit(slot: number, length: number): void {
    invariant(this.#written?.numTokens === length, `a run of another length than ${length} is committed`);
    this.#endRun();
    this.#replace(slot, this.#written);
    this.#written = undefined;
  }

  save(slot: number, start: number, numTokens: number): KvBlock {
    this.#checker.checkSave(slot, start, numTokens);
    const block = this.#allocate(numTokens);
    this.#copy({ source: this.#slots[slot], from: start, target: block, to: 0, numTokens });
    return block;
  }

  prepareSave(numTokens: number): boolean {
    return this.#options.memory.prepare(numTokens * this.bytesPerToken);
  }

  restore(slot: number, start: number, block: KvBlock): void {
    this.#checker.checkRestore(slot, start, block);
    const { numTokens } = block;
    const longer = this.#allocateForSlot(start + numTokens);
    if (start > 0) this.#copy({ source: this.#slots[slot], from: 0, target: longer, to: 0, numTokens: start });
    this.#copy({ source: block, from: 0, target: longer, to: start, numTokens });
    this.#replace(slot, longer);
  }

  copy(from: number, to: number, numTokens: number): void {
    this.#checker.checkCopy(from, to, numTokens);
    const copy = this.#allocateForSlot(numTokens);
    this.#copy({ source: this.#slots[from], from: 0, target: copy, to: 0, numTokens });
    this.#replace(to, copy);
  }

  #truncate(slot: number, numTokens: number): void {
    if (numTokens === 0) {
      this.#replace(slot, undefined);
      return;
    }
    const shorter = this.#allocateForSlot(numTokens);
    this.#copy({ source: this.#slots[slot], from: 0, target: shorter, to: 0, numTokens });
    this.#replace(slot, shorter);
  }

  #replace(slot: number, kv: PackedKv | undefined): void {
    this.#slots[slot]?.[Symbol.dispose]();
    this.#slots[slot] = kv;
  }

  #allocate(numTokens: number, capacity = numTokens): PackedKv {
    return new PackedKv(this.#options.memory.allocate(capacity * this.bytesPerToken), numTokens, this.#sizes);
  }

  /** With memory of a few sizes only, because such is used again. */
  #allocateForSlot(numTokens: number): PackedKv {
    return this.#allocate(numTokens, Math.ceil(numTokens / CAPACITY_STEP) * CAPACITY_STEP);
  }

  #copy(part: { source: PackedKv | undefined; from: number; target: PackedKv; to: number; numTokens: number }): void {
    const { source, from, target, to, numTokens } = part;
    invariant(source !== undefined, 'a slot without KV is copied');
    this.#options.memory.copy(
      Array.from({ length: this.#sizes.numBuffers }, (_, i) => ({
        source: source.region,
        sourceStart: source.offset(i, from),
        sourceStride: source.stride,
        target: target.region,
        targetStart: target.offset(i, to),
        targetStride: target.stride,
        numRuns: this.#sizes.numKvHeads,
        runBytes: numTokens * this.#sizes.bytesPerRow,
      })),
    );
  }

  /** One buffer of packed KV; an empty tensor for a slot that has none. */
  #tensor(kv: PackedKv | undefined, buffer: number): Tensor {
    const { memory, config, layout } = this.#options;
    const shape = [1, config.numKvHeads, kv?.numTokens ?? 0, config.headDim];
    if (kv !== undefined) return memory.tensor(kv.region, { start: kv.offset(buffer, 0), type: layout.kvType, shape });
    this.#empty ??= memory.allocate(ELEMENT_BYTES[layout.kvType]);
    return memory.tensor(this.#empty, { start: 0, type: layout.kvType, shape });
  }

  #endRun(): void {
    this.#run?.[Symbol.dispose]();
    this.#run = undefined;
  }

  [Symbol.dispose](): void {
    this.#endRun();
    this.#written?.[Symbol.dispose]();
    this.#written = undefined;
    for (let slot = 0; slot < this.numSlots; slot++) this.#replace(slot, undefined);
    this.#empty?.[Symbol.dispose]();
  }
}
