import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { PrefixStore } from '../../../../src/runtime/kv/prefix-store.ts';
import { SlotPool } from '../../../../src/runtime/kv/slot-pool.ts';
import { Scheduler } from '../../../../src/runtime/scheduler/scheduler.ts';
import type { KvSave } from '../../../../src/runtime/scheduler/step-plan.ts';
import { appended, aSequence, COMPLETED, GENEROUS, runStep, shape } from '../../../support/engine-builders.ts';
import { BLOCK_BYTES, saveInto } from '../../../support/prefix-blocks.ts';

/** A scheduler with a store of blocks of 2 tokens, which are all 0. */
function aWorld({ numSlots = 2, ...limits }: { numSlots?: number; maxChunkTokens?: number } = {}) {
  const store = new PrefixStore({ maxBytes: 99 * BLOCK_BYTES, blockTokens: 2, bytesPerToken: BLOCK_BYTES / 2 });
  const scheduler = new Scheduler({ ...GENEROUS, ...limits }, new SlotPool(numSlots), store);
  return { scheduler, store };
}

function keep(store: PrefixStore, numTokens: number): void {
  store.save(new Int32Array(numTokens), saveInto(new Set()));
}

/** `[slot, number of tokens]` per save. */
function shapeOf(saves: readonly KvSave[]): [number, number][] {
  return saves.map(({ slot, tokens }) => [slot, tokens.length]);
}

describe('what an admission begins with', () => {
  test('is the longest prefix in the store, restored before its first chunk', () => {
    const { scheduler, store } = aWorld();
    keep(store, 6);
    const sequence = aSequence({ prompt: 9 });
    scheduler.add(sequence);
    const plan = scheduler.schedule(0);
    assert.deepEqual(shape(plan), [[0, 6, 3]]);
    assert.deepEqual(
      plan.restores.map(({ slot, match }) => [slot, match.numTokens]),
      [[0, 6]],
    );
    assert.equal(sequence.admission?.cachedTokens, 6);
  });

  test('is never all of it: the last token is computed, because its logits are wanted', () => {
    const { scheduler, store } = aWorld();
    keep(store, 6);
    scheduler.add(aSequence({ prompt: 6 }));
    assert.deepEqual(shape(scheduler.schedule(0)), [[0, 4, 2]]);
  });

  test('is nothing where nothing fits, and then nothing is restored', () => {
    const { scheduler, store } = aWorld();
    keep(store, 4);
    scheduler.add(aSequence({ prompt: 2 }));
    const plan = scheduler.schedule(0);
    assert.deepEqual([shape(plan), plan.restores], [[[0, 0, 2]], []]);
  });
});

describe('what is worth keeping', () => {
  test('of a sequence that ended is told once, before its slot is handed out again', () => {
    const { scheduler } = aWorld({ numSlots: 1 });
    scheduler.add(aSequence({ prompt: 5 }));
    runStep(scheduler, 0, () => COMPLETED);
    assert.equal(scheduler.hasWork, true);
    assert.deepEqual(shapeOf(scheduler.retire(0)), [[0, 4]], 'all but the last token');
    assert.equal(scheduler.hasWork, false);
    assert.deepEqual(scheduler.retire(0), []);
  });

  test('are the tokens of the prompt, not those of the answer', () => {
    const { scheduler } = aWorld();
    scheduler.add(aSequence({ prompt: 3 }));
    runStep(scheduler, 0, () => appended(4));
    runStep(scheduler, 0, () => COMPLETED);
    assert.deepEqual(shapeOf(scheduler.retire(0)), [[0, 2]]);
  });

  test('of a cancelled sequence is what was computed until then', () => {
    const { scheduler } = aWorld({ maxChunkTokens: 2 });
    scheduler.add(aSequence({ prompt: 5 }));
    runStep(scheduler, 0);
    scheduler.abort(0);
    assert.deepEqual(shapeOf(scheduler.retire(0)), [[0, 2]]);
  });

  test('of one whose step failed is nothing, even if it was cancelled meanwhile', () => {
    const { scheduler } = aWorld();
    scheduler.add(aSequence());
    runStep(scheduler, 0);
    const plan = scheduler.schedule(0);
    scheduler.abort(0);
    const error = new GatewayError('backend_failed', 'told to');
    scheduler.commit(plan, [{ type: 'failed', error }], 0);
    assert.deepEqual(scheduler.retire(0), []);
  });

  test('of one that never ran is nothing', () => {
    const { scheduler } = aWorld();
    scheduler.add(aSequence());
    scheduler.abort(0);
    assert.deepEqual(scheduler.retire(0), []);
  });

  test('of running sequences is told when somebody is about to be admitted, who may begin with it', () => {
    const { scheduler } = aWorld({ numSlots: 2 });
    scheduler.add(aSequence({ id: 0, prompt: 4 }));
    runStep(scheduler, 0);
    assert.deepEqual(scheduler.retire(0), [], 'nobody waits');
    scheduler.add(aSequence({ id: 1, prompt: 4 }));
    assert.deepEqual(shapeOf(scheduler.retire(0)), [[0, 3]]);
    runStep(scheduler, 0);
    scheduler.add(aSequence({ id: 2, prompt: 4 }));
    assert.deepEqual(scheduler.retire(0), [], 'there is no slot for the one that waits');
  });

  test('is forgotten by a schedule that was not asked, because slots are overwritten from then on', () => {
    const { scheduler } = aWorld({ numSlots: 1 });
    scheduler.add(aSequence());
    runStep(scheduler, 0, () => COMPLETED);
    runStep(scheduler, 0);
    assert.deepEqual(scheduler.retire(0), []);
  });
});
