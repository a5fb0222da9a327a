import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceNode } from '../../../../src/runtime/grammar/builder.ts';
import { KnownNodes } from '../../../../src/runtime/worker/known-nodes.ts';
import { packGrammar, unpackGrammar } from '../../../../src/runtime/worker/packed-request.ts';
import { coinFlips } from '../../../support/engine-grammars.ts';

const read = (cells: Int32Array) => choiceNode('control', [{ tokens: cells, next: 0 }]);

test('equal choices of different requests are the same object, and what differs is another', () => {
  const known = new KnownNodes();
  const nodesOf = (grammar = coinFlips(3)) => unpackGrammar(packGrammar(grammar), known).nodes;
  const [first, second] = [nodesOf(), nodesOf()];
  assert.deepEqual(second, first);
  for (const [i, node] of first.entries()) if (node.type === 'choice') assert.equal(second[i], node);
  assert.deepEqual(nodesOf(coinFlips(2)), coinFlips(2).nodes);
});

test('of two choices with the same hash, the later one is known', () => {
  const known = new KnownNodes();
  // The first cell of each is what makes the hash of the second cell 0.
  const hashOf = (cell: number) => Math.imul(0x811c9dc5 ^ cell, 0x01000193);
  const [a, b] = [Int32Array.of(1, hashOf(1)), Int32Array.of(2, hashOf(2))];
  assert.deepEqual([...known.of(a, read).tokens], [...a]);
  assert.deepEqual([...known.of(b, read).tokens], [...b]);
  assert.deepEqual([...known.of(a, read).tokens], [...a]);
});

test('keeps no memory of the request that a choice came with, and forgets what does not come back', () => {
  const known = new KnownNodes();
  const whole = Int32Array.of(7, 8, 9);
  const node = known.of(whole.subarray(1), read);
  whole.fill(0);
  assert.equal(known.of(Int32Array.of(8, 9), read), node);
  for (let i = 0; i < 256; i++) known.of(Int32Array.of(-1, i), read);
  assert.equal(
    known.of(Int32Array.of(8, 9), read),
    node,
    'it is in the older generation, and so in the younger one again',
  );
  for (let i = 0; i < 600; i++) known.of(Int32Array.of(-2, i), read);
  assert.notEqual(known.of(Int32Array.of(8, 9), read), node);
});
