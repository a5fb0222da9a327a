import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Engine, type EngineEvent } from '../../../../src/runtime/engine/engine.ts';
import { anEngine, aRequest, GENEROUS, runToEnd, shape } from '../../../support/engine-builders.ts';
import { aVocabulary, chain, coinFlips } from '../../../support/engine-grammars.ts';
import { answerOf, generateAlone } from '../../../support/engine-oracle.ts';
import { FakeModelRunner } from '../../../support/fake-model-runner.ts';

/** `[id, 'finished' or the error's code]` per event. */
function ends(events: readonly EngineEvent[]): [number, string][] {
  return events.map((event) => [event.id, event.type === 'failed' ? event.error.code : event.type]);
}

function finished(event: EngineEvent | undefined): Extract<EngineEvent, { type: 'finished' }> {
  assert.ok(event?.type === 'finished', `it ended with ${JSON.stringify(event)}`);
  return event;
}

describe('an answer', () => {
  test('is what the request gives alone, token by token', () => {
    const { engine } = anEngine();
    const request = aRequest({
      grammar: chain(
        [
          [0, 1],
          [2, 3],
        ],
        [[1]],
        [[0], [1], [2]],
      ),
    });
    engine.submit(7, request, 0);
    const { id, result } = finished(runToEnd(engine)[0]);
    assert.equal(id, 7);
    assert.deepEqual(answerOf(result), generateAlone(request, aVocabulary(4)));
    assert.equal(result.generatedTokens + result.forcedTokens, result.tokens.length);
  });

  test('has forced tokens computed as one chunk with the chosen one before them', () => {
    const { engine, runner } = anEngine();
    // A choice between 0 and 1, then 2 3 2 without a choice, then another choice.
    engine.submit(0, aRequest({ grammar: chain([[0], [1]], [[2, 3, 2]], [[0], [1]]) }), 0);
    const { result } = finished(runToEnd(engine)[0]);
    assert.deepEqual(runner.plans.map(shape), [[[0, 0, 3]], [[0, 3, 4]]]);
    assert.equal(result.generatedTokens, 2);
    assert.equal(result.forcedTokens, 3);
  });

  test('has what is forced from the start computed with the end of the prompt', () => {
    const { engine, runner } = anEngine();
    engine.submit(0, aRequest({ grammar: chain([[2, 3]], [[0], [1]]) }), 0);
    runToEnd(engine);
    assert.deepEqual(runner.plans.map(shape), [[[0, 0, 5]]]);
    assert.deepEqual(runner.plans[0]?.entries[0]?.tokens, Int32Array.of(0, 1, 0, 2, 3));
  });

  test('ends with its last decision: nothing is computed after it', () => {
    const { engine, runner } = anEngine();
    engine.submit(0, aRequest({ grammar: chain([[0], [1]], [[2, 3]]) }), 0);
    const { result } = finished(runToEnd(engine)[0]);
    assert.equal(runner.plans.length, 1);
    assert.deepEqual([...result.tokens].slice(1), [2, 3]);
  });

  test('that the grammar leaves no choice about needs no step at all', () => {
    const { engine, runner } = anEngine();
    engine.submit(0, aRequest({ grammar: chain([[1, 2]], [[3]]) }), 5);
    assert.equal(engine.hasWork, true);
    const { result } = finished(runToEnd(engine)[0]);
    assert.deepEqual(result, {
      tokens: Int32Array.of(1, 2, 3),
      generatedTokens: 0,
      forcedTokens: 3,
      cachedTokens: 0,
      logProbs: { control: 0, function: 0, args: 0, status: 0, words: 0 },
      candidates: [{ tokens: result.tokens, logProbs: result.logProbs }],
      queueMs: 0,
      prefillMs: 0,
      decodeMs: 0,
    });
    assert.equal(runner.plans.length, 0);
  });

  test('says how sure the model was, per field and only of what it chose', () => {
    const { engine } = anEngine();
    engine.submit(0, aRequest({ grammar: chain([[0], [1]], [[2]], [[3]], [[0], [1]]) }), 0);
    const { logProbs } = finished(runToEnd(engine)[0]).result;
    // Greedy between two tokens: at least one half each.
    for (const logProb of [logProbs.control, logProbs.status]) assert.ok(logProb < 0 && logProb >= Math.log(0.5));
    assert.deepEqual([logProbs.function, logProbs.args], [0, 0]);
  });

  test('carries its times: waiting, prompt, answer', () => {
    const runSteps: number[] = [];
    const { engine, clock } = anEngine({
      numSlots: 1,
      limits: { maxChunkTokens: 2 },
      onStep: () => {
        runSteps.push(clock.nowMs);
        clock.nowMs += 10;
        return undefined;
      },
    });
    engine.submit(0, aRequest({ grammar: coinFlips(1) }), 0);
    clock.nowMs = 3;
    // Prompt of 3 in chunks of 2: steps at 3 and 13. The only decision follows the second.
    const { result } = finished(runToEnd(engine)[0]);
    assert.deepEqual([result.queueMs, result.prefillMs, result.decodeMs], [3, 20, 0]);
    engine.submit(1, aRequest({ grammar: coinFlips(3) }), 20);
    const second = finished(runToEnd(engine)[0]).result;
    assert.deepEqual([second.queueMs, second.prefillMs, second.decodeMs], [3, 20, 20]);
  });
});

