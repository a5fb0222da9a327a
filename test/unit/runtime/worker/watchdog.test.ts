import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Watchdog } from '../../../../src/runtime/worker/watchdog.ts';

/** Ticks until it gives the thread up. */
function ticksUntilHanging(watchdog: Watchdog): number {
  for (let ticks = 1; ; ticks++) if (watchdog.tick() === 'hangs') return ticks;
}

test('asks first, and gives a thread up that says nothing for the whole limit', () => {
  const watchdog = new Watchdog();
  assert.equal(watchdog.tick(), 'ask');
  const limitMs = 800;
  // The question was asked at the first tick, so the limit is what lies between it and the last one.
  assert.ok((ticksUntilHanging(watchdog) - 1) * Watchdog.intervalMs(limitMs) >= limitMs);
});

test('any sign of life begins the wait anew', () => {
  const watchdog = new Watchdog();
  const whole = ticksUntilHanging(new Watchdog());
  for (let i = 0; i < whole - 1; i++) watchdog.tick();
  watchdog.heard();
  assert.equal(ticksUntilHanging(watchdog), whole);
});

test('is asked once, however long it takes to answer', () => {
  const watchdog = new Watchdog();
  const verdicts = [1, 2, 3].map(() => watchdog.tick());
  assert.deepEqual(verdicts, ['ask', 'wait', 'wait']);
});
