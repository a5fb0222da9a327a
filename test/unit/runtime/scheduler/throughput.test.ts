import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateRetryAfterMs, Throughput, ThroughputMeter } from '../../../../src/runtime/scheduler/throughput.ts';

test('the wait is the waiting work at the recent speed, in whole milliseconds', () => {
  assert.equal(estimateRetryAfterMs(1_000, 3), 334);
});

test('the wait stays within what is useful to a client', () => {
  assert.equal(estimateRetryAfterMs(1, 100), 50);
  assert.equal(estimateRetryAfterMs(1e9, 1), 30_000);
  assert.equal(estimateRetryAfterMs(1e9, undefined), 1_000);
});

test('no speed is known before work with a duration was recorded', () => {
  const meter = new ThroughputMeter();
  assert.equal(meter.perMs, undefined);
  meter.record(10, 0);
  assert.equal(meter.perMs, undefined);
  meter.record(10, 5);
  assert.ok((meter.perMs ?? 0) > 0);
});

test('steady steps give their own speed, and a change of speed is followed', () => {
  const meter = new ThroughputMeter();
  for (let i = 0; i < 10; i++) meter.record(64, 16);
  assert.equal(meter.perMs, 4);
  for (let i = 0; i < 60; i++) meter.record(64, 64);
  assert.ok(Math.abs((meter.perMs ?? 0) - 1) < 0.01);
});

test('small steps between large ones change the speed by the time that they take', () => {
  const meter = new ThroughputMeter();
  for (let i = 0; i < 40; i++) {
    meter.record(500, 25);
    for (let decode = 0; decode < 5; decode++) meter.record(1, 5);
  }
  // 505 tokens in 50 ms, whatever came last.
  assert.ok(Math.abs((meter.perMs ?? 0) - 10.1) < 0.4);
});

test('tokens whose KV was kept are done with, but say nothing of what computing takes', () => {
  const throughput = new Throughput(100);
  throughput.record({ computedTokens: 100, restoredTokens: 300 }, 10);
  assert.ok(Math.abs((throughput.tokensPerMs ?? 0) - 40) < 1e-9);
  assert.ok(Math.abs(throughput.leastMsFor(100) - 5) < 1e-9);
});
