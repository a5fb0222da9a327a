/** The two kinds of node that the model fills by itself, text and number, as the walker uses them. */
import type { ByteAutomaton } from './byte-automaton.ts';
import type { DecisionTokens } from './decision-tokens.ts';
import type { NumberNode, TextNode } from './grammar.ts';
import { NumberAutomaton } from './number-automaton.ts';
import { TextAutomaton } from './text-automaton.ts';
import type { TextMasks } from './text-masks.ts';
import { TokenList } from './token-list.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What {@link Span.soleToken} answers when no token can follow within it, and when several can. */
export const NONE = -1;
export const SEVERAL = -2;

/** Knows the tokens that lie within it; those that end it are the walker's matter. */
export interface Span {
  readonly automaton: ByteAutomaton;
  /** Says which tokens can follow within the span. */
  collect(state: number, out: DecisionTokens): void;
  /** The only token that can follow, {@link NONE} or {@link SEVERAL}. */
  soleToken(state: number): number;
}

export class TextSpan implements Span {
  readonly automaton: TextAutomaton;
  readonly #masks: TextMasks;

  constructor(vocabulary: Vocabulary, node: TextNode) {
    this.#masks = vocabulary.textMasks[node.notation ?? 'plain'];
    this.automaton = new TextAutomaton(node);
  }

  collect(state: number, out: DecisionTokens): void {
    this.#masks.share(this.automaton.characterState(state), this.automaton.bytesLeft(state), out);
  }

  /** A text that is not full leaves at least 4 bytes to choose from, and each is a token: see `spellsText`. */
  soleToken(state: number): number {
    return this.automaton.bytesLeft(state) === 0 ? NONE : SEVERAL;
  }
}

export class NumberSpan implements Span {
  readonly automaton: NumberAutomaton;
  readonly #vocabulary: Vocabulary;
  readonly #scratch = new TokenList();

  constructor(vocabulary: Vocabulary, node: NumberNode) {
    this.#vocabulary = vocabulary;
    this.automaton = new NumberAutomaton(node);
  }

  collect(state: number, out: DecisionTokens): void {
    this.#vocabulary.numberTrie.collect({ automaton: this.automaton, state }, out.list);
    out.take();
  }

  soleToken(state: number): number {
    const scratch = this.#scratch;
    scratch.clear();
    this.#vocabulary.numberTrie.collect({ automaton: this.automaton, state, enough: 2 }, scratch);
    if (scratch.count === 0) return NONE;
    return scratch.count === 1 ? (scratch.tokens[0] as number) : SEVERAL;
  }
}
