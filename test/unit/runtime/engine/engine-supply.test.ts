/** Requests whose grammar follows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../../../src/runtime/engine/engine.ts';
import type { Grammar } from '../../../../src/runtime/grammar/grammar.ts';
import { anEngine, aRequest, runToEnd, shape } from '../../../support/engine-builders.ts';
import { aVocabulary, chain, coinFlips } from '../../../support/engine-grammars.ts';
import { answerOf, generateAlone } from '../../../support/engine-oracle.ts';

/** A request whose grammar comes after so many steps; how it ends. */
function ask(engine: Engine, grammar: Grammar, { stepsBefore, id = 0 }: { stepsBefore: number; id?: number }) {
  const { grammar: _grammar, ...open } = aRequest();
  engine.submit(id, open, 0);
  for (let i = 0; i < stepsBefore; i++) engine.step();
  engine.checkIntegrity();
  engine.supply(id, grammar);
  const [event] = runToEnd(engine);
  engine.checkIntegrity();
  return event?.type === 'failed' ? event.error.code : event;
}

for (const stepsBefore of [0, 1, 3]) {
  test(`a grammar that comes after ${stepsBefore} steps decides as one that was there`, () => {
    for (const grammar of [coinFlips(3), chain([[2, 3]], [[0], [1]]), chain([[2, 3]])]) {
      const end = ask(anEngine().engine, grammar, { stepsBefore });
      assert.ok(typeof end === 'object' && end.type === 'finished');
      assert.deepEqual(answerOf(end.result), generateAlone(aRequest({ grammar }), aVocabulary(4)));
    }
  });
}

test('nothing is computed while the grammar is missing, and nothing twice when it comes', () => {
  const { engine, runner } = anEngine();
  ask(engine, coinFlips(2), { stepsBefore: 5 });
  assert.deepEqual(runner.plans.map(shape), [[[0, 0, 3]], [[0, 3, 1]]]);
});

test('what is forced from the start is computed after the prompt when it comes late', () => {
  const { engine, runner } = anEngine();
  ask(engine, chain([[2, 3]], [[0], [1]]), { stepsBefore: 1 });
  assert.deepEqual(runner.plans.map(shape), [[[0, 0, 3]], [[0, 3, 2]]]);
});

test('the wait for the grammar counts as waiting, not as computing', () => {
  const onStep = () => {
    world.clock.nowMs += 10;
    return undefined;
  };
  const world = anEngine({ onStep });
  const { engine, clock } = world;
  const { grammar, ...open } = aRequest();
  engine.submit(0, open, 0);
  engine.step();
  clock.nowMs += 7;
  engine.supply(0, grammar);
  const [event] = runToEnd(engine);
  assert.ok(event?.type === 'finished');
  const { queueMs, prefillMs, decodeMs } = event.result;
  assert.deepEqual({ queueMs, prefillMs, decodeMs }, { queueMs: 7, prefillMs: 10, decodeMs: 10 });
});

test('a grammar that is of no use ends its request, computed or not', () => {
  const broken = { ...coinFlips(2), start: 9 };
  for (const stepsBefore of [0, 1]) {
    assert.equal(ask(anEngine().engine, broken, { stepsBefore }), 'internal');
    assert.equal(ask(anEngine().engine, coinFlips(100_000), { stepsBefore }), 'context_length');
  }
});

test('rows of NaN that waited for the grammar fail their requests, and show that the backend does not work', () => {
  const { engine } = anEngine({
    onStep: ({ entries: [entry] }) => ({ type: 'nan', sequenceId: entry?.sequenceId ?? 0 }),
  });
  for (let i = 0; i < 3; i++) {
    assert.equal(engine.unhealthyReason, undefined);
    assert.equal(ask(engine, coinFlips(2), { stepsBefore: 1, id: i }), 'backend_failed');
  }
  assert.match(engine.unhealthyReason ?? '', /last 3 steps failed/);
});

test('a grammar for a request that has ended, or never was, changes nothing', () => {
  const { engine } = anEngine();
  const { grammar, ...open } = aRequest();
  engine.supply(5, grammar);
  for (const id of [0, 1]) engine.submit(id, open, 0);
  engine.step();
  engine.cancel(0);
  engine.supply(0, grammar);
  engine.checkIntegrity();
  assert.deepEqual(
    engine.step().events.map(({ id, type }) => [id, type]),
    [[0, 'failed']],
  );
  engine.supply(0, grammar);
  engine.supply(1, grammar);
  assert.deepEqual(
    runToEnd(engine).map(({ id, type }) => [id, type]),
    [[1, 'finished']],
  );
});
