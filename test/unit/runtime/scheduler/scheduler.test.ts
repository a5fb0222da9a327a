import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { appended, aScheduler, aSequence, COMPLETED, runStep, shape } from '../../../support/engine-builders.ts';

const failed = (error: GatewayError) => ({ type: 'failed', error }) as const;
const backendFailed = new GatewayError('backend_failed', 'told to');

describe('what a step computes', () => {
  test('a prompt is cut by the chunk cap and wants logits only at its end', () => {
    const scheduler = aScheduler({ maxChunkTokens: 4 });
    scheduler.add(aSequence({ prompt: 10 }));
    const wants: boolean[] = [];
    for (const expected of [
      [0, 0, 4],
      [0, 4, 4],
      [0, 8, 2],
    ]) {
      const plan = scheduler.schedule(0);
      assert.deepEqual(shape(plan), [expected]);
      assert.equal(plan.numTokens, expected[2]);
      wants.push(plan.entries[0]?.wantsLogits ?? false);
      scheduler.commit(plan, [plan.entries[0]?.wantsLogits ? appended(1) : { type: 'computed' }], 0);
    }
    assert.deepEqual(wants, [false, false, true]);
  });

  test('single tokens go first, then chunks in flight, then admissions', () => {
    // Budget 6, cap 4: sequence 0 decodes (1), sequence 1 continues its prompt (4), one token is left to admit 2.
    const scheduler = aScheduler({ numSlots: 3, maxStepTokens: 6, maxChunkTokens: 4 });
    scheduler.add(aSequence({ id: 1, prompt: 9 }));
    scheduler.add(aSequence({ id: 0, prompt: 2 }));
    scheduler.add(aSequence({ id: 2, prompt: 5 }));
    const first = scheduler.schedule(0);
    assert.deepEqual(shape(first), [
      [1, 0, 4],
      [0, 0, 2],
    ]);
    scheduler.commit(first, [{ type: 'computed' }, appended(1)], 0);
    assert.deepEqual(shape(scheduler.schedule(0)), [
      [0, 2, 1],
      [1, 4, 4],
      [2, 0, 1],
    ]);
  });

  test('forced tokens are computed as one chunk with the token before them', () => {
    const scheduler = aScheduler();
    scheduler.add(aSequence({ prompt: 3 }));
    runStep(scheduler, 0, () => appended(4));
    assert.deepEqual(shape(scheduler.schedule(0)), [[0, 3, 4]]);
  });

  test('when the budget does not reach, those admitted first are served', () => {
    const scheduler = aScheduler({ numSlots: 3, maxStepTokens: 3 });
    for (const id of [0, 1, 2]) scheduler.add(aSequence({ id, prompt: 1 }));
    assert.deepEqual(
      shape(scheduler.schedule(0)).map(([id]) => id),
      [0, 1, 2],
    );
    const narrow = aScheduler({ numSlots: 3, maxStepTokens: 1 });
    for (const id of [0, 1]) narrow.add(aSequence({ id, prompt: 1 }));
    runStep(narrow, 0);
    assert.deepEqual(shape(narrow.schedule(0)), [[0, 1, 1]], 'sequence 1 waits until 0 has ended');
  });

  test('an idle scheduler plans nothing', () => {
    const scheduler = aScheduler();
    assert.equal(scheduler.hasWork, false);
    const plan = scheduler.schedule(0);
    assert.deepEqual(plan, { entries: [], numTokens: 0, restores: [], copies: [] });
    assert.deepEqual(scheduler.commit(plan, [], 0), []);
  });
});

