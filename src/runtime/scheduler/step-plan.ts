/** The seam between scheduler, runner and engine: one step's work, and what came of it. Data only. */

/**
 * Compute `tokens` for the sequence that owns `slot`, at positions `start .. start + tokens.length`.
 * KV of positions before `start` is in the slot already.
 */
export type StepEntry = {
  readonly sequenceId: number;
  readonly slot: number;
  readonly start: number;
  readonly tokens: Int32Array;
  /** True when this entry reaches the end of what the sequence knows, so that a token can be chosen after it. */
  readonly wantsLogits: boolean;
};

/** At most one entry per sequence. Entries of one token are decoded in one batch; longer ones run alone as chunks. */
export type StepPlan = {
  readonly entries: readonly StepEntry[];
  /** Sum of the entries' token counts. */
  readonly numTokens: number;
};

/**
 * `logits[i]` belongs to `plan.entries[i]`: the row [vocab] after its last token, or undefined if it wanted none.
 * Rows are views that stay valid until the next run only.
 */
export type StepOutput = { readonly logits: readonly (Float32Array | undefined)[] };