describe('at the door', () => {
  const { engine } = anEngine({ maxLength: 8 });
  const cases = [
    { problem: 'an empty prompt', request: aRequest({ promptTokens: new Int32Array(0) }), code: 'invalid_request' },
    {
      problem: 'a token past the vocabulary',
      request: aRequest({ promptTokens: Int32Array.of(4) }),
      code: 'invalid_request',
    },
    { problem: 'a negative token', request: aRequest({ promptTokens: Int32Array.of(-1) }), code: 'invalid_request' },
    {
      problem: 'a temperature out of range',
      request: aRequest({ sampling: { temperature: 2.1, seed: 0 } }),
      code: 'invalid_request',
    },
    {
      problem: 'a temperature that is no number',
      request: aRequest({ sampling: { temperature: Number.NaN, seed: 0 } }),
      code: 'invalid_request',
    },
    { problem: 'a priority out of range', request: aRequest({ priority: 10 }), code: 'invalid_request' },
    { problem: 'a priority between two', request: aRequest({ priority: 0.5 }), code: 'invalid_request' },
    { problem: 'no candidate', request: aRequest({ candidates: 0 }), code: 'invalid_request' },
    { problem: 'too many candidates', request: aRequest({ candidates: 17 }), code: 'invalid_request' },
    {
      problem: 'prompt and answer that do not fit',
      request: aRequest({ grammar: coinFlips(6) }),
      code: 'context_length',
    },
    {
      problem: 'a grammar with a token that does not exist',
      request: aRequest({ grammar: chain([[0], [9]]) }),
      code: 'internal',
    },
  ];
  for (const { problem, request, code } of cases) {
    test(`${problem} is refused with ${code}`, () => {
      assert.throws(() => engine.submit(0, request, 0), { code });
      assert.equal(engine.hasWork, false);
    });
  }

  test('prompt and answer may fill the context to the last position', () => {
    engine.submit(0, aRequest({ grammar: coinFlips(5) }), 0);
    assert.deepEqual(ends(runToEnd(engine)), [[0, 'finished']]);
  });

  test('a full queue refuses, and what is under way goes on', () => {
    const world = anEngine({ numSlots: 1, limits: { maxWaitingRequests: 1 } });
    world.engine.submit(0, aRequest(), 0);
    world.engine.submit(1, aRequest(), 0);
    assert.throws(() => world.engine.submit(2, aRequest(), 0), { code: 'overloaded' });
    assert.deepEqual(ends(runToEnd(world.engine)), [
      [0, 'finished'],
      [1, 'finished'],
    ]);
  });

  test('a draining engine refuses, and what it accepted goes on', () => {
    const world = anEngine({ numSlots: 1 });
    world.engine.submit(0, aRequest(), 0);
    world.engine.submit(1, aRequest(), 0);
    world.engine.setMode('drain');
    assert.throws(() => world.engine.submit(2, aRequest(), 0), { code: 'unavailable' });
    assert.deepEqual(ends(runToEnd(world.engine)), [
      [0, 'finished'],
      [1, 'finished'],
    ]);
  });

  test('an id that is under way is a bug of the caller', () => {
    const world = anEngine();
    world.engine.submit(0, aRequest(), 0);
    assert.throws(() => world.engine.submit(0, aRequest(), 0), /is under way already/);
  });

  test('a model with fewer logits than the tokenizer has tokens is not served', () => {
    const runner = new FakeModelRunner({ vocabSize: 3 });
    const options = { runner, vocabulary: aVocabulary(4), scheduler: GENEROUS, clock: () => 0 };
    assert.throws(() => new Engine(options), { code: 'unavailable' });
  });
});

