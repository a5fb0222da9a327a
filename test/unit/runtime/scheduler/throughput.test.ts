import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateRetryAfterMs, ThroughputMeter } from '../../../../src/runtime/scheduler/throughput.ts';

test('the wait is the waiting work at the recent speed, in whole milliseconds', () => {
  assert.equal(estimateRetryAfterMs(1_000, 3), 334);
});

test('the wait stays within what is useful to a client', () => {
  assert.equal(estimateRetryAfterMs(1, 100), 50);
  assert.equal(estimateRetryAfterMs(1e9, 1), 30_000);
  assert.equal(estimateRetryAfterMs(1e9, undefined), 1_000);
});

test('no speed is known before a step with a duration was recorded', () => {
  const meter = new ThroughputMeter();
  assert.equal(meter.tokensPerMs, undefined);
  meter.record(10, 0);
  assert.equal(meter.tokensPerMs, undefined);
  meter.record(10, 5);
  assert.ok((meter.tokensPerMs ?? 0) > 0);
});

test('steady steps give their own speed, and a change of speed is followed', () => {
  const meter = new ThroughputMeter();
  for (let i = 0; i < 10; i++) meter.record(64, 16);
  assert.equal(meter.tokensPerMs, 4);
  for (let i = 0; i < 60; i++) meter.record(64, 64);
  assert.ok(Math.abs((meter.tokensPerMs ?? 0) - 1) < 0.01);
});
