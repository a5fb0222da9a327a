/** What the matcher knows of a model's tokens. Built once per model: this is where the cost of a large vocabulary goes. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';
import { ByteTrie } from './byte-trie.ts';
import type { TextNotation } from './grammar.ts';
import { NUMBER_BYTES } from './number-automaton.ts';
import { CHARACTERS } from './text-automaton.ts';
import { TextMasks } from './text-masks.ts';
import { TokenBytes } from './token-bytes.ts';
import { TEXT_BYTES } from './utf8.ts';

export type VocabularySource = {
  /** Bytes by token id. Undefined or empty for special and unused tokens, which no text contains. */
  readonly tokens: readonly (Uint8Array | undefined)[];
};

export class Vocabulary {
  /** Number of token ids. A row of logits may be longer (padded), never shorter. */
  readonly size: number;
  /** All text tokens. */
  readonly trie: ByteTrie;
  /** Those that can be part of a number: a dozen in many vocabularies, about a thousand in some. */
  readonly numberTrie: ByteTrie;
  readonly textMasks: Readonly<Record<TextNotation, TextMasks>>;
  /** True if every text can be spelled byte by byte, so that decoding one never gets stuck inside a character. */
  readonly spellsText: boolean;
  /** The same for numbers. */
  readonly spellsNumbers: boolean;
  readonly #tokenBytes: TokenBytes;

  constructor({ tokens }: VocabularySource) {
    this.size = tokens.length;
    this.#tokenBytes = new TokenBytes(tokens);
    const textTokens = this.#tokenBytes.sortedTextTokens();
    this.trie = new ByteTrie(this.#tokenBytes, textTokens);
    const isNumeric = (token: number) => tokens[token]?.every((byte) => NUMBER_BYTES.includes(byte)) === true;
    this.numberTrie = new ByteTrie(this.#tokenBytes, textTokens.filter(isNumeric));
    const source = { trie: this.trie, tokenBytes: this.#tokenBytes };
    this.textMasks = {
      plain: new TextMasks({ ...source, characters: CHARACTERS.plain }),
      json: new TextMasks({ ...source, characters: CHARACTERS.json }),
    };
    const single = new Set(tokens.filter((token) => token?.length === 1).map((token) => token?.[0]));
    this.spellsText = TEXT_BYTES.every((byte) => single.has(byte));
    this.spellsNumbers = NUMBER_BYTES.every((byte) => single.has(byte));
  }

  /** Length of the longest token in bytes. */
  get longestToken(): number {
    return this.#tokenBytes.longest;
  }

  /** True for ordinary tokens, false for special and unused ones and for ids that do not exist. */
  isText(token: number): boolean {
    return token >= 0 && token < this.size && this.#tokenBytes.length(token) > 0;
  }

  /** The first byte of a text token. */
  firstByte(token: number): number {
    return this.#tokenBytes.bytes[this.#tokenBytes.offsets[token] as number] as number;
  }

  /** The state of `automaton` after the bytes of a text token, or REFUSED. */
  walk(automaton: ByteAutomaton, state: number, token: number): number {
    const { bytes, offsets } = this.#tokenBytes;
    const end = offsets[token + 1] as number;
    let after = state;
    for (let i = offsets[token] as number; i < end && after !== REFUSED; i++) {
      after = automaton.step(after, bytes[i] as number);
    }
    return after;
  }
}
