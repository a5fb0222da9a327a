/** Segments to token ids and back, over Hugging Face's tokenizer files. Knows no dialect. */
import { Tokenizer } from '@huggingface/tokenizers';
import type { Segment } from '../dialects/segment.ts';
import { GatewayError } from '../errors.ts';
import { TwoGenerations } from '../two-generations.ts';
import { QuickEncoder } from './quick-encoder.ts';
import { bytesOfToken, type TokenSpelling } from './token-bytes.ts';
import {
  forSegments,
  readTokenizerConfig,
  readTokenizerFile,
  spellingOf,
  type TokenizerConfig,
} from './tokenizer-files.ts';

/** For segments that are kept, some ten thousand of them: control names and function names come back at every step. */
const CACHE_BYTES = 4 << 20;
/** What a kept text takes beside itself and its tokens: the array's object, the map's entry, the key. Measured. */
const ENTRY_BYTES = 320;

/** Texts that a quick encoder is tried with. */
const NUM_SAMPLES = 100;

/** Comes back only from a tokenizer that keeps every character: case, accents, white space, quotation marks. */
const PROBE = 'Aa  e\u0301 🙂\t"\\\n1.5 ';

export class SegmentTokenizer {
  /** By token id; undefined for special tokens, which no text contains. */
  readonly tokenBytes: readonly (Uint8Array | undefined)[];
  readonly config: TokenizerConfig;
  readonly #bpe: Tokenizer;
  /** Undefined where only the library can encode. */
  readonly #quick: QuickEncoder | undefined;
  readonly #specialIds: ReadonlyMap<string, number>;
  readonly #specialNames: ReadonlyMap<number, string>;
  readonly #cache = new TwoGenerations<string, Int32Array>(CACHE_BYTES, bytesKept);

  /**
   * Takes the parsed tokenizer.json and tokenizer_config.json, and the text of chat_template.jinja, where newer folders keep what
   * others have in the configuration. Throws `GatewayError` (`unavailable`) if they do not fit.
   */
  constructor(file: object, config: object, chatTemplate?: string) {
    const read = readTokenizerFile(file);
    this.#bpe = createTokenizer(forSegments(read), config);
    const { bosToken, addsBos, chatTemplate: configured } = readTokenizerConfig(config);
    const chat = chatTemplate ?? configured;
    this.config = { bosToken, chatTemplate: chat, addsBos: addsBos ?? beginsWith(this.#bpe, bosToken) };
    this.#specialIds = new Map(read.added_tokens.map((token) => [token.content, token.id]));
    this.#specialNames = new Map(read.added_tokens.map((token) => [token.id, token.content]));
    this.tokenBytes = this.#readTokenBytes(spellingOf(read));
    this.#quick = this.#agreeing(QuickEncoder.read(forSegments(read)));
    this.#checkProbe();
  }

  #readTokenBytes(spelling: TokenSpelling): readonly (Uint8Array | undefined)[] {
    const vocab = this.#bpe.get_vocab();
    const size = Math.max(-1, ...[vocab.values(), this.#specialIds.values()].map(largest)) + 1;
    const tokenBytes = new Array<Uint8Array | undefined>(size).fill(undefined);
    for (const [token, id] of vocab) {
      // Ids that no token has are holes in the vocabulary.
      if (token !== undefined && !this.#specialNames.has(id)) tokenBytes[id] = bytesOfToken(token, spelling);
    }
    return tokenBytes;
  }

  #checkProbe(): void {
    const [segment, ...rest] = this.decode(this.encodeText(PROBE));
    if (segment !== undefined && 'text' in segment && segment.text === PROBE && rest.length === 0) return;
    throw new GatewayError('unavailable', 'tokenizer: a text does not come back from its tokens as it was');
  }

  /** Undefined unless it says the same as the library of words all over the vocabulary, and of what they border on. */
  #agreeing(quick: QuickEncoder | undefined): QuickEncoder | undefined {
    if (quick === undefined) return undefined;
    const stride = Math.max(1, Math.floor(this.tokenBytes.length / NUM_SAMPLES));
    const words = this.tokenBytes.flatMap((bytes, id) =>
      id % stride === 0 && bytes ? [Buffer.from(bytes).toString()] : [],
    );
    const texts = [PROBE, ...words.map((word, i) => `${word}${words[(i * 7) % words.length]}A ${word}`)];
    const agrees = texts.every((text) => {
      const tokens = quick.encode(text);
      return tokens === undefined || tokens.join() === this.#encodeByLibrary(text).join();
    });
    return agrees ? quick : undefined;
  }

  #encodeByLibrary(text: string): Int32Array {
    return Int32Array.from(this.#bpe.encode(text, { add_special_tokens: false }).ids);
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

  hasSpecial(name: string): boolean {
    return this.#specialIds.has(name);
  }

  /** The canonical tokens of a text, tokenized alone. The array is shared: do not write to it. */
  encodeText(text: string): Int32Array {
    let tokens = this.#cache.get(text);
    if (tokens === undefined) {
      tokens = text === '' ? new Int32Array(0) : (this.#quick?.encode(text) ?? this.#encodeByLibrary(text));
      this.#cache.set(text, tokens);
    }
    return tokens;
  }

  /** Appends the tokens of `segments` to `out`. */
  encode(segments: readonly Segment[], out: number[]): void {
    for (const segment of segments) {
      if ('special' in segment) {
        out.push(this.specialId(segment.special));
        continue;
      }
      const tokens = this.encodeText(segment.text);
      // Not by its iterator, which takes several times as long for so few tokens.
      for (let i = 0; i < tokens.length; i++) out.push(tokens[i] as number);
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

function createTokenizer(file: object, config: object): Tokenizer {
  try {
    return new Tokenizer(file, config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('unavailable', `tokenizer.json: ${reason}`, { cause });
  }
}

/** True if the tokenizer itself puts `bosToken` in front of a text. */
function beginsWith(tokenizer: Tokenizer, bosToken: string | undefined): boolean {
  return bosToken !== undefined && tokenizer.tokenize('a', { add_special_tokens: true })[0] === bosToken;
}

/** Not by `Math.max(...)`: a vocabulary is too long for an argument list. */
function largest(ids: Iterable<number>): number {
  let most = -1;
  for (const id of ids) most = Math.max(most, id);
  return most;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new GatewayError('internal', 'the answer is not valid UTF-8', { cause });
  }
}

function bytesKept(text: string, tokens: Int32Array): number {
  return ENTRY_BYTES + tokens.byteLength + 2 * text.length;
}
