import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Generation } from '../../../../src/runtime/engine/generation.ts';
import { choiceNode } from '../../../../src/runtime/grammar/builder.ts';
import { Vocabulary } from '../../../../src/runtime/grammar/vocabulary.ts';
import { aRequest } from '../../../support/engine-builders.ts';
import { aVocabulary, byteTokens, chain, grammarOf } from '../../../support/engine-grammars.ts';

test('takes the likeliest allowed token, however likely a forbidden one is', () => {
  const generation = new Generation(aRequest({ grammar: chain([[1], [2]], [[0], [3]]) }), aVocabulary(4));
  assert.deepEqual(generation.decide(Float32Array.of(9, 1, 2, 9)), Int32Array.of(2));
  assert.deepEqual(generation.decide(Float32Array.of(1, 9, 9, 0)), Int32Array.of(0));
  assert.equal(generation.isComplete, true);
});

test('returns the chosen token and all that follow from it, up to the next decision', () => {
  const generation = new Generation(
    aRequest({
      grammar: chain(
        [
          [0, 2, 3],
          [1, 1],
        ],
        [[2]],
        [[0], [1]],
      ),
    }),
    aVocabulary(4),
  );
  assert.deepEqual(generation.decide(Float32Array.of(1, 0, 0, 0)), Int32Array.of(0, 2, 3, 2));
  assert.equal(generation.isComplete, false);
  assert.deepEqual([generation.generatedTokens, generation.forcedTokens], [1, 3]);
});

test('sums the log-probabilities of a field over its decisions', () => {
  const even = Float32Array.of(0, 0, 0, 0);
  // Five choices of one field each; the fifth is about the control again.
  const generation = new Generation(
    aRequest({ grammar: chain([[0], [1]], [[0], [1]], [[0], [1]], [[0], [1]], [[0], [1], [2], [3]]) }),
    aVocabulary(4),
  );
  while (!generation.isComplete) generation.decide(even);
  const expected = { control: Math.log(1 / 8), function: Math.log(0.5), args: Math.log(0.5), status: Math.log(0.5) };
  for (const [field, logProb] of Object.entries(expected)) {
    assert.ok(Math.abs(generation.logProbs[field as keyof typeof expected] - logProb) < 1e-12, field);
  }
});

test('writes free text until the token behind it is chosen', () => {
  const end = 256;
  const vocabulary = new Vocabulary({ tokens: byteTokens(1) });
  const grammar = grammarOf([
    { type: 'text', field: 'args', minBytes: 1, maxBytes: 3, next: 1 },
    choiceNode('args', [{ tokens: [end], next: 2 }]),
    { type: 'end' },
  ]);
  const generation = new Generation(aRequest({ grammar }), vocabulary);
  const likely = (token: number) => Float32Array.from({ length: 257 }, (_, id) => (id === token ? 1 : 0));
  const letter = (text: string) => text.charCodeAt(0);
  generation.decide(likely(letter('h')));
  generation.decide(likely(letter('i')));
  generation.decide(likely(end));
  assert.equal(generation.isComplete, true);
  assert.deepEqual([...generation.tokens], [letter('h'), letter('i'), end]);
});

test('a row that is not made of numbers is refused, and nothing is taken', () => {
  const generation = new Generation(aRequest({ grammar: chain([[0], [1]]) }), aVocabulary(4));
  assert.throws(() => generation.decide(new Float32Array(4).fill(Number.NaN)), { code: 'backend_failed' });
  assert.equal(generation.tokens.length, 0);
});
