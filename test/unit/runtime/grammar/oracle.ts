/** What a grammar means, said naively and without any automaton: whole token sequences, whole texts, whole numbers. */
import type { ChoiceNode, Grammar, NodeIndex, NumberNode, TextNode } from '../../../../src/runtime/grammar/grammar.ts';
import type { ByteVocabulary } from './byte-vocabulary.ts';

export class Oracle {
  readonly #vocabulary: ByteVocabulary;
  readonly #grammar: Grammar;
  readonly #numbers = new Map<NumberNode, NumberTexts>();
  /** What was found about texts, by node and bytes: every token is tried after the same answer. */
  readonly #texts = new Map<TextNode, Map<string, boolean>>();

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

  /** An answer that is as long as any: texts and numbers byte by byte, and every one as long as it can be. */
  longestAnswer(index: NodeIndex = this.#grammar.start): readonly number[] {
    const node = this.#grammar.nodes[index];
    if (node === undefined) throw new Error(`no node ${index}`);
    const ofBytes = (text: string) => [...text].map((char) => this.#vocabulary.byte(char));
    switch (node.type) {
      case 'end':
        return [];
      case 'choice':
        return longestOf(alternativesOf(node).map(({ tokens, next }) => [...tokens, ...this.longestAnswer(next)]));
      case 'text':
        return [...ofBytes('a'.repeat(node.maxBytes)), ...this.longestAnswer(node.next)];
      case 'number':
        return [...longestOf([...this.#numberTexts(node).texts].map(ofBytes)), ...this.longestAnswer(node.next)];
    }
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
    // The text or number may have ended after any number of tokens, if those are ordinary, or goes on.
    const firstSpecial = tokens.findIndex((token) => !this.#isOrdinary(token));
    const mostWithin = firstSpecial === -1 ? tokens.length : firstSpecial;
    for (let within = 0; within <= mostWithin && within < tokens.length; within++) {
      if (!this.#isSpan(node, this.#vocabulary.decode(tokens.slice(0, within)))) continue;
      if (this.#matches(node.next, tokens.slice(within), mode)) return true;
    }
    return !mode.whole && firstSpecial === -1 && this.#isSpanPrefix(node, this.#vocabulary.decode(tokens));
  }

  #isOrdinary(token: number): boolean {
    return (this.#vocabulary.tokens[token]?.length ?? 0) > 0;
  }

  #isSpan(node: TextNode | NumberNode, bytes: Uint8Array): boolean {
    if (node.type === 'number') return this.#numberTexts(node).texts.has(latin1(bytes));
    let known = this.#texts.get(node);
    if (known === undefined) {
      known = new Map();
      this.#texts.set(node, known);
    }
    const key = latin1(bytes);
    const answer = known.get(key) ?? isText(node, bytes);
    known.set(key, answer);
    return answer;
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

function longestOf(sequences: readonly (readonly number[])[]): readonly number[] {
  return sequences.reduce((longest, sequence) => (sequence.length > longest.length ? sequence : longest), []);
}

function alternativesOf({ tokens, offsets, next }: ChoiceNode) {
  return Array.from(next, (node, i) => ({ tokens: [...tokens.slice(offsets[i], offsets[i + 1])], next: node }));
}

function isText({ notation = 'plain', minBytes, maxBytes }: TextNode, bytes: Uint8Array): boolean {
  if (bytes.length < minBytes || bytes.length > maxBytes) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (notation === 'json' && !isJsonInside(text)) return false;
    return [...text].every((char) => char >= ' ' && char !== '\u007f');
  } catch {
    return false; // Not well-formed: the question that was asked.
  }
}

/** True if `text` is how JSON writes some string, but for the quotation marks around it. */
function isJsonInside(text: string): boolean {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return JSON.stringify(value).slice(1, -1) === text && !/\\[^"\\nt]/.test(text.replaceAll('\\\\', ''));
  } catch {
    return false; // No JSON: the question that was asked.
  }
}

/**
 * What can complete a character that has begun: A0 suits where 80 would be overlong, 90 likewise after F0; n makes an escape
 * out of a backslash.
 */
const COMPLETIONS = [[], [0x80], [0xa0], [0x80, 0x80], [0xa0, 0x80], [0x80, 0x80, 0x80], [0x90, 0x80, 0x80], [0x6e]];

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
