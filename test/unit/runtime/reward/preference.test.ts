import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preferenceOf } from '../../../../src/runtime/reward/preference.ts';

function order(candidates: readonly { probability: number; raw: number }[]): number[] {
  return candidates
    .map(({ probability, raw }, i) => ({ i, value: preferenceOf({ probability, reward: { raw } }) }))
    .sort((a, b) => b.value - a.value)
    .map(({ i }) => i);
}

test('a reward decides between candidates that are about as probable, and not against what is clear', () => {
  const doubtful = [
    { probability: 0.5, raw: -2 },
    { probability: 0.4, raw: 2 },
  ];
  assert.deepEqual(order(doubtful), [1, 0]);
  const clear = [
    { probability: 0.98, raw: -2 },
    { probability: 0.01, raw: 2 },
  ];
  assert.deepEqual(order(clear), [0, 1]);
});

test('candidates that have next to no probability are compared all the same', () => {
  const impossible = [
    { probability: 0, raw: -1 },
    { probability: 0, raw: 1 },
    { probability: 1e-9, raw: -1 },
  ];
  assert.deepEqual(order(impossible), [2, 1, 0]);
});
