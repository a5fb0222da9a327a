/**
 * Encodes short texts ten times as fast as the library does: 165 names that were never seen before in 0.3 ms instead of 3.
 * It covers the byte-level tokenizers that split by one pattern, and says of all else that it does not know: then there is
 * the library, which it is compared with when a tokenizer is loaded. The pattern itself is the library's, which translates
 * it from another dialect of regular expressions.
 */
import * as library from '@huggingface/tokenizers';
import { z } from 'zod';
import { BytePairs } from './byte-pairs.ts';

/** Longest word, in bytes: merging takes quadratic time, and only accidents are longer. */
const MAX_WORD = 64;

const byteLevel = z.looseObject({ type: z.literal('ByteLevel'), add_prefix_space: z.literal(false) });
const split = z.looseObject({
  type: z.literal('Split'),
  pattern: z.object({ Regex: z.string() }),
  behavior: z.literal('Isolated'),
  invert: z.literal(false),
});
/** Splitting by the pattern of GPT-2, or by one of its own. */
const preTokenizerSchema = z.union([
  byteLevel.extend({ use_regex: z.literal(true).optional() }),
  z.looseObject({
    type: z.literal('Sequence'),
    pretokenizers: z.tuple([split, byteLevel.extend({ use_regex: z.literal(false) })]),
  }),
]);

// The library's types cannot be resolved beyond its first file.
const { ByteLevelPreTokenizer, SplitPreTokenizer } = library as unknown as {
  readonly ByteLevelPreTokenizer: new (config: object) => { readonly pattern: RegExp };
  readonly SplitPreTokenizer: new (config: object) => { readonly pattern: RegExp | null };
};

const utf8 = new TextEncoder();

export class QuickEncoder {
  readonly #words: RegExp;
  readonly #pairs: BytePairs;

  /** Undefined if the tokenizer is of another kind. `file`: tokenizer.json. */
  static read(file: { readonly pre_tokenizer?: unknown; readonly model: unknown }): QuickEncoder | undefined {
    const words = patternOf(file.pre_tokenizer);
    const pairs = BytePairs.read(file.model);
    return words === undefined || pairs === undefined ? undefined : new QuickEncoder(words, pairs);
  }

  private constructor(words: RegExp, pairs: BytePairs) {
    this.#words = words;
    this.#pairs = pairs;
  }

  /** Undefined for a text that is left to the library. */
  encode(text: string): Int32Array | undefined {
    const words = text.match(this.#words) ?? [];
    const tokens: number[] = [];
    let numUnits = 0;
    for (const word of words) {
      if (word.length > MAX_WORD) return undefined;
      numUnits += word.length;
      const first = tokens.length;
      this.#appendBytes(word, tokens);
      if (tokens.length - first > MAX_WORD) return undefined;
      this.#pairs.merge(tokens, first);
    }
    // Something between the words.
    if (numUnits !== text.length) return undefined;
    return Int32Array.from(tokens);
  }

  #appendBytes(word: string, tokens: number[]): void {
    const first = tokens.length;
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i);
      if (unit >= 0x80) {
        tokens.length = first;
        for (const byte of utf8.encode(word)) tokens.push(this.#pairs.tokenOfByte(byte));
        return;
      }
      tokens.push(this.#pairs.tokenOfByte(unit));
    }
  }
}

function patternOf(preTokenizer: unknown): RegExp | undefined {
  const parsed = preTokenizerSchema.safeParse(preTokenizer);
  if (!parsed.success) return undefined;
  if (parsed.data.type === 'ByteLevel') return new ByteLevelPreTokenizer(parsed.data).pattern;
  const [{ pattern, behavior, invert }] = parsed.data.pretokenizers;
  return new SplitPreTokenizer({ type: 'Split', pattern, behavior, invert }).pattern ?? undefined;
}
