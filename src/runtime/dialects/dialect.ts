/** The ports of dialects: what a model is shown, the grammar of what it may answer, and the way back. */
import { monotonicMs } from '../clock.ts';
import type { Grammar } from '../grammar/grammar.ts';
import type { Choice } from '../runtime.ts';
import type { Action, State } from '../types.ts';

/** One state, made ready for the engine. */
export type PreparedState = {
  readonly promptTokens: Int32Array;
  /** Of `promptTokens`, those that the control list takes; tells what to shorten when the prompt is too long. */
  readonly controlTokens: number;
  /** Built when it is first asked for. */
  readonly grammar: Grammar;
  /**
   * Whether an answer begins with a decision: then the grammar may come after the prompt. What is forced from the start is best
   * computed with the prompt.
   */
  readonly beginsWithDecision: boolean;
  /** What building the grammar took; undefined before. */
  readonly grammarMs?: number | undefined;
  /** Reads an answer back and grounds it in the state. Throws `GatewayError` (`internal`) if it is not of the grammar. */
  parse(tokens: Int32Array): Action;
  /**
   * What the beginning of an answer says of control and function, grounded; undefined while it does not say both. Throws as
   * {@link parse} does.
   */
  parseChoice(tokens: Int32Array): Choice | undefined;
};

/** A state whose grammar is built when it is first asked for. */
export function preparedState(
  parts: Omit<PreparedState, 'grammar' | 'grammarMs'>,
  buildGrammar: () => Grammar,
): PreparedState {
  let grammar: Grammar | undefined;
  let grammarMs: number | undefined;
  return {
    ...parts,
    get grammar() {
      if (grammar !== undefined) return grammar;
      const startMs = monotonicMs();
      grammar = buildGrammar();
      grammarMs = monotonicMs() - startMs;
      return grammar;
    },
    get grammarMs() {
      return grammarMs;
    },
  };
}

export type PrepareOptions = {
  /** Longest text argument that the model may write, in UTF-8 bytes. */
  readonly maxTextBytes: number;
  /** Asks for the thought behind the action. Default false; a dialect without thoughts leaves it empty. */
  readonly thought?: boolean;
  /** Asks for the steps that are left after the action. Default false; a dialect without plans leaves them empty. */
  readonly plan?: boolean;
};

export interface Dialect {
  readonly name: string;
  prepare(state: State, options: PrepareOptions): PreparedState;
}

/** One task, made ready for the engine. */
export type PreparedPlan = {
  readonly promptTokens: Int32Array;
  readonly grammar: Grammar;
  /** Reads an answer back into steps. Throws `GatewayError` (`internal`) if it is not of the grammar. */
  parse(tokens: Int32Array): readonly string[];
};
