/** Small byte-level vocabularies: every byte is a token, further tokens are given, special tokens lie at both ends. */
import { Vocabulary } from '../../../../src/runtime/grammar/vocabulary.ts';

const NUM_LOW_SPECIALS = 3;
const NUM_HIGH_SPECIALS = 3;

export class ByteVocabulary {
  readonly tokens: readonly (Uint8Array | undefined)[];
  readonly specials: readonly number[];
  readonly vocabulary: Vocabulary;

  /** `merges`: texts or bytes that are tokens of their own; may repeat each other or single bytes. */
  constructor(merges: readonly (string | Uint8Array)[] = []) {
    const low: undefined[] = Array(NUM_LOW_SPECIALS).fill(undefined);
    const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    const high: undefined[] = Array(NUM_HIGH_SPECIALS).fill(undefined);
    this.tokens = [...low, ...bytes, ...merges.map(toBytes), new Uint8Array(0), ...high];
    const size = this.tokens.length;
    this.specials = [...low.keys(), ...Array.from(high.keys(), (i) => size - NUM_HIGH_SPECIALS + i)];
    this.vocabulary = new Vocabulary({ tokens: this.tokens });
  }

  special(i: number): number {
    return this.specials[i % this.specials.length] as number;
  }

  /** The token of one byte. */
  byte(byte: number | string): number {
    return NUM_LOW_SPECIALS + (typeof byte === 'number' ? byte : (byte.codePointAt(0) as number));
  }

  /** The token of merge `i`. */
  merge(i: number): number {
    return NUM_LOW_SPECIALS + 256 + i;
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
    return Uint8Array.from(tokens.flatMap((token) => [...(this.tokens[token] ?? [])]));
  }
}

function toBytes(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : text;
}
