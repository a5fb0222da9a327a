/** What a reward model is asked and what it answers: token rows in, a number each out. Structured-cloneable. */

export type ScoreRequest = {
  /** One row per (state, action) pair, at least one; each fits the model's context. */
  readonly rows: readonly Int32Array[];
  /** Point on the process's monotonic clock (see `monotonicMs`) at which the rewards are of no use any more. */
  readonly deadlineMs?: number;
};

export type ScoreResult = {
  /** Raw rewards, one per row, in the request's order. */
  readonly rewards: Float32Array;
  /** From the submission to the beginning of the batch that held the first of the rows, in milliseconds. */
  readonly queueMs: number;
};
