import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expOfNegative } from '../../../../src/runtime/sampling/fast-exp.ts';
import { Rng } from '../../../../src/runtime/sampling/rng.ts';

test('it is exp, to 12 digits', () => {
  const rng = new Rng(1);
  const samples = [0, -0, -Number.MIN_VALUE, -1e-9, -Math.LN2, -Math.LN2 / 512, -699.99, -700];
  for (let i = 0; i < 20_000; i++) samples.push(-(700 ** rng.nextFloat()), -rng.nextFloat());
  for (const x of samples) {
    const error = Math.abs(expOfNegative(x) / Math.exp(x) - 1);
    assert.ok(error < 1e-12, `exp(${x}) is off by ${error}`);
  }
});

test('what is next to nothing is nothing', () => {
  assert.deepEqual([-701, -1e300, -Infinity].map(expOfNegative), [0, 0, 0]);
});
