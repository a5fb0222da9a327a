/** The port of a way to find the answer, or several: rows of logits in, what to compute next out. Knows no slots. */
import type { EntryResult } from '../scheduler/scheduler.ts';
import type { AnswerCandidate } from './generate.ts';

/** What a request finally gets; the counts are of the first candidate's tokens. */
export type Answered = {
  readonly candidates: readonly AnswerCandidate[];
  readonly generatedTokens: number;
  readonly forcedTokens: number;
};

export interface Answering {
  /** Before the first decision: what the grammar forces from the start. */
  readonly tokens: Int32Array;
  /** True once nothing more is to be computed; from the start, if the grammar has only one answer. */
  readonly isComplete: boolean;
  /**
   * Takes a row of logits [vocab] after the sequence's own answer (`branch` 0) or after its alternative number `branch`.
   * Returns how many tokens the grammar forced with it. Throws `GatewayError` (`backend_failed`) if the row is not made of
   * numbers.
   */
  take(logits: Float32Array, branch: number): number;
  /** The answer up to where control and function are chosen: once, after the decision that chose them, if it is to be told. */
  takeChoice(): Int32Array | undefined;
  /** What to compute next, once all rows of a step were taken and it is not complete. */
  next(): EntryResult;
  /** Of a complete one. */
  answered(): Answered;
}
