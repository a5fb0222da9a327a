import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine, EngineEvent } from '../../../../src/runtime/engine/engine.ts';
import type { GenerateRequest, GenerateResult } from '../../../../src/runtime/engine/generate.ts';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { anEngine, aRequest, runToEnd, shape } from '../../../support/engine-builders.ts';
import { aVocabulary, coinFlips } from '../../../support/engine-grammars.ts';
import { answerOf, generateAlone } from '../../../support/engine-oracle.ts';

/** A request whose prompt is these tokens; two of its answer are chosen. */
function asking(...tokens: number[]): GenerateRequest {
  return aRequest({ promptTokens: Int32Array.from(tokens) });
}

/** Blocks of 2 tokens, 20 bytes each. */
const STORE = { prefixStoreBytes: 1_000, prefixBlockTokens: 2 };

function resultOf(events: readonly EngineEvent[]): GenerateResult {
  const [event] = events;
  assert.ok(events.length === 1 && event?.type === 'finished');
  return event.result;
}

function ask(engine: Engine, id: number, request: GenerateRequest): GenerateResult {
  engine.submit(id, request, 0);
  const result = resultOf(runToEnd(engine));
  assert.deepEqual(answerOf(result), generateAlone(request, aVocabulary(4)));
  return result;
}

test('a prompt that begins like an earlier one is computed from where they part, in whole blocks', () => {
  const { engine, runner } = anEngine(STORE);
  assert.equal(ask(engine, 0, asking(0, 1, 2, 3, 0)).cachedTokens, 0);
  assert.equal(ask(engine, 1, asking(0, 1, 2, 3, 1, 1)).cachedTokens, 4);
  assert.equal(ask(engine, 2, asking(0, 1, 3, 3, 1, 1)).cachedTokens, 2);
  assert.deepEqual(runner.moved, { save: 4 + 0 + 2, restore: 4 + 2, copy: 0 });
});

test('the same prompt again is computed from its last block on: its last token gives the logits', () => {
  const { engine, runner } = anEngine(STORE);
  ask(engine, 0, asking(0, 1, 2, 3));
  assert.equal(ask(engine, 1, asking(0, 1, 2, 3)).cachedTokens, 2);
  assert.deepEqual(shape(runner.plans[2] ?? { entries: [], numTokens: 0 }), [[1, 2, 2]]);
  assert.equal(runner.moved.save, 2, 'what is here is not saved again, nor the block of the last token');
});

test('saving waits until the answer was told', () => {
  const { engine, runner } = anEngine(STORE);
  engine.submit(0, asking(0, 1, 2, 3), 0);
  engine.step();
  assert.equal(resultOf(engine.step().events).cachedTokens, 0);
  assert.equal(runner.moved.save, 0);
  assert.equal(engine.hasWork, true);
  assert.deepEqual(engine.step(), { events: [], report: undefined });
  assert.equal(runner.moved.save, 2);
  assert.equal(engine.hasWork, false);
});

test('a request that comes while another computes the same prompt begins with what that has so far', () => {
  const { engine } = anEngine({ ...STORE, limits: { maxChunkTokens: 4 } });
  engine.submit(0, asking(0, 1, 2, 3, 0, 1, 2, 3), 0);
  engine.step();
  engine.submit(1, asking(0, 1, 2, 3, 3, 3, 3, 3), 0);
  const results = runToEnd(engine).map((event) => [event.id, event.type === 'finished' && event.result.cachedTokens]);
  assert.deepEqual(results.sort(), [
    [0, 0],
    [1, 4],
  ]);
});

test('what a cancelled request has computed serves the next one', () => {
  const { engine } = anEngine({ ...STORE, numSlots: 1 });
  engine.submit(0, asking(0, 1, 2, 3, 0), 0);
  engine.step();
  engine.cancel(0);
  engine.submit(1, asking(0, 1, 2, 3, 1), 0);
  const events = runToEnd(engine);
  assert.deepEqual(
    events.map((event) => [
      event.id,
      event.type === 'finished' ? event.result.cachedTokens : event.type === 'failed' && event.error.code,
    ]),
    [
      [0, 'cancelled'],
      [1, 4],
    ],
  );
});

