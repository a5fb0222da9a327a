/** What the matcher knows of a model's tokens. Built once per model: this is where the cost of a large vocabulary goes. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';
import { ByteTrie } from './byte-trie.ts';
import { TextMasks } from './text-masks.ts';
import { TokenBytes } from './token-bytes.ts';
import { TEXT_BYTES } from './utf8.ts';

const NUMBER_BYTES: readonly number[] = [...new TextEncoder().encode('-.0123456789')];

export type VocabularySource = {
  /** Bytes by token id. Undefined or empty for special and unused tokens, which no text contains. */
  readonly tokens: readonly (Uint8Array | undefined)[];
};

export class Vocabulary {
  /** Number of token ids. A row of logits may be longer (padded), never shorter. */
  readonly size: number;
  readonly trie: ByteTrie;
  readonly textMasks: TextMasks;
  /** True if every text can be spelled byte by byte, so that decoding one never gets stuck inside a character. */
  readonly spellsText: boolean;
  /** The same for numbers. */
  readonly spellsNumbers: boolean;
  readonly #tokenBytes: TokenBytes;

  constructor({ tokens }: VocabularySource) {
    this.size = tokens.length;
    this.#tokenBytes = new TokenBytes(tokens);
    this.trie = new ByteTrie(this.#tokenBytes);
    this.textMasks = new TextMasks(this.trie, this.#tokenBytes);
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
