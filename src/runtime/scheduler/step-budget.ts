/** Owns one scheduling pass: what may still go into the step, and what is in it. */
import type { Sequence } from './sequence.ts';
import type { StepEntry, StepPlan } from './step-plan.ts';

export type StepLimits = {
  /** Most tokens a step may compute, over all sequences. */
  readonly maxStepTokens: number;
  /** Most tokens of one sequence in a step. Bounds how long a prompt holds up the answers under way. */
  readonly maxChunkTokens: number;
  /**
   * Where a prompt is cut into chunks, it is cut at multiples of this position, so that its blocks are computed the same
   * whatever else is in a step. Default 1. At most `maxChunkTokens`, and a step has room for as much beside the decodes.
   */
  readonly chunkAlignment?: number;
};

export class StepBudget {
  readonly #maxChunkTokens: number;
  readonly #alignment: number;
  readonly #entries: StepEntry[] = [];
  #numTokens = 0;
  #left: number;

  constructor(limits: StepLimits) {
    this.#left = limits.maxStepTokens;
    this.#maxChunkTokens = limits.maxChunkTokens;
    this.#alignment = limits.chunkAlignment ?? 1;
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
    const most = Math.min(sequence.remaining, this.#left, this.#maxChunkTokens);
    const numTokens = this.#align(sequence, most);
    if (numTokens > 0) this.addEntry(sequence.entry(numTokens));
  }

  /** The largest count up to `most` that cuts no block of the prompt in two; it may be 0. */
  #align({ computed, promptTokens, length }: Sequence, most: number): number {
    const end = computed + most;
    if (end >= Math.min(promptTokens, length)) return most;
    return Math.max(0, Math.floor(end / this.#alignment) * this.#alignment - computed);
  }

  /** True if that many tokens of one slot fit into the step. */
  fits(numTokens: number): boolean {
    return numTokens <= Math.min(this.#left, this.#maxChunkTokens);
  }

  /** Adds an entry, which fits. */
  addEntry(entry: StepEntry): void {
    this.#entries.push(entry);
    this.#numTokens += entry.tokens.length;
    this.#left -= entry.tokens.length;
  }

  /** True if the step computes everything that `sequence` knows, so that it is at a decision afterwards. */
  completes(sequence: Sequence): boolean {
    return this.#entries.some(({ sequenceId, wantsLogits }) => sequenceId === sequence.id && wantsLogits);
  }

  plan(): StepPlan {
    return { entries: this.#entries, numTokens: this.#numTokens };
  }
}
