import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AllowedTokens } from '../../../../src/runtime/grammar/decision-tokens.ts';
import { Sampler } from '../../../../src/runtime/sampling/sampler.ts';

const row = (...logits: number[]) => Float32Array.from(logits);
const greedy = () => new Sampler({ temperature: 0, seed: 1 });

function only(...tokens: number[]): AllowedTokens {
  // What lies behind `count` must not be looked at.
  return { tokens: Int32Array.from([...tokens, 0, 99]), count: tokens.length, ends: new Int32Array(0) };
}

test('greedy takes the likeliest of the allowed tokens', () => {
  assert.equal(greedy().sample(row(9, 1, 3, 2), only(1, 2, 3)).token, 2);
});

test('greedy takes the lowest id among equals', () => {
  assert.equal(greedy().sample(row(0, 5, 1, 5, 5), only(1, 2, 3, 4)).token, 1);
});

test('the tokens that end a text are as good as any', () => {
  const allowed = { tokens: Int32Array.of(1, 2), count: 2, ends: Int32Array.of(0, 3) };
  assert.equal(greedy().sample(row(1, 2, 3, 4), allowed).token, 3);
  assert.equal(greedy().sample(row(4, 2, 4, 1), allowed).token, 0);
  const sampler = new Sampler({ temperature: 2, seed: 1 });
  const drawn = new Set(Array.from({ length: 200 }, () => sampler.sample(row(1, 1, 1, 1), allowed).token));
  assert.deepEqual([...drawn].sort(), [0, 1, 2, 3]);
});

test('a temperature close to 0 is greedy', () => {
  for (let seed = 0; seed < 50; seed++) {
    const sampler = new Sampler({ temperature: 1e-6, seed });
    assert.equal(sampler.sample(row(1, 1.1, 1), only(0, 1, 2)).token, 1);
  }
});

test('what the grammar leaves out has no share in the probability', () => {
  const { token, logProb } = greedy().sample(row(100, Math.log(3), Math.log(1), 100), only(1, 2));
  assert.equal(token, 1);
  assert.ok(Math.abs(logProb - Math.log(3 / 4)) < 1e-6);
});

test('the log probability is that at temperature 1, whatever the temperature', () => {
  const logits = row(Math.log(1), Math.log(2), Math.log(5));
  for (const temperature of [0, 0.3, 1, 2]) {
    const { token, logProb } = new Sampler({ temperature, seed: 3 }).sample(logits, only(0, 1, 2));
    assert.ok(Math.abs(logProb - Math.log([1, 2, 5][token] as number) + Math.log(8)) < 1e-6);
  }
});

test('a single token is certain', () => {
  for (const temperature of [0, 1]) {
    const { token, logProb } = new Sampler({ temperature, seed: 1 }).sample(row(-50, -80), only(1));
    assert.deepEqual([token, logProb], [1, 0]);
  }
});

test('extreme logits neither overflow nor vanish', () => {
  const { logProb } = greedy().sample(row(3e38, 3e38, -3e38), only(0, 1, 2));
  assert.ok(Math.abs(logProb - Math.log(0.5)) < 1e-12);
  for (let seed = 0; seed < 50; seed++) {
    const sampler = new Sampler({ temperature: 2, seed });
    assert.notEqual(sampler.sample(row(-3e38, Number.NEGATIVE_INFINITY, -3e38), only(0, 1, 2)).token, 1);
  }
});

test('the same seed draws the same tokens, another seed others', () => {
  const logits = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i));
  const allowed = only(...Array(50).keys());
  const draws = (seed: number) => {
    const sampler = new Sampler({ temperature: 1, seed });
    return Array.from({ length: 20 }, () => sampler.sample(logits, allowed).token);
  };
  assert.deepEqual(draws(5), draws(5));
  assert.notDeepEqual(draws(5), draws(6));
});

test('logits that are no numbers are the backend’s failure', () => {
  const failure = { name: 'GatewayError', code: 'backend_failed' };
  for (const sampler of [greedy(), new Sampler({ temperature: 1, seed: 1 })]) {
    assert.throws(() => sampler.sample(row(1, Number.NaN, 2), only(0, 1, 2)), failure);
    assert.throws(() => sampler.sample(row(-Infinity, -Infinity), only(0, 1)), failure);
    assert.throws(() => sampler.sample(row(1, Infinity), only(0, 1)), failure);
    assert.equal(sampler.sample(row(1, Number.NaN), only(0)).token, 0);
  }
});

test('nothing allowed, a token without a logit or a senseless temperature are bugs', () => {
  const bug = { name: 'InvariantError' };
  assert.throws(() => greedy().sample(row(1, 2), only()), bug);
  assert.throws(() => greedy().sample(row(1, 2), only(1, 2)), bug);
  for (const temperature of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => new Sampler({ temperature, seed: 1 }), bug);
  }
});