describe('admission', () => {
  test('takes requests in order of arrival, into the lowest slots, as they become free', () => {
    const scheduler = aScheduler({ numSlots: 2 });
    for (const id of [0, 1, 2, 3]) scheduler.add(aSequence({ id }));
    const first = scheduler.schedule(0);
    assert.deepEqual(
      first.entries.map(({ sequenceId, slot }) => [sequenceId, slot]),
      [
        [0, 0],
        [1, 1],
      ],
    );
    scheduler.commit(first, [appended(1), COMPLETED], 0);
    const second = scheduler.schedule(0);
    assert.deepEqual(
      second.entries.map(({ sequenceId, slot }) => [sequenceId, slot]),
      [
        [0, 0],
        [2, 1],
      ],
    );
    assert.equal(scheduler.waitingRequests, 1);
  });

  test('keeps the time at which it happened', () => {
    const scheduler = aScheduler({ numSlots: 1 });
    const [first, second] = [aSequence({ id: 0 }), aSequence({ id: 1 })];
    scheduler.add(first);
    scheduler.add(second);
    runStep(scheduler, 10, () => COMPLETED);
    runStep(scheduler, 25);
    assert.equal(first.admission?.admittedMs, 10);
    assert.equal(second.admission?.admittedMs, 25);
  });

  test('drops a request whose deadline has passed, slot or no slot, and goes on with the next', () => {
    const scheduler = aScheduler({ numSlots: 1 });
    scheduler.add(aSequence({ id: 0 }));
    runStep(scheduler, 0);
    scheduler.add(aSequence({ id: 1, deadlineMs: 5 }));
    scheduler.add(aSequence({ id: 2 }));
    const events = runStep(scheduler, 5, () => COMPLETED);
    assert.deepEqual(
      events.map((event) => [event.sequence.id, event.type === 'failed' ? event.error.code : event.type]),
      [
        [1, 'deadline_exceeded'],
        [0, 'completed'],
      ],
    );
    assert.deepEqual(shape(scheduler.schedule(6)), [[2, 0, 3]]);
  });
});

describe('overload', () => {
  test('as many may wait as free slots take at once, and the allowed number beyond them', () => {
    const scheduler = aScheduler({ numSlots: 2, maxWaitingRequests: 1 });
    for (const id of [0, 1, 2]) scheduler.add(aSequence({ id }));
    assert.throws(() => scheduler.add(aSequence({ id: 3 })), { code: 'overloaded' });
    runStep(scheduler, 0);
    assert.throws(() => scheduler.add(aSequence({ id: 3 })), { code: 'overloaded' });
    assert.equal(scheduler.waitingRequests, 1);
  });

  test('where nobody may wait, a request runs at once or is refused', () => {
    const scheduler = aScheduler({ numSlots: 1, maxWaitingRequests: 0 });
    scheduler.add(aSequence({ id: 0 }));
    runStep(scheduler, 0);
    assert.throws(() => scheduler.add(aSequence({ id: 1 })), { code: 'overloaded' });
    runStep(scheduler, 0, () => COMPLETED);
    scheduler.add(aSequence({ id: 2 }));
  });

  test('tokens that wait are limited, but not those that a free slot takes at once', () => {
    const scheduler = aScheduler({ numSlots: 1, maxWaitingTokens: 10 });
    scheduler.add(aSequence({ id: 0, prompt: 50 }));
    runStep(scheduler, 0);
    scheduler.add(aSequence({ id: 1, prompt: 6 }));
    assert.throws(() => scheduler.add(aSequence({ id: 2, prompt: 5 })), { code: 'overloaded' });
    scheduler.add(aSequence({ id: 3, prompt: 4 }));
    assert.equal(scheduler.waitingTokens, 10);
  });

  test('the refusal says how long the waiting work takes at the recent speed', () => {
    const scheduler = aScheduler({ numSlots: 1, maxWaitingRequests: 1 });
    scheduler.add(aSequence({ id: 0, prompt: 200 }));
    const plan = scheduler.schedule(0);
    scheduler.commit(plan, [appended(1)], 100); // 200 tokens in 100 ms: 2 tokens per ms
    scheduler.add(aSequence({ id: 1, prompt: 400 }));
    assert.throws(
      () => scheduler.add(aSequence({ id: 2 })),
      (error) => error instanceof GatewayError && error.details.retryAfterMs === 200,
    );
  });
});

