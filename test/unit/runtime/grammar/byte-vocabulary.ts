/** Small byte-level vocabularies: every byte is a token, further tokens are given, special tokens lie at both ends or anywhere. */

import { Vocabulary } from '../../../../src/runtime/grammar/vocabulary.ts';
import { Rng } from '../../../../src/runtime/sampling/rng.ts';

const NUM_LOW_SPECIALS = 3;
const NUM_HIGH_SPECIALS = 3;

export class ByteVocabulary {
  readonly tokens: readonly (Uint8Array | undefined)[];
  readonly specials: readonly number[];
  readonly vocabulary: Vocabulary;
  /** Id by place: low special tokens, bytes, merges, an unused token, high special tokens. */
  readonly #ids: readonly number[];

  /**
   * `merges`: texts or bytes that are tokens of their own; may repeat each other or single bytes. With a `seed` the ids are
   * shuffled; without, they are the places.
   */
  constructor(merges: readonly (string | Uint8Array)[] = [], seed?: number) {
    const low: undefined[] = Array(NUM_LOW_SPECIALS).fill(undefined);
    const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    const high: undefined[] = Array(NUM_HIGH_SPECIALS).fill(undefined);
    const byPlace = [...low, ...bytes, ...merges.map(toBytes), new Uint8Array(0), ...high];
    const size = byPlace.length;
    this.#ids = seed === undefined ? [...byPlace.keys()] : shuffled(size, new Rng(seed));
    const tokens: (Uint8Array | undefined)[] = Array(size);
    for (const [place, token] of byPlace.entries()) tokens[this.#ids[place] as number] = token;
    this.tokens = tokens;
    const places = [...low.keys(), ...Array.from(high.keys(), (i) => size - NUM_HIGH_SPECIALS + i)];
    this.specials = places.map((place) => this.#ids[place] as number);
    this.vocabulary = new Vocabulary({ tokens: this.tokens });
  }

  special(i: number): number {
    return this.specials[i % this.specials.length] as number;
  }

  /** The token of one byte. */
  byte(byte: number | string): number {
    return this.#ids[NUM_LOW_SPECIALS + (typeof byte === 'number' ? byte : (byte.codePointAt(0) as number))] as number;
  }

  /** The token of merge `i`. */
  merge(i: number): number {
    return this.#ids[NUM_LOW_SPECIALS + 256 + i] as number;
  }

  /** Greedy: the longest token first, the lowest id among equals. */
  encode(text: string): number[] {
    const bytes = toBytes(text);
    const encoded: number[] = [];
    for (let from = 0; from < bytes.length; ) {
      let best = -1;
      let length = 0;
      for (const [id, token] of this.tokens.entries()) {
        if (token && token.length > length && token.every((byte, i) => byte === bytes[from + i])) {
          best = id;
          length = token.length;
        }
      }
      encoded.push(best);
      from += length;
    }
    return encoded;
  }

  /** Bytes of text tokens, one after another. */
  decode(tokens: readonly number[]): Uint8Array {
    const bytes: number[] = [];
    for (const token of tokens) bytes.push(...(this.tokens[token] ?? []));
    return Uint8Array.from(bytes);
  }
}

function toBytes(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : text;
}

/** The numbers below `size` in random order. */
function shuffled(size: number, rng: Rng): number[] {
  const ids = [...Array(size).keys()];
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(rng.nextFloat() * (i + 1));
    [ids[i], ids[j]] = [ids[j] as number, ids[i] as number];
  }
  return ids;
}
