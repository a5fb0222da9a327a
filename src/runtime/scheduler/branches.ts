/**
 * Owns the slots that sequences use beside their own: in each, another answer to the same prompt is computed. They take only
 * slots that nobody waits for, give them up as soon as somebody does, and lose nothing by that but a copy: whether and where an
 * alternative is computed changes no result. So one request never holds up another, and none waits for a slot of its own.
 */
import { invariant } from '../errors.ts';
import type { SlotPool } from '../kv/slot-pool.ts';
import { commonLength } from './common-length.ts';
import type { Sequence } from './sequence.ts';
import type { StepBudget } from './step-budget.ts';
import type { KvCopy } from './step-plan.ts';

/** A slot, and the answer tokens whose KV follows the prompt's in it. */
type Branch = { readonly slot: number; answer: Int32Array };

export class Branches {
  readonly #slots: SlotPool;
  /** Most per sequence. */
  readonly #max: number;
  /** By sequence. */
  readonly #branches = new Map<number, Branch[]>();

  constructor(slots: SlotPool, max: number) {
    this.#slots = slots;
    this.#max = max;
  }

  /** Slots in use, all of which could be given up. */
  get numSlots(): number {
    let count = 0;
    for (const branches of this.#branches.values()) count += branches.length;
    return count;
  }

  /**
   * Adds the alternatives of `sequence` to the step, the first ones first, as far as budget and free slots reach; each is
   * computed whole in this step or not at all. Returns the copies that must come before. Slots without use are given up.
   */
  plan(sequence: Sequence, budget: StepBudget): KvCopy[] {
    const copies: KvCopy[] = [];
    const idle = this.#branches.get(sequence.id) ?? [];
    const used: Branch[] = [];
    for (const answer of sequence.alternatives) {
      if (used.length === this.#max) break;
      const closest = takeClosest(idle, answer);
      const start = reusable(closest?.answer ?? sequence.computedAnswer, answer);
      if (!budget.fits(answer.length - start)) {
        if (closest !== undefined) idle.push(closest);
        break;
      }
      const slot = closest?.slot ?? this.#slots.acquire(sequence.id);
      if (slot === undefined) break;
      const position = sequence.promptTokens + start;
      if (closest === undefined) copies.push({ from: sequence.slot, to: slot, numTokens: position });
      used.push({ slot, answer });
      budget.addEntry({
        sequenceId: sequence.id,
        branch: used.length,
        slot,
        start: position,
        tokens: answer.subarray(start),
        wantsLogits: true,
      });
    }
    for (const { slot } of idle) this.#slots.release(slot, sequence.id);
    if (used.length > 0) this.#branches.set(sequence.id, used);
    else this.#branches.delete(sequence.id);
    return copies;
  }

  /** Gives up to `count` slots back to the pool, those of the newest sequences first. */
  retreat(count: number): void {
    let left = count;
    for (const [id, branches] of [...this.#branches].reverse()) {
      for (; left > 0 && branches.length > 0; left--) this.#slots.release((branches.pop() as Branch).slot, id);
      if (branches.length === 0) this.#branches.delete(id);
    }
  }

  /** Gives back all slots of a sequence that ends. */
  end(sequenceId: number): void {
    for (const { slot } of this.#branches.get(sequenceId) ?? []) this.#slots.release(slot, sequenceId);
    this.#branches.delete(sequenceId);
  }

  /** Throws unless every slot in here belongs to its sequence, which `isRunning`. */
  checkIntegrity(isRunning: (sequenceId: number) => boolean): void {
    for (const [id, branches] of this.#branches) {
      invariant(isRunning(id), `sequence ${id} has ended but not its branches`);
      invariant(branches.length <= this.#max, `sequence ${id} has ${branches.length} branches`);
      for (const { slot } of branches) {
        const owner = this.#slots.owner(slot);
        invariant(owner === id, `slot ${slot} of a branch of sequence ${id} is owned by ${owner}`);
      }
    }
  }
}

/** How much of what a slot holds an answer can build on: its last token is always computed, to have logits. */
function reusable(held: Int32Array, answer: Int32Array): number {
  return Math.min(commonLength(held, answer), answer.length - 1);
}

/** Takes out the branch that has most of `answer`. */
function takeClosest(branches: Branch[], answer: Int32Array): Branch | undefined {
  let closest = 0;
  for (let i = 1; i < branches.length; i++) {
    const [best, other] = [branches[closest], branches[i]] as [Branch, Branch];
    if (commonLength(other.answer, answer) > commonLength(best.answer, answer)) closest = i;
  }
  return branches.splice(closest, 1)[0];
}
