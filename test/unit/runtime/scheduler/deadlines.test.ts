import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scheduler, SequenceEvent } from '../../../../src/runtime/scheduler/scheduler.ts';
import { appended, aScheduler, aSequence, runStep, shape } from '../../../support/engine-builders.ts';

function ends(events: readonly SequenceEvent[]): [number, string][] {
  return events.map((event) => [event.sequence.id, event.type === 'failed' ? event.error.code : event.type]);
}

/** After this, a full step of 100 tokens is known to take 100 ms, and sequence 0 still runs. Now is 100. */
function measure(scheduler: Scheduler): void {
  scheduler.add(aSequence({ id: 0, prompt: 100 }));
  const plan = scheduler.schedule(0);
  scheduler.commit(plan, [appended(1)], 100);
}

test('a request that cannot make its deadline even at twice the measured speed is dropped when its turn comes', () => {
  const scheduler = aScheduler({ maxChunkTokens: 100 });
  measure(scheduler);
  // 80 tokens take 80 ms, or 40 at the very best.
  scheduler.add(aSequence({ id: 1, prompt: 80, deadlineMs: 139 }));
  scheduler.add(aSequence({ id: 2, prompt: 80, deadlineMs: 140 }));
  const plan = scheduler.schedule(100);
  assert.deepEqual(shape(plan), [
    [0, 100, 1],
    [2, 0, 80],
  ]);
  assert.deepEqual(ends(scheduler.commit(plan, [appended(1), appended(1)], 100)), [[1, 'deadline_exceeded']]);
  scheduler.checkIntegrity();
});

test('nobody is dropped before full steps were measured', () => {
  const scheduler = aScheduler({ maxChunkTokens: 1_000 });
  // 100 of 1,000 tokens: mostly overhead, so it says nothing of what a long prompt takes.
  measure(scheduler);
  scheduler.add(aSequence({ id: 1, prompt: 1_000, deadlineMs: 101 }));
  assert.deepEqual(ends(runStep(scheduler, 100)), []);
});

test('an idle engine gives everybody a chance: an estimate that refused all would never be put right', () => {
  const scheduler = aScheduler({ maxChunkTokens: 100 });
  measure(scheduler);
  scheduler.abort(0);
  scheduler.add(aSequence({ id: 1, prompt: 80, deadlineMs: 101 }));
  assert.deepEqual(shape(scheduler.schedule(100)), [[1, 0, 80]]);
});
