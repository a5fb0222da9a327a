/** The sampler against the definition of the distribution it draws from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AllowedTokens } from '../../src/runtime/grammar/decision-tokens.ts';
import { Sampler } from '../../src/runtime/sampling/sampler.ts';

const logits = fc
  .array(fc.oneof(fc.float({ min: -20, max: 20, noNaN: true }), fc.constant(Number.NEGATIVE_INFINITY)), {
    minLength: 1,
  })
  .map((row) => Float32Array.from([0, ...row]));
const temperature = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 2, noNaN: true }));

/** A row with some of its tokens, ascending; at least the first, whose logit is finite. */
const decision = logits.chain((logits) =>
  fc.subarray([...logits.keys()].slice(1)).map((rest) => ({ logits, tokens: [0, ...rest] })),
);

/** Probabilities by the textbook. */
function softmax(logits: readonly number[]): number[] {
  const weights = logits.map((logit) => Math.exp(logit));
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
}

function only(tokens: readonly number[]): AllowedTokens {
  return { tokens: Int32Array.from(tokens), count: tokens.length, ends: new Int32Array(0) };
}

function sample(options: { temperature: number; seed: number }, logits: Float32Array, tokens: readonly number[]) {
  return { ...new Sampler(options).sample(logits, only(tokens)) };
}

test('the sampled token is allowed and possible, its log probability that of the softmax over the allowed tokens', () => {
  fc.assert(
    fc.property(decision, temperature, fc.nat(), ({ logits, tokens }, temperature, seed) => {
      const { token, logProb } = sample({ temperature, seed }, logits, tokens);
      const rank = tokens.indexOf(token);
      assert.ok(rank >= 0);
      assert.ok(Number.isFinite(logits[token]));
      const expected = softmax(tokens.map((token) => logits[token] as number))[rank] as number;
      assert.ok(Math.abs(logProb - Math.log(expected)) < 1e-9, `${logProb} for ${Math.log(expected)}`);
    }),
  );
});

test('the probabilities of all allowed tokens add up to 1', () => {
  fc.assert(
    fc.property(decision, fc.nat(), ({ logits, tokens }, seed) => {
      const few = tokens.slice(0, 6);
      // So hot that every possible token is drawn soon; the log probability knows nothing of it.
      const sampler = new Sampler({ temperature: 1e9, seed });
      const probabilities = new Map<number, number>();
      for (let i = 0; i < 300; i++) {
        const { token, logProb } = sampler.sample(logits, only(few));
        probabilities.set(token, Math.exp(logProb));
      }
      const total = [...probabilities.values()].reduce((sum, probability) => sum + probability);
      assert.ok(Math.abs(total - 1) < 1e-9, `${total}`);
    }),
  );
});

test('neither a shift of all logits nor those of other tokens change anything', () => {
  const shift = fc.integer({ min: -64, max: 64 });
  fc.assert(
    fc.property(decision, shift, fc.record({ temperature, seed: fc.nat() }), (decision, shift, options) => {
      // Quarters, so that shifting loses no digit.
      const logits = decision.logits.map((logit) => Math.round(logit * 4) / 4);
      const { tokens } = decision;
      const changed = logits.map((logit, token) => (tokens.includes(token) ? logit + shift : 1000));
      assert.deepEqual(sample(options, changed, tokens), sample(options, logits, tokens));
    }),
  );
});

test('sampled frequencies follow the softmax at their temperature', () => {
  const logits = Float32Array.from([9, 0.5, -1, 2, 1.25, 0, -2.5, 9, 1.5]);
  const tokens = [1, 2, 3, 4, 5, 6, 8];
  const allowed = only(tokens);
  const numDraws = 20_000;
  for (const temperature of [0.5, 1, 2]) {
    const expected = softmax(tokens.map((token) => (logits[token] as number) / temperature));
    for (const seed of [1, 2, 3]) {
      const sampler = new Sampler({ temperature, seed });
      const counts = new Map<number, number>();
      for (let i = 0; i < numDraws; i++) {
        const { token } = sampler.sample(logits, allowed);
        counts.set(token, (counts.get(token) ?? 0) + 1);
      }
      const chiSquare = expected.reduce((sum, probability, rank) => {
        const expectedCount = probability * numDraws;
        return sum + ((counts.get(tokens[rank] as number) ?? 0) - expectedCount) ** 2 / expectedCount;
      }, 0);
      // 6 degrees of freedom, p = 0.001.
      assert.ok(chiSquare < 22.46, `chi-square ${chiSquare} at temperature ${temperature}, seed ${seed}`);
    }
  }
});