describe('ends', () => {
  test('a completed sequence is told once and leaves its slot', () => {
    const scheduler = aScheduler();
    const sequence = aSequence();
    scheduler.add(sequence);
    assert.deepEqual(
      runStep(scheduler, 0, () => COMPLETED),
      [{ type: 'completed', sequence }],
    );
    assert.equal(scheduler.slotsInUse, 0);
    assert.equal(scheduler.hasWork, false);
    assert.deepEqual(runStep(scheduler, 0), []);
  });

  test('an aborted waiting sequence never runs', () => {
    const scheduler = aScheduler();
    scheduler.add(aSequence());
    scheduler.abort(0);
    assert.equal(scheduler.hasWork, true, 'its end is still to be told');
    const events = runStep(scheduler, 0);
    assert.deepEqual(
      events.map((event) => event.type === 'failed' && event.error.code),
      ['cancelled'],
    );
  });

  test('the slot of an aborted running sequence goes to the next one in the very next step', () => {
    const scheduler = aScheduler({ numSlots: 1 });
    scheduler.add(aSequence({ id: 0 }));
    scheduler.add(aSequence({ id: 1 }));
    runStep(scheduler, 0);
    scheduler.abort(0);
    assert.deepEqual(shape(scheduler.schedule(0)), [[1, 0, 3]]);
  });

  test('an abort while its step is under way ends it with the step, whatever that gave', () => {
    const scheduler = aScheduler();
    scheduler.add(aSequence());
    const plan = scheduler.schedule(0);
    scheduler.abort(0);
    scheduler.abort(0);
    assert.equal(scheduler.slotsInUse, 1, 'the step still writes to it');
    const events = scheduler.commit(plan, [COMPLETED], 0);
    assert.deepEqual(
      events.map((event) => event.type === 'failed' && event.error.code),
      ['cancelled'],
    );
    assert.equal(scheduler.slotsInUse, 0);
  });

  test('aborting what is unknown or over changes nothing', () => {
    const scheduler = aScheduler();
    scheduler.add(aSequence());
    runStep(scheduler, 0, () => COMPLETED);
    scheduler.abort(0);
    scheduler.abort(99);
    assert.equal(scheduler.hasWork, false);
  });

  test('a running sequence past its deadline ends at the next step', () => {
    const scheduler = aScheduler();
    scheduler.add(aSequence({ deadlineMs: 10 }));
    assert.deepEqual(runStep(scheduler, 9), []);
    const plan = scheduler.schedule(10);
    assert.deepEqual(plan.entries, []);
    assert.equal(scheduler.slotsInUse, 0);
    const events = scheduler.commit(plan, [], 10);
    assert.deepEqual(
      events.map((event) => event.type === 'failed' && event.error.code),
      ['deadline_exceeded'],
    );
  });

  test('a failed entry ends only its own sequence', () => {
    const scheduler = aScheduler();
    scheduler.add(aSequence({ id: 0 }));
    scheduler.add(aSequence({ id: 1 }));
    const plan = scheduler.schedule(0);
    const events = scheduler.commit(plan, [failed(backendFailed), appended(1)], 0);
    assert.deepEqual(
      events.map((event) => [event.type, event.sequence.id]),
      [['failed', 0]],
    );
    assert.deepEqual(shape(scheduler.schedule(0)), [[1, 3, 1]]);
    scheduler.checkIntegrity();
  });
});

describe('drain', () => {
  test('refuses new sequences and finishes those that wait or run', () => {
    const scheduler = aScheduler({ numSlots: 1 });
    scheduler.add(aSequence({ id: 0 }));
    scheduler.add(aSequence({ id: 1 }));
    scheduler.setMode('drain');
    assert.throws(() => scheduler.add(aSequence({ id: 2 })), { code: 'unavailable' });
    const ids = [0, 1].flatMap((now) => runStep(scheduler, now, () => COMPLETED).map((event) => event.sequence.id));
    assert.deepEqual(ids, [0, 1]);
    assert.equal(scheduler.hasWork, false);
    scheduler.setMode('open');
    scheduler.add(aSequence({ id: 2 }));
  });
});

describe('misuse is loud', () => {
  test('a plan must be committed before the next, and only that plan', () => {
    const scheduler = aScheduler();
    const plan = scheduler.schedule(0);
    assert.throws(() => scheduler.schedule(0), /the last plan was not committed/);
    assert.throws(() => scheduler.commit({ ...plan }, [], 0), /was not scheduled/);
    scheduler.commit(plan, [], 0);
    assert.throws(() => scheduler.commit(plan, [], 0), /was not scheduled/);
  });

  test('results must fit their entries', () => {
    const scheduler = aScheduler();
    scheduler.add(aSequence());
    const plan = scheduler.schedule(0);
    assert.throws(() => scheduler.commit(plan, [], 0), /one result per entry/);
    assert.throws(() => scheduler.commit(plan, [{ type: 'computed' }], 0), /has a computed entry/);
  });

  test('limits under which nothing could ever run are refused', () => {
    assert.throws(() => aScheduler({ maxStepTokens: 0 }), /must be able to compute a token/);
  });
});
