import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { RewardScorer, type ScoreEvent } from '../../../../src/runtime/reward/reward-scorer.ts';
import { FakeRewardRunner, rewardOf } from '../../../support/fake-reward-runner.ts';

const BATCHING = { maxBatchTokens: 12, maxWaitMs: 2, maxWaitingPairs: 6, retryAfterMs: 50 };

/** A scorer over the fake, at a time that the test sets. */
class World {
  nowMs = 0;
  readonly runner = new FakeRewardRunner();
  readonly scorer = new RewardScorer({ runner: this.runner, batching: BATCHING, clock: () => this.nowMs });

  submit(id: number, rows: readonly (readonly number[])[], deadlineMs?: number): void {
    const request = { rows: rows.map((row) => Int32Array.from(row)), ...(deadlineMs !== undefined && { deadlineMs }) };
    this.scorer.submit(id, request, this.nowMs);
  }

  /** Everything that happens until nothing is under way; time passes as it must. */
  finish(): ScoreEvent[] {
    const events: ScoreEvent[] = [];
    for (let wait = this.scorer.waitMs; wait !== undefined; wait = this.scorer.waitMs) {
      this.nowMs += wait;
      events.push(...this.scorer.step().events);
    }
    this.scorer.checkIntegrity();
    return events;
  }
}

const endsOf = (events: readonly ScoreEvent[]) =>
  Object.fromEntries(
    events.map((event) => [event.id, event.type === 'failed' ? event.error.code : [...event.result.rewards]]),
  );

test('pairs of several requests share a batch, and each request has its own rewards in order', () => {
  const world = new World();
  world.submit(1, [[1, 2], [3]]);
  world.submit(2, [[4, 5, 6]]);
  assert.equal(world.scorer.hasWork, false);
  assert.equal(world.scorer.waitMs, 2);
  assert.deepEqual(endsOf(world.finish()), { 1: [5, 3], 2: [32] });
  assert.deepEqual(
    world.runner.batches.map((batch) => batch.map(({ length }) => length)),
    [[1, 2, 3]],
  );
});

test('a full batch runs at once, and what is left waits its turn', () => {
  const world = new World();
  world.submit(1, [[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3], [4]]);
  assert.ok(world.scorer.hasWork);
  const { events, report } = world.scorer.step();
  assert.deepEqual(events, []);
  assert.deepEqual(report, { pairs: 3, tokens: 12, paddedTokens: 12, durationMs: 0, waitingPairs: 1 });
  assert.deepEqual(endsOf(world.finish()), { 1: [10, 20, 30, 4] });
});

test('the time in the queue ends with the first batch that holds a row', () => {
  const world = new World();
  world.submit(1, [[1]]);
  const [event] = world.finish();
  assert.ok(event?.type === 'finished');
  assert.equal(event.result.queueMs, 2);
});

test('what is cancelled is told at once, and its rows are never computed', () => {
  const world = new World();
  world.submit(1, [[1], [2]]);
  world.submit(2, [[3]]);
  world.scorer.cancel(1);
  world.scorer.cancel(1);
  assert.equal(world.scorer.waitMs, 0);
  assert.deepEqual(endsOf(world.finish()), { 1: 'cancelled', 2: [3] });
  assert.equal(world.runner.batches.flat().length, 1);
  world.scorer.cancel(2);
  assert.deepEqual(world.finish(), []);
});

test('what is past its deadline when its batch begins is not computed', () => {
  const world = new World();
  world.submit(1, [[1]], 1);
  world.submit(2, [[2]], 10);
  assert.deepEqual(endsOf(world.finish()), { 1: 'deadline_exceeded', 2: [2] });
  assert.equal(world.runner.batches.flat().length, 1);
});

test('a batch that fails fails its requests, also the rows of theirs that still wait, and no others', () => {
  const world = new World();
  world.runner.onRun = () => {
    world.runner.onRun = () => undefined;
    throw new GatewayError('backend_failed', 'out of order');
  };
  world.submit(1, [[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], [2]]);
  world.submit(2, [[3]]);
  assert.deepEqual(endsOf(world.finish()), { 1: 'backend_failed', 2: [3] });
  assert.equal(world.runner.batches.flat().length, 1);
});

test('a reward that is no number fails its own request only', () => {
  const world = new World();
  world.submit(1, [[99]]);
  world.submit(2, [[3]]);
  assert.deepEqual(endsOf(world.finish()), { 1: 'backend_failed', 2: [3] });
});

test('refused: too many pairs, a row past the context, anything while draining', () => {
  const world = new World();
  const six = [[1], [2], [3], [4], [5], [6]];
  assert.throws(() => world.submit(1, [new Array<number>(51).fill(1)]), {
    code: 'context_length',
    details: { field: 'state' },
  });
  world.submit(1, six);
  assert.throws(() => world.submit(2, [[1]]), { code: 'overloaded', details: { retryAfterMs: 50 } });
  world.scorer.setMode('drain');
  assert.equal(world.scorer.waitMs, 0, 'nobody is waited for while it drains');
  assert.throws(() => world.submit(3, [[1]]), { code: 'unavailable' });
  assert.deepEqual(endsOf(world.finish()), { 1: [1, 2, 3, 4, 5, 6] });
});

test('it is unhealthy after three failures in a row, until a probe succeeds', () => {
  const world = new World();
  world.runner.onRun = () => {
    throw new Error('no device');
  };
  for (let id = 1; id <= 3; id++) {
    assert.equal(world.scorer.unhealthyReason, undefined);
    world.submit(id, [[1]]);
    world.finish();
  }
  assert.match(world.scorer.unhealthyReason ?? '', /no device/);
  assert.throws(() => world.scorer.probe(), /no device/);
  world.runner.onRun = () => undefined;
  world.scorer.probe();
  assert.equal(world.scorer.unhealthyReason, undefined);
});

type Event = {
  readonly type: 'submit' | 'cancel' | 'step';
  readonly lengths: readonly number[];
  readonly pick: number;
};

test('each request ends once, with the rewards that its rows have alone, whatever else goes on', () => {
  const event = fc.record<Event>({
    type: fc.constantFrom('submit', 'submit', 'cancel', 'step'),
    lengths: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 4 }),
    pick: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const world = new World();
      const expected = new Map<number, number[]>();
      const ended: ScoreEvent[] = [];
      for (const [id, { type, lengths, pick }] of events.entries()) {
        world.nowMs += pick % 3;
        if (type === 'step') ended.push(...world.scorer.step().events);
        else if (type === 'cancel') world.scorer.cancel(pick % (id + 1));
        else {
          const rows = lengths.map((length) => Array.from({ length }, (_, i) => (pick + i) % 99));
          try {
            world.submit(id, rows, pick < 10 ? world.nowMs + pick : undefined);
            expected.set(
              id,
              rows.map((row) => rewardOf(Int32Array.from(row))),
            );
          } catch (error) {
            assert.equal(GatewayError.from(error).code, 'overloaded');
          }
        }
      }
      ended.push(...world.finish());
      assert.deepEqual(
        ended.map(({ id }) => id).sort((a, b) => a - b),
        [...expected.keys()],
      );
      for (const end of ended) {
        if (end.type === 'finished') assert.deepEqual([...end.result.rewards], expected.get(end.id));
        else assert.match(end.error.code, /cancelled|deadline_exceeded/);
      }
      assert.equal(world.scorer.activeRequests, 0);
      assert.equal(world.scorer.waitingPairs, 0);
    }),
  );
});
