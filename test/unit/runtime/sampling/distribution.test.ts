import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Distribution } from '../../../../src/runtime/sampling/distribution.ts';

/** So many that they lie in several blocks, in an order that is not theirs, and a few that end a text. */
const NUM_TOKENS = 5000;
const ENDS = Int32Array.of(3, 4999);
const logits = Float32Array.from({ length: NUM_TOKENS }, (_, token) => Math.sin(token) * 3);
const PEAK = Math.max(...logits);
const tokens = Int32Array.from({ length: NUM_TOKENS }, (_, i) => (i * 7) % NUM_TOKENS).filter((t) => !ENDS.includes(t));
const allowed = { tokens: Int32Array.from([...tokens, 0, 1, 2]), count: tokens.length, ends: ENDS };
const all = [...tokens, ...ENDS];

function looking(): Distribution {
  const distribution = new Distribution();
  distribution.look(logits, allowed);
  return distribution;
}

const weightOf = (token: number, temperature: number) => Math.exp(((logits[token] as number) - PEAK) / temperature);

test('the likeliest token is found wherever it lies', () => {
  for (const token of [tokens[0], tokens[1024], tokens.at(-1), ...ENDS] as number[]) {
    const distribution = new Distribution();
    const raised = logits.slice();
    raised[token] = 10;
    distribution.look(raised, allowed);
    assert.equal(distribution.likeliest, token);
  }
});

test('probabilities are those of the softmax', () => {
  const total = all.reduce((sum, token) => sum + weightOf(token, 1), 0);
  const distribution = looking();
  for (const token of [...tokens.slice(0, 50), ...ENDS]) {
    const expected = Math.log(weightOf(token, 1) / total);
    assert.ok(Math.abs(distribution.logProb(token) - expected) < 1e-9);
  }
});

test('a point falls on each token over a stretch as wide as its weight, in their order', () => {
  for (const temperature of [0.5, 1, 2]) {
    const distribution = looking();
    const total = distribution.totalWeight(temperature);
    let passed = 0;
    for (const token of all) {
      const weight = weightOf(token, temperature);
      assert.equal(distribution.tokenAt(passed + weight / 2), token);
      passed += weight;
    }
    assert.ok(Math.abs(total - passed) < 1e-9 * passed);
  }
});

test('the very end of all tokens is still a token', () => {
  const distribution = looking();
  assert.equal(distribution.tokenAt(distribution.totalWeight(1)), distribution.likeliest);
});

test('it turns from a large decision to a small one and back', () => {
  const distribution = looking();
  const total = distribution.totalWeight(1);
  distribution.look(logits, { tokens: Int32Array.of(8), count: 1, ends: new Int32Array(0) });
  assert.deepEqual([distribution.likeliest, distribution.logProb(8), distribution.totalWeight(1)], [8, 0, 1]);
  distribution.look(logits, { tokens: new Int32Array(4), count: 0, ends: Int32Array.of(9) });
  assert.deepEqual([distribution.likeliest, distribution.totalWeight(1), distribution.tokenAt(0.5)], [9, 1, 9]);
  distribution.look(logits, allowed);
  assert.equal(distribution.totalWeight(1), total);
});
