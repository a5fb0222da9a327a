/** The seam between scheduler, runner and engine: one step's work, and what came of it. Data only. */
import type { PrefixMatch } from '../kv/prefix-store.ts';

/**
 * Compute `tokens` for the sequence that owns `slot`, at positions `start .. start + tokens.length`.
 * KV of positions before `start` is in the slot already.
 */
export type StepEntry = {
  readonly sequenceId: number;
  /** Counts the slots, from 1, in which the sequence computes other answers beside its own; absent for its own. */
  readonly branch?: number;
  readonly slot: number;
  readonly start: number;
  readonly tokens: Int32Array;
  /**
   * Of `tokens`, the leading ones that belong to the prompt, without its very last token. A runner may compute these in
   * another way than answers, so long as a block of them comes out the same whatever else runs. Default 0.
   */
  readonly prefillTokens?: number;
  /** True when this entry reaches the end of what the sequence knows, so that a token can be chosen after it. */
  readonly wantsLogits: boolean;
};

/** At most one entry per slot. Entries of one token are decoded in one batch; longer ones run alone as chunks. */
export type StepPlan = {
  readonly entries: readonly StepEntry[];
  /** Sum of the entries' token counts. */
  readonly numTokens: number;
};

/** KV to be put into the first positions of `slot`. Whoever has the plan disposes of the match, once. */
export type KvRestore = { readonly slot: number; readonly match: PrefixMatch };

/** KV of the first `numTokens` positions, to be copied from one slot into another. */
export type KvCopy = { readonly from: number; readonly to: number; readonly numTokens: number };

/** KV that a slot still holds, of these tokens from position 0 on, and that other requests may want. */
export type KvSave = { readonly slot: number; readonly tokens: Int32Array };

/** What the scheduler wants of the engine: first the KV is put where the plan expects it, then the plan is run. */
export type ScheduledStep = StepPlan & {
  readonly restores: readonly KvRestore[];
  readonly copies: readonly KvCopy[];
};

/**
 * `logits[i]` belongs to `plan.entries[i]`: the row [vocab] after its last token, or undefined if it wanted none.
 * Rows are views that stay valid until the next run only.
 */
export type StepOutput = { readonly logits: readonly (Float32Array | undefined)[] };
