import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartBackOff } from '../../../../src/runtime/worker/restart-back-off.ts';

test('doubles from a tenth of a second; a crash waits for less than a failed start', () => {
  const backOff = new RestartBackOff();
  const crashes = Array.from({ length: 7 }, () => backOff.next('crash'));
  assert.deepEqual(crashes, [100, 200, 400, 800, 1_600, 1_600, 1_600]);
  const starts = Array.from({ length: 4 }, () => backOff.next('failed start'));
  assert.deepEqual(starts, [3_200, 6_400, 10_000, 10_000]);
});

test('begins anew after a reset', () => {
  const backOff = new RestartBackOff();
  backOff.next('crash');
  backOff.reset();
  assert.equal(backOff.next('failed start'), 100);
});
