/** A beginning of an answer that stands at a decision, or a whole answer: a node in the tree of all answers to a prompt. */
import type { GrammarMatcher } from '../../grammar/matcher.ts';
import type { ChoiceField } from '../../types.ts';

type LogProbs = Readonly<Record<ChoiceField, number>>;

type Path = {
  readonly matcher: GrammarMatcher;
  readonly tokens: Int32Array;
  readonly numDecisions: number;
  readonly logProbs: LogProbs;
  readonly logProb: number;
  /** A function is in the tokens, or a part of one. */
  readonly hasFunction: boolean;
};

const CERTAIN: LogProbs = { control: 0, function: 0, args: 0, status: 0, words: 0 };

export class AnswerNode {
  /** The answer from its first token on, with everything that the grammar forces after the last choice. */
  readonly tokens: Int32Array;
  /** Choices that led here. */
  readonly numDecisions: number;
  /** Natural log of the probability of those choices, per field and of all together. */
  readonly logProbs: LogProbs;
  readonly logProb: number;
  /** How many of the tokens the grammar forced after the last choice. */
  readonly forcedTokens: number;
  readonly #matcher: GrammarMatcher;
  readonly #hasFunction: boolean;

  private constructor({ matcher, tokens, numDecisions, logProbs, logProb, hasFunction }: Path) {
    const forced: number[] = [];
    matcher.forcedTokens(forced);
    this.#hasFunction = hasFunction;
    for (const token of forced) {
      this.#hasFunction ||= matcher.field === 'function';
      matcher.accept(token);
    }
    this.#matcher = matcher;
    this.tokens = joined(tokens, forced);
    this.forcedTokens = forced.length;
    this.numDecisions = numDecisions;
    this.logProbs = logProbs;
    this.logProb = logProb;
  }

  /** Where every answer begins. Takes over the matcher, which must be at the start. */
  static first(matcher: GrammarMatcher): AnswerNode {
    const nothing = { tokens: new Int32Array(0), numDecisions: 0, logProbs: CERTAIN, logProb: 0, hasFunction: false };
    return new AnswerNode({ matcher, ...nothing });
  }

  /** What follows when `token` is chosen here, whose natural log of probability is `logProb`. */
  follow(token: number, logProb: number): AnswerNode {
    const { field } = this.#matcher;
    const matcher = this.#matcher.clone();
    matcher.accept(token);
    return new AnswerNode({
      matcher,
      tokens: joined(this.tokens, [token]),
      numDecisions: this.numDecisions + 1,
      logProbs: { ...this.logProbs, [field]: this.logProbs[field] + logProb },
      logProb: this.logProb + logProb,
      hasFunction: this.#hasFunction || field === 'function',
    });
  }

  /** True for a whole answer, which has no decision left. */
  get isComplete(): boolean {
    return this.#matcher.isTerminated;
  }

  /** What the next decision is about. */
  get field(): ChoiceField {
    return this.#matcher.field;
  }

  /** True once control and function are chosen, and the next decision is about something else. */
  get hasChosen(): boolean {
    return this.#hasFunction && !this.isComplete && this.field !== 'function';
  }

  /** The tokens to choose from; valid until the next call. */
  allowed(): ReturnType<GrammarMatcher['allowed']> {
    return this.#matcher.allowed();
  }
}

function joined(tokens: Int32Array, more: readonly number[]): Int32Array {
  const all = new Int32Array(tokens.length + more.length);
  all.set(tokens);
  all.set(more, tokens.length);
  return all;
}
