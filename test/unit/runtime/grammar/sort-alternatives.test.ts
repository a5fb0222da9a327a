import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceNode } from '../../../../src/runtime/grammar/builder.ts';
import { sortAlternatives } from '../../../../src/runtime/grammar/sort-alternatives.ts';
import { Rng } from '../../../../src/runtime/sampling/rng.ts';

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((token, i) => token !== b[i]);
  return i === -1 ? a.length - b.length : (a[i] as number) - (b[i] ?? -1);
}

/** The fewer distinct tokens, the more shared prefixes, prefixes of each other and equals. */
function randomSequences(rng: Rng, count: number, numTokens: number): number[][] {
  const below = (limit: number) => Math.floor(rng.nextFloat() * limit);
  return Array.from({ length: count }, () => Array.from({ length: 1 + below(5) }, () => below(numTokens) * 1000));
}

test('alternatives are sorted by their tokens, equals by their index', () => {
  const rng = new Rng(1);
  for (const [count, numTokens] of [
    [1, 3],
    [2, 1],
    [32, 3],
    [33, 3],
    [100, 3],
    [500, 3],
    [500, 100],
    [500, 150],
  ] as const) {
    const sequences = randomSequences(rng, count, numTokens);
    const expected = [...sequences.keys()].sort(
      (a, b) => compare(sequences[a] as number[], sequences[b] as number[]) || a - b,
    );
    const node = choiceNode(
      'control',
      sequences.map((tokens) => ({ tokens, next: 0 })),
    );
    assert.deepEqual([...sortAlternatives(node)], expected);
  }
});

test('long common prefixes are no trouble', () => {
  const sequences = Array.from({ length: 300 }, (_, i) => [...Array(2000).fill(7), 300 - i]);
  const node = choiceNode(
    'control',
    sequences.map((tokens) => ({ tokens, next: 0 })),
  );
  assert.deepEqual(
    [...sortAlternatives(node)],
    Array.from({ length: 300 }, (_, i) => 299 - i),
  );
});
