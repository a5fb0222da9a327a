/** What a grammar means, said naively and without any automaton: whole token sequences, whole texts, whole numbers. */
import type { ChoiceNode, Grammar, NodeIndex, NumberNode, TextNode } from '../../../../src/runtime/grammar/grammar.ts';
import type { ByteVocabulary } from './byte-vocabulary.ts';

export class Oracle {
  readonly #vocabulary: ByteVocabulary;
  readonly #grammar: Grammar;
  readonly #numbers = new Map<NumberNode, NumberTexts>();

  constructor(vocabulary: ByteVocabulary, grammar: Grammar) {
    this.#vocabulary = vocabulary;
    this.#grammar = grammar;
  }

  /** True if some answer begins with `tokens`. */
  isPrefix(tokens: readonly number[]): boolean {
    return this.#matches(this.#grammar.start, tokens, { whole: false });
  }

  /** True if `tokens` is an answer from beginning to end. */
  isAnswer(tokens: readonly number[]): boolean {
    return this.#matches(this.#grammar.start, tokens, { whole: true });
  }

  /** The tokens that may follow `tokens`, found by trying every single one. */
  allowedAfter(tokens: readonly number[]): number[] {
    return [...this.#vocabulary.tokens.keys()].filter((token) => this.isPrefix([...tokens, token]));
  }

  #matches(index: NodeIndex, tokens: readonly number[], mode: { readonly whole: boolean }): boolean {
    const node = this.#grammar.nodes[index];
    if (node === undefined) throw new Error(`no node ${index}`);
    if (node.type === 'end') return tokens.length === 0;
    if (node.type === 'choice') {
      return alternativesOf(node).some((alternative) => {
        if (tokens.length < alternative.tokens.length) {
          return !mode.whole && tokens.every((token, i) => token === alternative.tokens[i]);
        }
        if (!alternative.tokens.every((token, i) => token === tokens[i])) return false;
        return this.#matches(alternative.next, tokens.slice(alternative.tokens.length), mode);
      });
    }
    const isOrdinary = (token: number) => (this.#vocabulary.tokens[token]?.length ?? 0) > 0;
    const firstSpecial = tokens.findIndex((token) => !isOrdinary(token));
    if (firstSpecial === -1) {
      return !mode.whole && this.#isSpanPrefix(node, this.#vocabulary.decode(tokens));
    }
    if (!this.#isSpan(node, this.#vocabulary.decode(tokens.slice(0, firstSpecial)))) return false;
    return this.#matches(node.next, tokens.slice(firstSpecial), mode);
  }

  #isSpan(node: TextNode | NumberNode, bytes: Uint8Array): boolean {
    return node.type === 'text' ? isText(node, bytes) : this.#numberTexts(node).texts.has(latin1(bytes));
  }

  #isSpanPrefix(node: TextNode | NumberNode, bytes: Uint8Array): boolean {
    return node.type === 'text' ? isTextPrefix(node, bytes) : this.#numberTexts(node).prefixes.has(latin1(bytes));
  }

  #numberTexts(node: NumberNode): NumberTexts {
    let texts = this.#numbers.get(node);
    if (texts === undefined) {
      texts = numberTexts(node);
      this.#numbers.set(node, texts);
    }
    return texts;
  }
}

type NumberTexts = { readonly texts: ReadonlySet<string>; readonly prefixes: ReadonlySet<string> };

/** Every way to write a number of a (small) range. */
function numberTexts({ min, max, maxDecimals }: NumberNode): NumberTexts {
  const texts = new Set<string>();
  for (let decimals = 0; decimals <= maxDecimals; decimals++) {
    const scale = 10 ** decimals;
    for (let units = Math.floor(min * scale) - 1; units <= Math.ceil(max * scale) + 1; units++) {
      const digits = String(Math.abs(units)).padStart(decimals + 1, '0');
      const point = digits.length - decimals;
      const text = (units < 0 ? '-' : '') + digits.slice(0, point) + (decimals > 0 ? `.${digits.slice(point)}` : '');
      if (min <= Number(text) && Number(text) <= max) texts.add(text);
    }
  }
  const prefixes = new Set(
    [...texts].flatMap((text) => Array.from({ length: text.length + 1 }, (_, end) => text.slice(0, end))),
  );
  return { texts, prefixes };
}

function alternativesOf({ tokens, offsets, next }: ChoiceNode) {
  return Array.from(next, (node, i) => ({ tokens: [...tokens.slice(offsets[i], offsets[i + 1])], next: node }));
}

function isText({ minBytes, maxBytes }: TextNode, bytes: Uint8Array): boolean {
  if (bytes.length < minBytes || bytes.length > maxBytes) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return [...text].every((char) => char >= ' ' && char !== '\u007f');
  } catch {
    return false; // Not well-formed: the question that was asked.
  }
}

/** What can complete a character that has begun: A0 suits where 80 would be overlong, 90 likewise after F0. */
const COMPLETIONS = [[], [0x80], [0xa0], [0x80, 0x80], [0xa0, 0x80], [0x80, 0x80, 0x80], [0x90, 0x80, 0x80]];

/** True if some text of the node begins with `bytes`. */
export function isTextPrefix(node: TextNode, bytes: Uint8Array): boolean {
  return COMPLETIONS.some((completion) => {
    const completed = [...bytes, ...completion];
    const padding = Array(Math.max(0, node.minBytes - completed.length)).fill(0x61);
    return isText(node, Uint8Array.from([...completed, ...padding]));
  });
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
