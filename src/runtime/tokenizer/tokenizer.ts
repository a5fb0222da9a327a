/** Segments to token ids and back, over Hugging Face's tokenizer files. Knows no dialect. */
import { Tokenizer } from '@huggingface/tokenizers';
import { LRUCache } from 'lru-cache';
import type { Segment } from '../dialects/segment.ts';
import { GatewayError } from '../errors.ts';
import { bytesOfToken } from './token-bytes.ts';

/** Characters and tokens of cached segments that are kept: control names and function names come back at every step. */
const CACHE_UNITS = 4_000_000;

/** The part of tokenizer.json that is read here. */
type TokenizerFile = {
  readonly added_tokens?: readonly { readonly id: number; readonly content: string; readonly special: boolean }[];
};

export class SegmentTokenizer {
  /** By token id; undefined for special tokens, which no text contains. */
  readonly tokenBytes: readonly (Uint8Array | undefined)[];
  readonly #bpe: Tokenizer;
  readonly #specialIds: ReadonlyMap<string, number>;
  readonly #specialNames: ReadonlyMap<number, string>;
  readonly #cache = new LRUCache<string, Int32Array>({
    maxSize: CACHE_UNITS,
    sizeCalculation: (tokens, text) => tokens.length + text.length + 1,
  });

  /** Takes the parsed tokenizer.json and tokenizer_config.json. Throws `GatewayError` (`unavailable`) if they do not fit. */
  constructor(file: object, config: object) {
    const added = (file as TokenizerFile).added_tokens ?? [];
    // Without its added tokens the tokenizer cannot mistake user text such as "<|end|>" for a special token.
    this.#bpe = new Tokenizer({ ...file, added_tokens: [] }, config);
    this.#specialIds = new Map(added.map((token) => [token.content, token.id]));
    this.#specialNames = new Map(added.map((token) => [token.id, token.content]));
    const vocab = this.#bpe.get_vocab();
    const size = Math.max(-1, ...vocab.values(), ...this.#specialIds.values()) + 1;
    const tokenBytes = new Array<Uint8Array | undefined>(size).fill(undefined);
    for (const [token, id] of vocab) if (!this.#specialNames.has(id)) tokenBytes[id] = bytesOfToken(token);
    this.tokenBytes = tokenBytes;
  }

  get vocabSize(): number {
    return this.tokenBytes.length;
  }

  /** Throws `GatewayError` (`unavailable`) if the vocabulary has no such special token. */
  specialId(name: string): number {
    const id = this.#specialIds.get(name);
    if (id === undefined) throw new GatewayError('unavailable', `tokenizer: it has no special token ${name}`);
    return id;
  }

  /** The canonical tokens of a text, tokenized alone. The array is shared: do not write to it. */
  encodeText(text: string): Int32Array {
    let tokens = this.#cache.get(text);
    if (tokens === undefined) {
      tokens =
        text === '' ? new Int32Array(0) : Int32Array.from(this.#bpe.encode(text, { add_special_tokens: false }).ids);
      this.#cache.set(text, tokens);
    }
    return tokens;
  }

  /** Appends the tokens of `segments` to `out`. */
  encode(segments: readonly Segment[], out: number[]): void {
    for (const segment of segments) {
      if ('special' in segment) out.push(this.specialId(segment.special));
      else for (const token of this.encodeText(segment.text)) out.push(token);
    }
  }

  /** The segments that `tokens` spell; adjacent texts are one. Throws `GatewayError` (`internal`) on invalid UTF-8. */
  decode(tokens: Int32Array): Segment[] {
    const segments: Segment[] = [];
    let bytes: number[] = [];
    const flush = () => {
      if (bytes.length > 0) segments.push({ text: decodeUtf8(Uint8Array.from(bytes)) });
      bytes = [];
    };
    for (const token of tokens) {
      const name = this.#specialNames.get(token);
      if (name === undefined) {
        bytes.push(...(this.tokenBytes[token] ?? []));
      } else {
        flush();
        segments.push({ special: name });
      }
    }
    flush();
    return segments;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError('internal', 'the answer is not valid UTF-8', { cause });
  }
}
