/** The running state of one answer against its grammar: what may come next, what must, and taking a token. */
import { InvariantError, invariant } from '../errors.ts';
import type { ChoiceField } from '../types.ts';
import { type AllowedTokens, DecisionTokens } from './decision-tokens.ts';
import type { Grammar, NodeIndex } from './grammar.ts';
import { Position } from './position.ts';
import type { Vocabulary } from './vocabulary.ts';
import { GrammarWalker } from './walker.ts';

/** Expects a grammar that `validateGrammar` accepted for this vocabulary. */
export class GrammarMatcher {
  readonly #vocabulary: Vocabulary;
  readonly #grammar: Grammar;
  readonly #position = new Position();
  readonly #lookahead = new Position();
  readonly #allowed = new DecisionTokens();
  /** Shared by clones. */
  #walker: GrammarWalker;

  constructor(vocabulary: Vocabulary, grammar: Grammar) {
    this.#vocabulary = vocabulary;
    this.#grammar = grammar;
    this.#walker = new GrammarWalker(vocabulary, grammar);
    this.#walker.enter(this.#position, grammar.start);
  }

  get isTerminated(): boolean {
    return this.#walker.node(this.#position.node).type === 'end';
  }

  /** The node that the next token belongs to (a text or number node, where that token may also end it). */
  get nodeIndex(): NodeIndex {
    return this.#position.node;
  }

  /** What the current decision is about. Throws `InvariantError` once terminated. */
  get field(): ChoiceField {
    const node = this.#walker.node(this.#position.node);
    invariant(node.type !== 'end', 'a terminated matcher has no decision');
    return node.field;
  }

  /** Every token that may come next; none once terminated. Valid until the next call on this matcher. */
  allowed(): AllowedTokens {
    this.#walker.collect(this.#position, this.#allowed);
    return this.#allowed;
  }

  /**
   * Appends to `out` the longest continuation that is the only one possible, without taking it, and returns its
   * length: 0 at a decision, where several tokens may come next, and once terminated.
   */
  forcedTokens(out: number[]): number {
    const position = this.#lookahead;
    position.copyFrom(this.#position);
    let count = 0;
    for (;;) {
      const token = this.#walker.soleToken(position);
      if (token < 0) return count;
      this.#walker.advance(position, token);
      out.push(token);
      count += 1;
    }
  }

  /** Takes `token`. Throws `InvariantError`, and stays where it was, when the grammar does not allow it. */
  accept(token: number): void {
    if (this.#walker.advance(this.#position, token)) return;
    throw new InvariantError(`token ${token} is not allowed at node ${this.#position.node} of the grammar`);
  }

  /** An independent matcher at the same position, for another answer from here on. */
  clone(): GrammarMatcher {
    const copy = new GrammarMatcher(this.#vocabulary, this.#grammar);
    copy.#walker = this.#walker;
    copy.#position.copyFrom(this.#position);
    return copy;
  }
}
