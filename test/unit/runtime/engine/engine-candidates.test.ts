import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GenerateRequest, GenerateResult } from '../../../../src/runtime/engine/generate.ts';
import { anEngine, aRequest, runToEnd } from '../../../support/engine-builders.ts';
import { aVocabulary, chain, coinFlips } from '../../../support/engine-grammars.ts';
import { candidatesAlone, logProbOf } from '../../../support/engine-oracle.ts';

/** Eight possible answers, of different lengths. */
const GRAMMAR = chain([[0, 2], [1]], [[2, 2, 2]], [[0], [1, 3]], [[0], [1]]);

type Options = Parameters<typeof anEngine>[0];

function run(request: GenerateRequest, options: Options = {}) {
  const world = anEngine({ mayRepeat: () => true, numSlots: 4, ...options });
  world.engine.submit(0, request, 0);
  const [event] = runToEnd(world.engine);
  assert.ok(event?.type === 'finished', JSON.stringify(event));
  return { ...world, result: event.result };
}

function tokensOf({ candidates }: GenerateResult): number[][] {
  return candidates.map(({ tokens }) => [...tokens]);
}

describe('several candidates', () => {
  test('are the most probable answers, in order, and the first of them is the result', () => {
    const request = aRequest({ grammar: GRAMMAR, candidates: 4 });
    const { result } = run(request);
    const expected = candidatesAlone(request, aVocabulary(4));
    assert.equal(result.candidates.length, 4);
    assert.deepEqual(
      tokensOf(result),
      expected.map(({ tokens }) => tokens),
    );
    assert.deepEqual({ tokens: result.tokens, logProbs: result.logProbs }, result.candidates[0]);
    assert.equal(result.generatedTokens + result.forcedTokens, result.tokens.length);
    const logProbs = result.candidates.map(logProbOf);
    assert.deepEqual(
      logProbs,
      logProbs.toSorted((a, b) => b - a),
    );
  });

  test('are all there are, when more are wanted', () => {
    const { result } = run(aRequest({ grammar: GRAMMAR, candidates: 16 }));
    assert.equal(new Set(tokensOf(result).map(String)).size, 8);
    const total = result.candidates.reduce((sum, candidate) => sum + Math.exp(logProbOf(candidate)), 0);
    assert.ok(Math.abs(total - 1) < 1e-9, 'their probabilities add up to 1');
  });

  test('of an answer that the grammar forces are that one, without a step', () => {
    const { result, runner } = run(aRequest({ grammar: chain([[1, 2]]), candidates: 5 }));
    assert.deepEqual(tokensOf(result), [[1, 2]]);
    assert.equal(runner.plans.length, 0);
  });

  test('take the prompt only once', () => {
    const { runner } = run(aRequest({ grammar: GRAMMAR, candidates: 8 }));
    const first = runner.plans[0];
    assert.equal(first?.numTokens, 3);
    for (const plan of runner.plans.slice(1)) {
      for (const { start } of plan.entries) assert.ok(start >= 3, 'a token of the prompt is computed again');
    }
  });

  test('do not depend on the number of slots, on chunks, or on who else is there', () => {
    for (const temperature of [0, 1]) {
      const request = aRequest({ grammar: GRAMMAR, candidates: 6, sampling: { temperature, seed: 3 } });
      const expected = tokensOf(run(request).result);
      const others: Options[] = [
        { numSlots: 1 },
        { numSlots: 2 },
        { limits: { maxBranches: 0 } },
        { limits: { maxChunkTokens: 1 } },
        { limits: { maxStepTokens: 2 } },
      ];
      for (const options of others) assert.deepEqual(tokensOf(run(request, options).result), expected);
      const { engine } = anEngine({ mayRepeat: () => true, numSlots: 3, prefixStoreBytes: 999 });
      for (let id = 0; id < 6; id++) engine.submit(id, request, 0);
      for (const event of runToEnd(engine)) {
        assert.deepEqual(event.type === 'finished' && tokensOf(event.result), expected);
      }
    }
  });

  test('need fewer steps where slots are free', () => {
    const request = aRequest({ grammar: coinFlips(5), candidates: 4 });
    const [alone, beside] = [run(request, { numSlots: 1 }), run(request, { numSlots: 4 })];
    assert.ok(beside.runner.plans.length < alone.runner.plans.length);
    assert.equal(alone.runner.moved.copy, 0);
    assert.ok(beside.runner.moved.copy > 0);
  });
});

describe('drawn candidates', () => {
  test('are distinct, the most probable first, and what a request for one gets is among them', () => {
    const request = aRequest({ grammar: coinFlips(6), candidates: 12, sampling: { temperature: 1.5, seed: 8 } });
    const { result } = run(request);
    const answers = tokensOf(result);
    assert.equal(new Set(answers.map(String)).size, answers.length);
    assert.ok(answers.length > 1 && answers.length <= 12);
    const { result: one } = run({ ...request, candidates: 1 });
    assert.ok(answers.map(String).includes(String([...one.tokens])));
  });
});

describe('a request for several', () => {
  test('does not hold up others: they get the slots that it uses beside its own', () => {
    const { engine, runner } = anEngine({ mayRepeat: () => true, numSlots: 3 });
    engine.submit(0, aRequest({ grammar: coinFlips(12), candidates: 16 }), 0);
    for (let i = 0; i < 4; i++) engine.step();
    assert.equal(engine.slotsInUse, 3);
    for (const id of [1, 2]) engine.submit(id, aRequest({ grammar: coinFlips(1) }), 0);
    assert.deepEqual(
      engine.step().events.map(({ id, type }) => [id, type]),
      [
        [1, 'finished'],
        [2, 'finished'],
      ],
    );
    assert.deepEqual(
      runner.plans.at(-1)?.entries.map(({ sequenceId }) => sequenceId),
      [0, 1, 2],
    );
    assert.equal(runToEnd(engine).length, 1);
  });

  test('frees all its slots by the next step when it is cancelled', () => {
    const { engine } = anEngine({ mayRepeat: () => true, numSlots: 3 });
    engine.submit(0, aRequest({ grammar: coinFlips(12), candidates: 16 }), 0);
    for (let i = 0; i < 4; i++) engine.step();
    engine.cancel(0);
    engine.step();
    assert.equal(engine.slotsInUse, 0);
  });

  test('fails when the logits of one of its answers are no numbers', () => {
    const { engine } = anEngine({
      mayRepeat: () => true,
      numSlots: 3,
      onStep: (_, index) => (index === 2 ? { type: 'nan', sequenceId: 0 } : undefined),
    });
    engine.submit(0, aRequest({ grammar: coinFlips(6), candidates: 3 }), 0);
    const events = runToEnd(engine);
    assert.deepEqual(
      events.map((event) => event.type === 'failed' && event.error.code),
      ['backend_failed'],
    );
    assert.equal(engine.slotsInUse, 0);
  });
});