describe('cancelling', () => {
  test('ends a running request at the next step, which its slot serves already', () => {
    const { engine, runner } = anEngine({ numSlots: 1 });
    engine.submit(0, aRequest({ grammar: coinFlips(20) }), 0);
    engine.submit(1, aRequest(), 0);
    engine.step();
    engine.cancel(0);
    assert.deepEqual(ends(engine.step().events), [[0, 'cancelled']]);
    assert.equal(runner.plans.at(-1)?.entries[0]?.sequenceId, 1);
    assert.deepEqual(ends(runToEnd(engine)), [[1, 'finished']]);
  });

  test('all at once ends each exactly once', () => {
    const { engine } = anEngine({ numSlots: 1 });
    for (const id of [0, 1, 2]) engine.submit(id, aRequest(), 0);
    engine.step();
    engine.cancelAll();
    engine.cancelAll();
    assert.deepEqual(ends(runToEnd(engine)).sort(), [
      [0, 'cancelled'],
      [1, 'cancelled'],
      [2, 'cancelled'],
    ]);
    assert.equal(engine.activeRequests, 0);
  });

  test('a deadline ends a request while it runs and while it waits', () => {
    const { engine, clock } = anEngine({ numSlots: 1 });
    engine.submit(0, aRequest({ grammar: coinFlips(20), deadlineMs: 10 }), 0);
    engine.submit(1, aRequest({ deadlineMs: 5 }), 0);
    engine.step();
    clock.nowMs = 10;
    assert.deepEqual(ends(engine.step().events), [
      [0, 'deadline_exceeded'],
      [1, 'deadline_exceeded'],
    ]);
    assert.equal(engine.slotsInUse, 0);
  });
});

describe('reports', () => {
  test('a step tells its batch, its chunks and what waits behind it', () => {
    const { engine, clock } = anEngine({
      onStep: () => {
        clock.nowMs += 4;
        return undefined;
      },
    });
    engine.submit(0, aRequest(), 0);
    engine.step();
    engine.submit(1, aRequest(), 0);
    engine.submit(2, aRequest(), 0);
    // Request 0 decodes its second and last token, 1 computes its prompt of 3, 2 waits with as many.
    assert.deepEqual(engine.step().report, {
      decodeRows: 1,
      chunkTokens: 3,
      durationMs: 4,
      slotsInUse: 1,
      slotsTotal: 2,
      waitingRequests: 1,
      waitingTokens: 3,
      generatedTokens: 2,
      forcedTokens: 0,
      runMs: 4,
      maskMs: 0,
      kvMs: 0,
      prefixQueriedTokens: 0,
      prefixHitTokens: 0,
      prefixEvictedBlocks: 0,
      prefixStoreBytes: 0,
    });
  });

  test('a step that computes nothing has no report', () => {
    const { engine } = anEngine();
    engine.submit(0, aRequest(), 0);
    engine.cancel(0);
    assert.equal(engine.step().report, undefined);
  });
});
