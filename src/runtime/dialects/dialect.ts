/** The port of dialects: state -> prompt and answer grammar, answer tokens -> action. */
import type { Grammar } from '../grammar/grammar.ts';
import type { Action, State } from '../types.ts';

/** One state, made ready for the engine. */
export type PreparedState = {
  readonly promptTokens: Int32Array;
  /** Of `promptTokens`, those that the control list takes; tells what to shorten when the prompt is too long. */
  readonly controlTokens: number;
  readonly grammar: Grammar;
  /** Reads an answer back and grounds it in the state. Throws `GatewayError` (`internal`) if it is not of the grammar. */
  parse(tokens: Int32Array): Action;
};

export type PrepareOptions = {
  /** Longest text argument that the model may write, in UTF-8 bytes. */
  readonly maxTextBytes: number;
};

export interface Dialect {
  readonly name: string;
  prepare(state: State, options: PrepareOptions): PreparedState;
}