test('what a failed step leaves behind is not kept', () => {
  const { engine, runner } = anEngine({
    ...STORE,
    numSlots: 1,
    onStep: (_, index) => (index === 1 ? { type: 'throw' } : undefined),
  });
  engine.submit(0, aRequest({ promptTokens: Int32Array.of(0, 1, 2, 3), grammar: coinFlips(9) }), 0);
  assert.deepEqual(
    runToEnd(engine).map(({ type }) => type),
    ['failed'],
  );
  assert.equal(runner.moved.save, 0);
});

test('a restore that fails fails its step; a save that fails nobody', () => {
  let failing: string | undefined;
  const { engine, runner } = anEngine({
    ...STORE,
    onTransfer: (kind) => {
      if (kind === failing) throw new Error(`no ${kind}`);
    },
  });
  failing = 'save';
  ask(engine, 0, asking(0, 1, 2, 3));
  assert.equal(runner.blocks.size, 0);
  failing = undefined;
  ask(engine, 1, asking(0, 1, 2, 3));
  failing = 'restore';
  engine.submit(2, asking(0, 1, 2, 3), 0);
  const [event] = runToEnd(engine);
  assert.ok(event?.type === 'failed');
  assert.match(event.error.message, /no restore/);
  failing = undefined;
  assert.equal(ask(engine, 3, asking(0, 1, 2, 3)).cachedTokens, 2);
});

test('the store stays within its bytes, tells what it does, and is empty after the end', () => {
  const { engine, runner } = anEngine({ ...STORE, prefixStoreBytes: 60 });
  const seen = { prefixQueriedTokens: 0, prefixHitTokens: 0, prefixEvictedBlocks: 0 };
  for (let id = 0; id < 4; id++) {
    // Blocks 0 1, then one of its own; the third and the fourth evict.
    engine.submit(id, asking(0, 1, 3, id, 0), 0);
    while (engine.hasWork) {
      const { report } = engine.step();
      engine.checkIntegrity('blocks');
      assert.ok(engine.prefixStoreBytes <= 60);
      for (const key of ['prefixQueriedTokens', 'prefixHitTokens', 'prefixEvictedBlocks'] as const) {
        seen[key] += report?.[key] ?? 0;
      }
    }
  }
  // The last token of a prompt is never looked for; the eviction after the last step has no report yet.
  assert.deepEqual(seen, { prefixQueriedTokens: 16, prefixHitTokens: 6, prefixEvictedBlocks: 1 });
  assert.equal(engine.prefixStoreBytes, 60);
  engine[Symbol.dispose]();
  assert.equal(runner.blocks.size, 0);
});

test('a probe overwrites slots only after what is worth keeping was kept', () => {
  const { engine, runner } = anEngine(STORE);
  engine.submit(0, asking(0, 1, 2, 3), 0);
  engine.step();
  engine.step();
  engine.probe();
  assert.equal(runner.moved.save, 2);
  assert.equal(ask(engine, 1, asking(0, 1, 2, 3)).cachedTokens, 2);
});

test('gets ready for blocks until the store is full', () => {
  const wanted: number[] = [];
  const onPrepare = (numTokens: number) => wanted.push(numTokens) > 0;
  const { engine } = anEngine({ ...STORE, prefixStoreBytes: 59, onPrepare });
  assert.equal(engine.prepare(), true);
  ask(engine, 0, asking(0, 1, 2));
  assert.equal(engine.prepare(), true);
  ask(engine, 1, asking(1, 1, 2));
  assert.equal(engine.prepare(), false, 'two blocks of 20 bytes are here, and there is no room for a third');
  assert.deepEqual(wanted, [2, 2]);
});

test('a failing preparation is nothing to do, and no bad health', () => {
  const onPrepare = () => {
    throw new GatewayError('backend_failed', 'no room');
  };
  const { engine } = anEngine({ ...STORE, onPrepare });
  assert.equal(engine.prepare(), false);
  assert.equal(engine.unhealthyReason, undefined);
});

test('without a store nothing is saved, and there is nothing left to do after an answer', () => {
  const { engine, runner } = anEngine({ prefixStoreBytes: 0, onPrepare: () => true });
  ask(engine, 0, asking(0, 1, 2, 3));
  ask(engine, 1, asking(0, 1, 2, 3));
  assert.deepEqual(runner.moved, { save: 0, restore: 0, copy: 0 });
  assert.equal(engine.prepare(), false);
});
