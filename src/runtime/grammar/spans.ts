/** The two kinds of node that the model fills by itself, text and number, as the walker uses them. */
import type { ByteAutomaton } from './byte-automaton.ts';
import type { NumberNode, TextNode } from './grammar.ts';
import { NumberAutomaton } from './number-automaton.ts';
import { TextAutomaton, utf8State } from './text-automaton.ts';
import { TokenList } from './token-list.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What {@link Span.soleToken} answers when no ordinary token can follow, and when several can. */
export const NONE = -1;
export const SEVERAL = -2;

/** Knows ordinary tokens only; the special ones that end it are the walker's matter. */
export interface Span {
  readonly automaton: ByteAutomaton;
  /** Appends, ascending, the ordinary tokens that can follow. */
  collect(state: number, out: TokenList): void;
  /** The only ordinary token that can follow, {@link NONE} or {@link SEVERAL}. */
  soleToken(state: number): number;
}

export class TextSpan implements Span {
  readonly automaton: TextAutomaton;
  readonly #vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary, node: TextNode) {
    this.#vocabulary = vocabulary;
    this.automaton = new TextAutomaton(node);
  }

  collect(state: number, out: TokenList): void {
    this.#vocabulary.textMasks.collect(utf8State(state), this.automaton.bytesLeft(state), out);
  }

  /** A text that is not full leaves at least 16 bytes to choose from, and each is a token: see `spellsText`. */
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

  collect(state: number, out: TokenList): void {
    this.#vocabulary.trie.collect(this.automaton, state, out);
    out.sort();
  }

  soleToken(state: number): number {
    this.#scratch.clear();
    this.#vocabulary.trie.collect(this.automaton, state, this.#scratch);
    if (this.#scratch.count === 0) return NONE;
    return this.#scratch.count === 1 ? (this.#scratch.tokens[0] as number) : SEVERAL;
  }
}
