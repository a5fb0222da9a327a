import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EntryResult, Scheduler } from '../../../../src/runtime/scheduler/scheduler.ts';
import type { ScheduledStep } from '../../../../src/runtime/scheduler/step-plan.ts';
import { appended, aScheduler, aSequence, COMPLETED } from '../../../support/engine-builders.ts';

/** `[branch, slot, start, tokens]` per entry of sequence 0; branch 0 is its own slot. */
function entriesOf(plan: ScheduledStep): [number, number, number, number[]][] {
  return plan.entries
    .filter(({ sequenceId }) => sequenceId === 0)
    .map(({ branch = 0, slot, start, tokens }) => [branch, slot, start, [...tokens]]);
}

function replaced(answer: number[], ...alternatives: number[][]): EntryResult {
  return {
    type: 'replaced',
    answer: Int32Array.from(answer),
    alternatives: alternatives.map((tokens) => Int32Array.from(tokens)),
  };
}

/** One step in which sequence 0 gets `result`, and all others one token more. */
function step(scheduler: Scheduler, result: EntryResult): ScheduledStep {
  const plan = scheduler.schedule(0);
  const results = plan.entries.map(({ sequenceId, branch, wantsLogits }): EntryResult => {
    if (branch !== undefined) return { type: 'explored' };
    if (!wantsLogits) return { type: 'computed' };
    return sequenceId === 0 ? result : appended(1);
  });
  scheduler.commit(plan, results, 0);
  scheduler.checkIntegrity();
  return plan;
}

/** With sequence 0 behind its prompt of 3 tokens, about to compute answer 1 2 and its alternatives 5 6 and 7. */
function atFirstDecision(limits: Parameters<typeof aScheduler>[0] = {}): Scheduler {
  const scheduler = aScheduler({ numSlots: 3, ...limits });
  scheduler.add(aSequence({ prompt: 3 }));
  step(scheduler, replaced([1, 2], [5, 6], [7]));
  return scheduler;
}

describe('alternatives', () => {
  test('are computed in free slots, on a copy of the prompt', () => {
    const plan = step(atFirstDecision(), COMPLETED);
    assert.deepEqual(plan.copies, [
      { from: 0, to: 1, numTokens: 3 },
      { from: 0, to: 2, numTokens: 3 },
    ]);
    assert.deepEqual(entriesOf(plan), [
      [0, 0, 3, [1, 2]],
      [1, 1, 3, [5, 6]],
      [2, 2, 3, [7]],
    ]);
    assert.equal(plan.numTokens, 5);
  });

  test('go on in the slot that holds most of them already, without a copy', () => {
    const scheduler = atFirstDecision();
    step(scheduler, replaced([1, 2, 3], [7, 8], [5, 6, 4]));
    const plan = step(scheduler, COMPLETED);
    assert.deepEqual(plan.copies, []);
    assert.deepEqual(entriesOf(plan), [
      [0, 0, 5, [3]],
      [1, 2, 4, [8]],
      [2, 1, 5, [4]],
    ]);
  });

  test('as many as there are slots; the sequence itself always goes on', () => {
    const plan = step(atFirstDecision({ numSlots: 2 }), COMPLETED);
    assert.deepEqual(
      entriesOf(plan).map(([branch]) => branch),
      [0, 1],
    );
    assert.deepEqual(entriesOf(step(atFirstDecision({ numSlots: 1 }), COMPLETED)), [[0, 0, 3, [1, 2]]]);
  });

  test('not more than the configuration allows, nor than the budget has room for', () => {
    assert.equal(step(atFirstDecision({ maxBranches: 0 }), COMPLETED).entries.length, 1);
    // 4 tokens: 2 for the sequence itself, 2 for the first alternative.
    assert.equal(step(atFirstDecision({ maxStepTokens: 4 }), COMPLETED).entries.length, 2);
  });

  test('that do not fit into one chunk are left to the sequence itself', () => {
    const scheduler = atFirstDecision({ maxChunkTokens: 3 });
    step(scheduler, replaced([1], [1, 2, 3, 4, 5, 6]));
    const plan = step(scheduler, COMPLETED);
    assert.deepEqual(entriesOf(plan), [[0, 0, 3, [1]]], 'the last token of what is held is computed again');
  });

  test('wait while the sequence itself is not at a decision', () => {
    const scheduler = aScheduler({ numSlots: 3, maxChunkTokens: 2 });
    scheduler.add(aSequence({ prompt: 2 }));
    step(scheduler, replaced([1, 2, 3], [5]));
    assert.deepEqual(entriesOf(step(scheduler, COMPLETED)), [[0, 0, 2, [1, 2]]]);
    assert.equal(entriesOf(step(scheduler, COMPLETED)).length, 2);
  });

  test('without use give their slots back', () => {
    const scheduler = atFirstDecision();
    step(scheduler, replaced([1, 2, 3], [7, 8]));
    assert.equal(scheduler.slotsInUse, 3);
    step(scheduler, COMPLETED);
    assert.equal(scheduler.slotsInUse, 0);
  });
});

describe('whoever waits', () => {
  test('gets the slots of alternatives in the very next step', () => {
    const scheduler = atFirstDecision();
    step(scheduler, replaced([1, 2, 3], [7, 8], [5, 6, 4]));
    assert.equal(scheduler.slotsInUse, 3);
    scheduler.add(aSequence({ id: 1 }));
    const plan = step(scheduler, replaced([1, 2, 3, 4], [7, 8, 9]));
    assert.ok(plan.entries.some(({ sequenceId }) => sequenceId === 1));
    assert.equal(entriesOf(plan).length, 2, 'one alternative is left');
    scheduler.add(aSequence({ id: 2 }));
    const next = step(scheduler, COMPLETED);
    assert.ok(next.entries.some(({ sequenceId }) => sequenceId === 2));
    assert.equal(entriesOf(next).length, 1);
  });

  test('is not refused for alternatives: their slots count as free', () => {
    const scheduler = atFirstDecision({ maxWaitingRequests: 0 });
    step(scheduler, replaced([1, 2, 3], [7, 8], [5, 6, 4]));
    scheduler.add(aSequence({ id: 1 }));
    scheduler.add(aSequence({ id: 2 }));
    assert.throws(() => scheduler.add(aSequence({ id: 3 })), { code: 'overloaded' });
  });
});

test('a sequence that ends gives back the slots of its alternatives, too', () => {
  const scheduler = atFirstDecision();
  const plan = scheduler.schedule(0);
  assert.equal(scheduler.slotsInUse, 3);
  scheduler.abort(0);
  scheduler.commit(plan, [COMPLETED, { type: 'explored' }, { type: 'explored' }], 0);
  assert.equal(scheduler.slotsInUse, 0);
  scheduler.checkIntegrity();
});

test('a result of a branch for the sequence itself is a bug', () => {
  const scheduler = aScheduler();
  scheduler.add(aSequence());
  const plan = scheduler.schedule(0);
  assert.throws(
    () => scheduler.commit(plan, [{ type: 'explored' }], 0),
    /branch 0 of sequence 0 has the result explored/,
  );
});
