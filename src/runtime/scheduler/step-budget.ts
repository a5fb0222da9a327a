/** Owns one scheduling pass: what may still go into the step, and what is in it. */
import type { Sequence } from './sequence.ts';
import type { StepEntry, StepPlan } from './step-plan.ts';

export type StepLimits = {
  /** Most tokens a step may compute, over all sequences. */
  readonly maxStepTokens: number;
  /** Most tokens of one sequence in a step. Bounds how long a prompt holds up the answers under way. */
  readonly maxChunkTokens: number;
};

export class StepBudget {
  readonly #maxChunkTokens: number;
  readonly #entries: StepEntry[] = [];
  #numTokens = 0;
  #left: number;

  constructor(limits: StepLimits) {
    this.#left = limits.maxStepTokens;
    this.#maxChunkTokens = limits.maxChunkTokens;
  }

  /** True when nothing more fits. */
  get isSpent(): boolean {
    return this.#left === 0;
  }

  /**
   * Lets the computed tokens of `sequence` catch up with the wanted ones as far as the budget goes. That may be not at
   * all, when earlier entries have spent it; the sequence is then served by a later step, because those before it end.
   */
  add(sequence: Sequence): void {
    const numTokens = Math.min(sequence.remaining, this.#left, this.#maxChunkTokens);
    if (numTokens === 0) return;
    this.#entries.push(sequence.entry(numTokens));
    this.#numTokens += numTokens;
    this.#left -= numTokens;
  }

  plan(): StepPlan {
    return { entries: this.#entries, numTokens: this.#numTokens };
  }
}
