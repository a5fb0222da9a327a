/**
 * A request as it crosses to the engine thread. A grammar is some fifty nodes of three arrays each; cloning them one by one,
 * each with memory of its own, took longer than all else that is done for a request. So a grammar crosses as one array; choices
 * that have crossed before are known on the other side.
 */
import type { OpenRequest } from '../engine/generate.ts';
import { InvariantError, invariant } from '../errors.ts';
import type { ChoiceNode, Grammar, GrammarNode, TextNotation } from '../grammar/grammar.ts';
import type { ChoiceField } from '../types.ts';
import { KnownNodes } from './known-nodes.ts';

export type PackedGrammar = {
  /**
   * ```
   * start | maxTokens | nodes: count, nodes
   * choice  0  field  count of tokens  count of alternatives  tokens  offsets  next
   * text    1  field  notation  minBytes  maxBytes  next
   * number  2  field  maxDecimals  next          and min, max in `bounds`
   * end     3
   * ```
   */
  readonly cells: Int32Array;
  /** Of the numbers in the grammar, in their order: they need not be whole. */
  readonly bounds: Float64Array;
};

export type PackedRequest = Omit<OpenRequest, 'grammar'> & { readonly grammar?: PackedGrammar };

const CHOICE = 0;
const TEXT = 1;
const NUMBER = 2;
const END = 3;
/** Cells beside the nodes; of a node beside its arrays, at most. */
const HEADER = 3;
const LONGEST_NODE = 6;
const FIELDS: readonly ChoiceField[] = ['control', 'function', 'args', 'status', 'words'];
const NOTATIONS: readonly TextNotation[] = ['plain', 'json'];

export function packRequest({ promptTokens, grammar, ...rest }: OpenRequest): PackedRequest {
  // A copy: the whole buffer of a view would cross with it.
  return { ...rest, promptTokens: promptTokens.slice(), ...(grammar && { grammar: packGrammar(grammar) }) };
}

export function unpackRequest({ grammar, ...rest }: PackedRequest, known?: KnownNodes): OpenRequest {
  return { ...rest, ...(grammar && { grammar: unpackGrammar(grammar, known) }) };
}

export function packGrammar({ nodes, start, maxTokens }: Grammar): PackedGrammar {
  const bounds: number[] = [];
  const writer = new Writer(HEADER + sizeOf(nodes));
  writer.count(start);
  writer.count(maxTokens);
  writer.count(nodes.length);
  for (const node of nodes) packNode(node, writer, bounds);
  return { cells: writer.cells, bounds: Float64Array.from(bounds) };
}

export function unpackGrammar({ cells, bounds }: PackedGrammar, known: KnownNodes = new KnownNodes()): Grammar {
  const reader = new Reader(cells);
  const start = reader.count();
  const maxTokens = reader.count();
  const nodes: GrammarNode[] = [];
  let numBounds = 0;
  for (let count = reader.count(); count > 0; count--) {
    const node = unpackNode(reader, bounds.subarray(numBounds), known);
    if (node.type === 'number') numBounds += 2;
    nodes.push(node);
  }
  return { nodes, start, maxTokens };
}

/** Cells that suffice for the nodes. */
function sizeOf(nodes: readonly GrammarNode[]): number {
  const arrays = (node: GrammarNode) => (node.type === 'choice' ? node.tokens.length + 2 * node.next.length : 0);
  return nodes.reduce((sum, node) => sum + LONGEST_NODE + arrays(node), 0);
}

function packNode(node: GrammarNode, writer: Writer, bounds: number[]): void {
  switch (node.type) {
    case 'choice':
      writer.count(CHOICE);
      writer.count(FIELDS.indexOf(node.field));
      writer.count(node.tokens.length);
      writer.count(node.next.length);
      writer.all(node.tokens);
      writer.all(node.offsets);
      writer.all(node.next);
      return;
    case 'text':
      writer.count(TEXT);
      writer.count(FIELDS.indexOf(node.field));
      // Absent is 0, and comes back absent.
      writer.count(node.notation === undefined ? 0 : NOTATIONS.indexOf(node.notation) + 1);
      writer.count(node.minBytes);
      writer.count(node.maxBytes);
      writer.count(node.next);
      return;
    case 'number':
      writer.count(NUMBER);
      writer.count(FIELDS.indexOf(node.field));
      writer.count(node.maxDecimals);
      writer.count(node.next);
      bounds.push(node.min, node.max);
      return;
    case 'end':
      writer.count(END);
      return;
  }
}

function unpackNode(reader: Reader, [min = 0, max = 0]: Float64Array, known: KnownNodes): GrammarNode {
  const type = reader.count();
  if (type === END) return { type: 'end' };
  if (type === CHOICE) {
    // Field, both counts, tokens, one offset more than alternatives, alternatives.
    const length = 4 + reader.peek(1) + 2 * reader.peek(2);
    return known.of(reader.all(length), readChoice);
  }
  const field = fieldOf(reader.count());
  switch (type) {
    case TEXT: {
      const notation = NOTATIONS[reader.count() - 1];
      const [minBytes, maxBytes, next] = [reader.count(), reader.count(), reader.count()];
      return { type: 'text', field, ...(notation !== undefined && { notation }), minBytes, maxBytes, next };
    }
    case NUMBER: {
      const [maxDecimals, next] = [reader.count(), reader.count()];
      return { type: 'number', field, min, max, maxDecimals, next };
    }
  }
  throw new InvariantError(`a node of an unknown type: ${type}`);
}

function readChoice(cells: Int32Array): ChoiceNode {
  const reader = new Reader(cells);
  const field = fieldOf(reader.count());
  const numTokens = reader.count();
  const numAlternatives = reader.count();
  const tokens = reader.all(numTokens);
  const offsets = reader.all(numAlternatives + 1);
  return { type: 'choice', field, tokens, offsets, next: reader.all(numAlternatives) };
}

function fieldOf(index: number): ChoiceField {
  const field = FIELDS[index];
  invariant(field !== undefined, 'a node of an unknown field');
  return field;
}

class Writer {
  readonly cells: Int32Array;
  #length = 0;

  constructor(capacity: number) {
    this.cells = new Int32Array(capacity);
  }

  count(value: number): void {
    this.cells[this.#length++] = value;
  }

  all(values: Int32Array): void {
    this.cells.set(values, this.#length);
    this.#length += values.length;
  }
}

class Reader {
  readonly #cells: Int32Array;
  #position = 0;

  constructor(cells: Int32Array) {
    this.#cells = cells;
  }

  count(): number {
    return this.#cells[this.#position++] ?? 0;
  }

  /** A count that lies `ahead` cells further on. */
  peek(ahead: number): number {
    return this.#cells[this.#position + ahead] ?? 0;
  }

  all(length: number): Int32Array {
    this.#position += length;
    return this.#cells.subarray(this.#position - length, this.#position);
  }
}
