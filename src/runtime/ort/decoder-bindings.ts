/** Bindings of a decoder's KV and logits for ranges of slots, kept for ranges that come again. */
import { LRUCache } from 'lru-cache';
import { kvNames, LOGITS } from './decoder-signature.ts';
import type { NativeHandle } from './handles.ts';
import type { IoBinding } from './io-binding.ts';
import type { KvBuffers } from './kv-buffers.ts';
import { ResourceStack } from './resource-stack.ts';
import type { Session } from './session.ts';
import { Tensor } from './tensor.ts';

/** Most ranges that are kept. Each has a few hundred bytes per KV buffer; a range that was dropped costs microseconds to bind. */
const MAX_RANGES = 256;

export type SlotRange = { readonly first: number; readonly count: number };

type RangeBinding = { readonly binding: IoBinding; readonly resources: ResourceStack };

export type DecoderMemory = {
  readonly kv: KvBuffers;
  /** [slots, vocab] */
  readonly logits: Float32Array;
};

export class DecoderBindings implements Disposable {
  readonly #session: Session;
  readonly #memoryInfo: NativeHandle;
  readonly #memory: DecoderMemory;
  readonly #ranges = new LRUCache<number, RangeBinding>({
    max: MAX_RANGES,
    dispose: ({ resources }) => resources[Symbol.dispose](),
  });

  constructor(session: Session, memoryInfo: NativeHandle, memory: DecoderMemory) {
    this.#session = session;
    this.#memoryInfo = memoryInfo;
    this.#memory = memory;
  }

  /** The binding whose KV and logits are those of a range of slots. It stays ours, and is valid until the next call. */
  get(range: SlotRange): IoBinding {
    const key = range.first * (this.#memory.kv.numSlots + 1) + range.count;
    const known = this.#ranges.get(key);
    if (known !== undefined) return known.binding;
    const created = this.#create(range);
    this.#ranges.set(key, created);
    return created.binding;
  }

  #create({ first, count }: SlotRange): RangeBinding {
    const { kv, logits } = this.#memory;
    using resources = new ResourceStack();
    const binding = resources.use(this.#session.createBinding());
    const tensor = (data: Float32Array, shape: readonly number[]) =>
      resources.use(new Tensor(this.#session.library, this.#memoryInfo, { data, shape }));
    kvNames(kv.numBuffers / 2).forEach(({ past, present }, i) => {
      // NOTE: one tensor for both. The graph then appends in place, and no KV is ever copied.
      const rows = tensor(kv.rows(i, { first, count }), [count, kv.numKvHeads, kv.maxLength, kv.headDim]);
      binding.bindInput(past, rows);
      binding.bindOutput(present, rows);
    });
    const vocabSize = logits.length / kv.numSlots;
    const rows = logits.subarray(first * vocabSize, (first + count) * vocabSize);
    binding.bindOutput(LOGITS, tensor(rows, [count, 1, vocabSize]));
    return { binding, resources: resources.move() };
  }

  [Symbol.dispose](): void {
    this.#ranges.clear();
  }
}
