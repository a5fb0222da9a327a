import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceNode } from '../../../../src/runtime/grammar/builder.ts';
import type { GrammarNode } from '../../../../src/runtime/grammar/grammar.ts';
import { computeMaxTokens } from '../../../../src/runtime/grammar/max-tokens.ts';

test('the longest path counts, one token per byte of text and number', () => {
  const nodes: GrammarNode[] = [
    { type: 'end' },
    choiceNode('args', [{ tokens: [1], next: 0 }]),
    { type: 'text', field: 'args', minBytes: 0, maxBytes: 10, next: 1 },
    { type: 'number', field: 'args', min: -100, max: 5, maxDecimals: 1, next: 1 },
    choiceNode('control', [
      { tokens: [5, 6, 7, 8], next: 1 }, // 4 + 1
      { tokens: [5, 1], next: 2 }, // 2 + 10 + 1
      { tokens: [7, 8, 9, 1], next: 3 }, // 4 + '-100.0' + 1
    ]),
  ];
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((start) => computeMaxTokens(nodes, start)),
    [0, 1, 11, 7, 13],
  );
});

test('a cycle is an error', () => {
  const nodes: GrammarNode[] = [
    choiceNode('args', [{ tokens: [1], next: 1 }]),
    { type: 'text', field: 'args', minBytes: 0, maxBytes: 1, next: 0 },
  ];
  assert.throws(() => computeMaxTokens(nodes, 0), { name: 'InvariantError', message: /leads back to itself/ });
  const itself = [choiceNode('args', [{ tokens: [1], next: 0 }])];
  assert.throws(() => computeMaxTokens(itself, 0), { name: 'InvariantError', message: /leads back to itself/ });
});

test('a node that does not exist is an error', () => {
  assert.throws(() => computeMaxTokens([choiceNode('args', [{ tokens: [1], next: 3 }])], 0), {
    name: 'InvariantError',
  });
});

test('a long chain and a wide diamond take no recursion and no repetition', () => {
  const nodes: GrammarNode[] = [{ type: 'end' }];
  for (let i = 0; i < 50_000; i++) {
    nodes.push(
      choiceNode('args', [
        { tokens: [1], next: i },
        { tokens: [2, 3], next: i },
      ]),
    );
  }
  assert.equal(computeMaxTokens(nodes, 50_000), 100_000);
});
