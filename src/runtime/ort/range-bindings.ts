/** Owns the bindings of one session to shared KV buffers: per range of slots one, with that part of every buffer as past and present. */
import { LRUCache } from 'lru-cache';
import { type DecoderConfig, kvNames } from '../decoder-config.ts';
import { invariant } from '../errors.ts';
import type { IoBinding } from './io-binding.ts';
import type { SlotRange } from './kv-store.ts';
import { ResourceStack } from './resource-stack.ts';
import type { Session } from './session.ts';
import type { ElementType } from './tensor.ts';
import type { MemoryRegion, TensorMemory } from './tensor-memory.ts';

/** Most ranges that are kept. Each has a few hundred bytes per KV buffer; a range that was dropped costs microseconds to bind. */
const MAX_RANGES = 256;

/** The buffers that a session is bound to: `[slots, kv_heads, max_length, head_dim]` each. */
export type KvBuffers = {
  readonly memory: TensorMemory;
  readonly config: DecoderConfig;
  readonly type: ElementType;
  readonly numSlots: number;
  /** Key and value of layer 0, of layer 1, ... */
  readonly regions: readonly MemoryRegion[];
  /** From one slot to the next, in every region. */
  readonly bytesPerSlot: number;
};

type RangeBinding = {
  readonly binding: IoBinding;
  /** Before each further run: a device that has the past in the host's memory copies it when it is bound. Otherwise free. */
  readonly rebind: () => void;
  readonly resources: ResourceStack;
};

export class RangeBindings implements Disposable {
  readonly #session: Pick<Session, 'createBinding'>;
  readonly #buffers: KvBuffers;
  readonly #ranges = new LRUCache<number, RangeBinding>({
    max: MAX_RANGES,
    dispose: ({ resources }) => resources[Symbol.dispose](),
  });

  constructor(session: Pick<Session, 'createBinding'>, buffers: KvBuffers) {
    this.#session = session;
    this.#buffers = buffers;
  }

  /** The binding of a range; it stays ours, and is valid until the next call. */
  get(range: SlotRange): IoBinding {
    const key = range.first * (this.#buffers.numSlots + 1) + range.count;
    const known = this.#ranges.get(key);
    if (known !== undefined) {
      known.rebind();
      return known.binding;
    }
    const created = this.#bindRange(range);
    this.#ranges.set(key, created);
    return created.binding;
  }

  #bindRange({ first, count }: SlotRange): RangeBinding {
    const { memory, config, type, regions, bytesPerSlot } = this.#buffers;
    using resources = new ResourceStack();
    const binding = resources.use(this.#session.createBinding());
    const shape = [count, config.numKvHeads, config.maxLength, config.headDim];
    const pasts = kvNames(config).map(({ past, present }, i) => {
      const buffer = regions[i];
      invariant(buffer !== undefined, `KV buffer ${i} does not exist`);
      // A range of slots is a part of the buffer, because slots are the outermost axis.
      const rows = resources.use(memory.tensor(buffer, { start: first * bytesPerSlot, type, shape }));
      // NOTE: one tensor for both. The graph then appends in place, and no KV is ever copied.
      binding.bindOutput(present, rows);
      return { past, rows };
    });
    const rebind = () => {
      for (const { past, rows } of pasts) binding.bindInput(past, rows);
    };
    rebind();
    return { binding, rebind, resources: resources.move() };
  }

  [Symbol.dispose](): void {
    this.#ranges.clear();
  }
}
