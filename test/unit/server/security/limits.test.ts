import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/runtime/index.ts';
import { CallerMeter } from '../../../../src/server/security/caller-meter.ts';
import { FailureMeter } from '../../../../src/server/security/failure-meter.ts';
import type { CallerLimits, Principal } from '../../../../src/server/security/principal.ts';
import { TokenBucket } from '../../../../src/server/security/token-bucket.ts';

const caller = (limits: CallerLimits, name = 'a'): Principal => ({
  name,
  kind: 'api_key',
  scopes: ['predict'],
  limits,
});

function refusal(call: () => unknown): GatewayError {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, 'rate_limited');
    return error;
  }
  assert.fail('not refused');
}

test('a bucket gives its burst at once, then one token at a time, and says when', () => {
  const bucket = new TokenBucket({ perMinute: 60, burst: 2 }, 1000);
  assert.deepEqual([bucket.take(1000), bucket.take(1000), bucket.take(1000)], [0, 0, 1000]);
  assert.equal(bucket.take(1999), 1);
  assert.equal(bucket.take(2000), 0);
  assert.equal(bucket.take(2000), 1000);
});

test('a bucket never gives more than its burst and its rate allow, whatever the clock does', () => {
  const steps = fc.array(fc.integer({ min: -5000, max: 20_000 }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 5 }), (waits, perMinute, burst) => {
      const bucket = new TokenBucket({ perMinute, burst }, 0);
      let nowMs = 0;
      let latestMs = 0;
      let taken = 0;
      for (const wait of waits) {
        nowMs += wait;
        latestMs = Math.max(latestMs, nowMs);
        if (bucket.take(nowMs) === 0) taken++;
        assert.ok(taken <= burst + (latestMs * perMinute) / 60_000 + 1e-6);
      }
    }),
    { numRuns: 100 },
  );
});

test('who has waited as long as was said is served', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 1000 }), (perMinute, lateMs) => {
      const bucket = new TokenBucket({ perMinute, burst: 1 }, 0);
      assert.equal(bucket.take(0), 0);
      const waitMs = bucket.take(0);
      assert.ok(waitMs > 0);
      assert.equal(bucket.take(waitMs + lateMs), 0);
    }),
    { numRuns: 100 },
  );
});

test('a caller is held to its rate, and told when to come back; others are not', () => {
  const meter = new CallerMeter();
  const limited = caller({ requestsPerMinute: 60, burst: 1 });
  meter.countCall(limited, 0);
  assert.equal(refusal(() => meter.countCall(limited, 0)).details.retryAfterMs, 1000);
  meter.countCall(caller({ requestsPerMinute: 60, burst: 1 }, 'b'), 0);
  meter.countCall(limited, 1000);
});

test('a caller without limits has none', () => {
  const meter = new CallerMeter();
  for (let i = 0; i < 1000; i++) {
    meter.countCall(caller({}), 0);
    meter.lease(caller({}));
  }
  assert.equal(meter.active('a'), 1000);
});

test('limits that were changed apply at once', () => {
  const meter = new CallerMeter();
  meter.countCall(caller({ requestsPerMinute: 60, burst: 1 }), 0);
  meter.countCall(caller({ requestsPerMinute: 60, burst: 2 }), 0);
});

test('a lease counts until it is disposed, once however often', () => {
  const meter = new CallerMeter();
  const limited = caller({ maxConcurrent: 2 });
  const first = meter.lease(limited);
  const second = meter.lease(limited);
  refusal(() => meter.lease(limited));
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.equal(meter.active('a'), 1);
  meter.lease(limited);
  refusal(() => meter.lease(limited));
  second[Symbol.dispose]();
  assert.equal(meter.active('a'), 1);
});

test('wrong credentials are counted by address', () => {
  const failures = new FailureMeter(2);
  assert.deepEqual([failures.count('a', 0), failures.count('a', 0), failures.count('b', 0)], [0, 0, 0]);
  assert.equal(failures.count('a', 0), 30_000);
  assert.equal(failures.count('a', 30_000), 0);
});
