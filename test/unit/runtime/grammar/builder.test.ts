import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addList, choiceNode, type TextList } from '../../../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode } from '../../../../src/runtime/grammar/grammar.ts';
import { GrammarMatcher } from '../../../../src/runtime/grammar/matcher.ts';
import { computeMaxTokens } from '../../../../src/runtime/grammar/max-tokens.ts';
import { validateGrammar } from '../../../../src/runtime/grammar/validate.ts';
import { ByteVocabulary } from './byte-vocabulary.ts';

const world = new ByteVocabulary(['","', '"]', 'ab', 'b"']);
const [ITEM, END] = [world.special(0), world.special(1)];

/** The list `shape` describes, and nothing else. */
function listGrammar(shape: Omit<TextList, 'ends'> & { readonly end: readonly number[] }): Grammar {
  const nodes: GrammarNode[] = [{ type: 'end' }];
  const start = addList(nodes, { ...shape, ends: [{ tokens: shape.end, next: 0 }] });
  const grammar = { nodes, start, maxTokens: computeMaxTokens(nodes, start) };
  validateGrammar(grammar, world.vocabulary);
  return grammar;
}

function isAnswer(grammar: Grammar, tokens: readonly number[]): boolean {
  const matcher = new GrammarMatcher(world.vocabulary, grammar);
  try {
    for (const token of tokens) matcher.accept(token);
  } catch {
    return false; // Refused: the question that was asked.
  }
  return matcher.isTerminated;
}

const plain = { field: 'args', minBytes: 1, maxBytes: 2 } as const;

test('a choice keeps its heads in order', () => {
  const node = choiceNode('status', [
    { tokens: [5, 6], next: 1 },
    { tokens: Int32Array.of(7), next: 0 },
  ]);
  assert.deepEqual(node, {
    type: 'choice',
    field: 'status',
    tokens: Int32Array.of(5, 6, 7),
    offsets: Int32Array.of(0, 2, 3),
    next: Int32Array.of(1, 0),
  });
});

test('a list has at least and at most as many items as it says', () => {
  const grammar = listGrammar({ text: plain, separator: [ITEM], end: [END], minItems: 2, maxItems: 3 });
  const item = world.byte('x');
  const lists = [1, 2, 3, 4].map((count) => [...Array(count).keys()].flatMap((i) => (i === 0 ? [item] : [ITEM, item])));
  assert.deepEqual(
    lists.map((list) => isAnswer(grammar, [...list, END])),
    [false, true, true, false],
  );
});

test('the longest list is all items at full length', () => {
  const grammar = listGrammar({ text: plain, separator: [ITEM], end: [END], minItems: 1, maxItems: 40 });
  assert.equal(grammar.maxTokens, 40 * 2 + 39 + 1);
  assert.equal(grammar.nodes.length, 1 + 2 * 40);
});

test('a list of JSON strings ends an item where a token begins with the quotation mark', () => {
  const grammar = listGrammar({
    text: { field: 'args', notation: 'json', minBytes: 0, maxBytes: 4 },
    separator: world.encode('","'),
    end: world.encode('"]'),
    minItems: 1,
    maxItems: 2,
  });
  const bytes = (text: string) => [...text].map((char) => world.byte(char));
  assert.ok(isAnswer(grammar, [...bytes('a'), world.merge(0), world.merge(2), world.merge(1)]));
  assert.ok(isAnswer(grammar, [...bytes('\\"b'), world.merge(1)]));
  assert.ok(!isAnswer(grammar, [...bytes('a'), world.merge(3), ...bytes(']')]), 'a token across the border');
  assert.ok(!isAnswer(grammar, [...bytes('abcd\\'), ...bytes('"'), world.merge(1)]), 'too long');
});

test('a list of no items, or of fewer than it must have, is a bug', () => {
  for (const [minItems, maxItems] of [
    [0, 2],
    [3, 2],
    [1, Infinity],
    [1, 1.5],
  ] as const) {
    const list = { text: plain, separator: [ITEM], ends: [], minItems, maxItems };
    assert.throws(() => addList([], list), { name: 'InvariantError' });
  }
});
