/** Checks a whole step plan before any of it is computed: native code would write wherever a wrong slot or position points. */
import { invariant } from '../errors.ts';
import type { StepEntry, StepPlan } from '../scheduler/step-plan.ts';
import type { KvStore } from './kv-store.ts';

export class PlanChecker {
  readonly #kv: KvStore;
  readonly #vocabSize: number;
  /** Per slot, the number of the last plan that used it. */
  readonly #lastUse: Float64Array;
  #numPlans = 0;

  constructor(kv: KvStore, vocabSize: number) {
    this.#kv = kv;
    this.#vocabSize = vocabSize;
    this.#lastUse = new Float64Array(kv.numSlots);
  }

  /** Throws `InvariantError` at the first entry that cannot be computed. */
  check({ entries }: StepPlan): void {
    this.#numPlans += 1;
    for (let i = 0; i < entries.length; i++) this.#checkEntry(entries[i] as StepEntry);
  }

  #checkEntry({ sequenceId, slot, start, tokens }: StepEntry): void {
    if (!Number.isInteger(slot) || slot < 0 || slot >= this.#kv.numSlots) {
      fail(sequenceId, `uses slot ${slot} of ${this.#kv.numSlots}`);
    }
    if (this.#lastUse[slot] === this.#numPlans) fail(sequenceId, `uses slot ${slot}, which another entry uses too`);
    this.#lastUse[slot] = this.#numPlans;
    if (tokens.length === 0) fail(sequenceId, 'is planned without tokens');
    const end = start + tokens.length;
    if (!Number.isInteger(start) || start < 0 || end > this.#kv.maxLength) {
      fail(sequenceId, `computes positions ${start} .. ${end} of ${this.#kv.maxLength}`);
    }
    if (start > this.#kv.length(slot)) {
      fail(sequenceId, `starts at ${start} of slot ${slot}, whose KV ends at ${this.#kv.length(slot)}`);
    }
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      if (token < 0 || token >= this.#vocabSize) fail(sequenceId, `has token ${token} of ${this.#vocabSize}`);
    }
  }
}

function fail(sequenceId: number, problem: string): never {
  invariant(false, `sequence ${sequenceId} ${problem}`);
}
