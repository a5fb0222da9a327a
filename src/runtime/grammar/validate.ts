/** The check at the engine's door: a grammar that passes can be walked without ever getting stuck. */
import { InvariantError, invariant } from '../errors.ts';
import { Alternatives } from './alternatives.ts';
import { REFUSED } from './byte-automaton.ts';
import { decimalRange } from './decimal-range.ts';
import type { ChoiceNode, Grammar, GrammarNode, NodeIndex, NumberNode, TextNode } from './grammar.ts';
import { computeMaxTokens } from './max-tokens.ts';
import { NUMBER_BYTES } from './number-automaton.ts';
import { CHARACTERS } from './text-automaton.ts';
import { BOUNDARY } from './utf8.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Longest text: its automaton's states stay small integers. */
const MAX_TEXT_BYTES = 2 ** 26;

/** Throws `InvariantError`, naming the node and what is wrong with it, unless all that `grammar.ts` promises holds. */
export function validateGrammar(grammar: Grammar, vocabulary: Vocabulary): void {
  const { nodes, start, maxTokens } = grammar;
  invariant(isIndex(start, nodes), `start ${start} is not a node`);
  for (const [index, node] of nodes.entries()) {
    try {
      checkNode(node, nodes, vocabulary);
    } catch (error) {
      throw error instanceof InvariantError ? new InvariantError(`node ${index}: ${error.message}`) : error;
    }
  }
  const longest = computeMaxTokens(nodes, start);
  invariant(maxTokens === longest, `maxTokens is ${maxTokens}, the longest answer has ${longest}`);
}

function checkNode(node: GrammarNode, nodes: readonly GrammarNode[], vocabulary: Vocabulary): void {
  switch (node.type) {
    case 'choice':
      checkChoice(node, nodes, vocabulary);
      return;
    case 'text':
      checkText(node);
      invariant(vocabulary.spellsText, 'the vocabulary lacks bytes that a text may hold');
      checkTerminators(node, nodes, vocabulary);
      return;
    case 'number':
      decimalRange(node);
      invariant(vocabulary.spellsNumbers, 'the vocabulary lacks bytes that a number may hold');
      checkTerminators(node, nodes, vocabulary);
      return;
    case 'end':
      return;
  }
}

function checkChoice(node: ChoiceNode, nodes: readonly GrammarNode[], vocabulary: Vocabulary): void {
  const { tokens, offsets, next } = node;
  invariant(next.length > 0, 'a choice without alternatives');
  invariant(offsets.length === next.length + 1, 'not one offset more than alternatives');
  invariant(offsets[0] === 0 && offsets.at(-1) === tokens.length, 'offsets do not span the tokens');
  // Not `invariant`, which would write a message per token only to drop it.
  for (let i = 0; i < next.length; i++) {
    if ((offsets[i] as number) >= (offsets[i + 1] as number)) throw new InvariantError(`alternative ${i} is empty`);
    if (!isIndex(next[i] as number, nodes)) throw new InvariantError(`alternative ${i} leads to no node: ${next[i]}`);
  }
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as number;
    if (token < 0 || token >= vocabulary.size) throw new InvariantError(`token ${token} is not in the vocabulary`);
  }
  if (next.length > 1) Alternatives.of(node).checkUnambiguous();
}

function checkText({ notation = 'plain', minBytes, maxBytes }: TextNode): void {
  if (!Object.hasOwn(CHARACTERS, notation)) throw new InvariantError(`a text in the notation ${notation}`);
  const isCount = Number.isInteger(minBytes) && Number.isInteger(maxBytes);
  const isRange = 0 <= minBytes && minBytes <= maxBytes && maxBytes <= MAX_TEXT_BYTES;
  if (!isCount || !isRange) throw new InvariantError(`a text of ${minBytes} to ${maxBytes} bytes`);
}

function checkTerminators(node: TextNode | NumberNode, nodes: readonly GrammarNode[], vocabulary: Vocabulary): void {
  const after = nodes[node.next];
  if (after?.type !== 'choice') throw new InvariantError(`next is node ${node.next}, which is no choice`);
  for (let i = 0; i < after.next.length; i++) {
    const first = after.tokens[after.offsets[i] as number] as number;
    if (vocabulary.isText(first) && canStandWithin(node, vocabulary.firstByte(first))) {
      throw new InvariantError(`next begins with token ${first}, which can also go on with it`);
    }
  }
}

/** True if `byte` may follow at some place where such a node may end. */
function canStandWithin(node: TextNode | NumberNode, byte: number): boolean {
  if (node.type === 'number') return NUMBER_BYTES.includes(byte);
  return CHARACTERS[node.notation ?? 'plain'].step(BOUNDARY, byte) !== REFUSED;
}

function isIndex(index: NodeIndex, nodes: readonly GrammarNode[]): boolean {
  return Number.isInteger(index) && index >= 0 && index < nodes.length;
}
