/** Byte-pair merging over token ids, for byte-level vocabularies without frills. Knows no text. */
import { z } from 'zod';
import { BYTE_OF_CHAR } from './token-bytes.ts';

const off = z.union([z.null(), z.literal(false), z.literal('')]).optional();
/** `model` of a tokenizer.json that does nothing but merge. */
const modelSchema = z.looseObject({
  vocab: z.record(z.string(), z.int().nonnegative()),
  merges: z.array(z.union([z.tuple([z.string(), z.string()]), z.string()])),
  byte_fallback: off,
  dropout: off,
  ignore_merges: off,
  end_of_word_suffix: off,
  continuing_subword_prefix: off,
  continuing_subword_suffix: off,
});

export class BytePairs {
  readonly #tokenOfByte = new Int32Array(256);
  /** Of pairs that merge: the lowest goes first. */
  readonly #ranks = new Map<number, number>();
  /** What a pair becomes, by rank. */
  readonly #merged: number[] = [];
  readonly #vocabSize: number;

  /** Undefined if the model is of another kind, or lacks a byte or a part or the result of a merge. */
  static read(model: unknown): BytePairs | undefined {
    const parsed = modelSchema.safeParse(model);
    if (!parsed.success) return undefined;
    const vocab = new Map(Object.entries(parsed.data.vocab));
    const pairs = parsed.data.merges.map((merge) => (typeof merge === 'string' ? merge.split(' ', 2) : merge));
    const bytePairs = new BytePairs(vocab);
    const isWhole =
      [...BYTE_OF_CHAR].every(([char, byte]) => bytePairs.#setByte(byte, vocab.get(char))) &&
      pairs.every(([left = '', right = '']) =>
        bytePairs.#setMerge([left, right, left + right].map((t) => vocab.get(t))),
      );
    return isWhole ? bytePairs : undefined;
  }

  private constructor(vocab: ReadonlyMap<string, number>) {
    let largest = 0;
    for (const id of vocab.values()) largest = Math.max(largest, id);
    this.#vocabSize = largest + 1;
  }

  #setByte(byte: number, id: number | undefined): boolean {
    this.#tokenOfByte[byte] = id ?? 0;
    return id !== undefined;
  }

  #setMerge([left, right, merged]: readonly (number | undefined)[]): boolean {
    if (left === undefined || right === undefined || merged === undefined) return false;
    this.#ranks.set(this.#pair(left, right), this.#merged.length);
    this.#merged.push(merged);
    return true;
  }

  tokenOfByte(byte: number): number {
    return this.#tokenOfByte[byte] as number;
  }

  /**
   * Merges what lies in `tokens` from `first` on, in place: always the pair of the lowest rank, the leftmost of equals. In
   * quadratic time, which for a word is less than a heap takes.
   */
  merge(tokens: number[], first: number): void {
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      let at = -1;
      for (let i = first; i + 1 < tokens.length; i++) {
        const rank = this.#ranks.get(this.#pair(tokens[i] as number, tokens[i + 1] as number));
        if (rank === undefined || rank >= best) continue;
        best = rank;
        at = i;
      }
      if (at < 0) return;
      tokens[at] = this.#merged[best] as number;
      tokens.copyWithin(at + 1, at + 2);
      tokens.length--;
    }
  }

  #pair(left: number, right: number): number {
    return left * this.#vocabSize + right;
  }
}
