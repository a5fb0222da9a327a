import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ErrorCode, GATEWAY_CODES } from '../../../src/client/errors.ts';
import { DEFAULT_RETRY, type FailedAttempt, retryDelayMs } from '../../../src/client/retry.ts';

const POLICY = { maxAttempts: 5, baseDelayMs: 100, maxDelayMs: 1000 };

function failed(overrides: Partial<FailedAttempt> = {}): FailedAttempt {
  return {
    code: 'overloaded',
    attempt: 1,
    retryAfterMs: undefined,
    remainingMs: 30_000,
    hasOther: false,
    ...overrides,
  };
}

test('only what may go away by itself is repeated', () => {
  const codes: readonly ErrorCode[] = [...GATEWAY_CODES, 'connection_failed', 'invalid_response'];
  const repeated = codes.filter((code) => retryDelayMs(POLICY, failed({ code }), 0.5) !== undefined);
  assert.deepEqual(repeated, ['rate_limited', 'overloaded', 'unavailable', 'connection_failed']);
});

test('the back-off is drawn below a bound that doubles up to a cap', () => {
  const bounds = [1, 2, 3, 4].map((attempt) => retryDelayMs(POLICY, failed({ attempt }), 1));
  assert.deepEqual(bounds, [100, 200, 400, 800]);
  assert.equal(retryDelayMs({ ...POLICY, maxAttempts: 99 }, failed({ attempt: 20 }), 1), 1000);
  assert.equal(retryDelayMs(POLICY, failed(), 0.25), 25);
});

test('attempts are bounded', () => {
  assert.equal(retryDelayMs(POLICY, failed({ attempt: 5 }), 0), undefined);
  assert.equal(retryDelayMs({ ...POLICY, maxAttempts: 1 }, failed(), 0), undefined);
});

test('a hint is waited for, and not by everybody to the same millisecond', () => {
  assert.equal(retryDelayMs(POLICY, failed({ retryAfterMs: 5000 }), 0), 5000);
  assert.equal(retryDelayMs(POLICY, failed({ retryAfterMs: 5000 }), 0.5), 5050);
});

test('a gateway that asks for no repeat gets none, not even elsewhere', () => {
  const retryAfterMs = Number.POSITIVE_INFINITY;
  assert.equal(retryDelayMs(POLICY, failed({ code: 'unavailable', retryAfterMs, hasOther: true }), 0), undefined);
  assert.equal(retryDelayMs(POLICY, failed({ retryAfterMs, remainingMs: Number.POSITIVE_INFINITY }), 0), undefined);
});

test('an endpoint that is gone is left at once, one that is busy is not', () => {
  assert.equal(retryDelayMs(POLICY, failed({ code: 'unavailable', retryAfterMs: 900, hasOther: true }), 1), 0);
  assert.equal(retryDelayMs(POLICY, failed({ code: 'connection_failed', hasOther: true }), 1), 0);
  assert.equal(retryDelayMs(POLICY, failed({ code: 'overloaded', retryAfterMs: 900, hasOther: true }), 1), 1000);
});

test('no delay ever reaches the deadline, comes before the hint, or is longer than the bound allows', () => {
  const anyFailure = fc.record({
    code: fc.constantFrom<ErrorCode>('overloaded', 'rate_limited', 'unavailable', 'connection_failed', 'internal'),
    attempt: fc.integer({ min: 1, max: 8 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
    remainingMs: fc.integer({ min: -1000, max: 60_000 }),
    hasOther: fc.boolean(),
  });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(anyFailure, random, (failure, chance) => {
      const delayMs = retryDelayMs(DEFAULT_RETRY, failure, chance);
      if (delayMs === undefined) return;
      assert.ok(failure.attempt < DEFAULT_RETRY.maxAttempts);
      assert.ok(delayMs < failure.remainingMs);
      const { retryAfterMs = 0, hasOther, code } = failure;
      const isFailover = hasOther && (code === 'unavailable' || code === 'connection_failed');
      assert.ok(isFailover ? delayMs === 0 : delayMs >= retryAfterMs);
      assert.ok(delayMs <= retryAfterMs + DEFAULT_RETRY.maxDelayMs);
    }),
  );
});
