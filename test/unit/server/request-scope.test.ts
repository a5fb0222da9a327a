import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { GatewayError, monotonicMs } from '../../../src/runtime/index.ts';
import { RequestScope, untilAborted } from '../../../src/server/request-scope.ts';

const deadlines = { defaultDeadlineMs: 30_000, maxDeadlineMs: 60_000 };

function scopeOf(timeoutMs: number | undefined, shutdown = new AbortController()): RequestScope {
  return new RequestScope({ timeoutMs, deadlines, endSignal: shutdown.signal });
}

test('the deadline is what the client asks for, at most the longest, else the default', () => {
  for (const [timeoutMs, expected] of [
    [undefined, 30_000],
    [5_000, 5_000],
    [100_000, 60_000],
  ] as const) {
    const before = monotonicMs();
    using scope = scopeOf(timeoutMs);
    const after = monotonicMs();
    assert.ok(scope.deadlineMs >= before + expected && scope.deadlineMs <= after + expected);
  }
});

test('a deadline that has passed aborts the signal', async () => {
  using scope = scopeOf(-5);
  await new Promise((resolve) => scope.signal.addEventListener('abort', resolve));
  assert.equal(scope.signal.reason.code, 'deadline_exceeded');
});

test('the first reason to end is the one that counts', () => {
  const shutdown = new AbortController();
  using scope = scopeOf(undefined, shutdown);
  scope.cancel();
  scope.expire();
  shutdown.abort(new GatewayError('unavailable', 'stopped'));
  assert.equal(scope.signal.reason.code, 'cancelled');
});

test('a shutdown that has begun already ends the request', () => {
  const shutdown = new AbortController();
  shutdown.abort(new GatewayError('unavailable', 'stopped'));
  using scope = scopeOf(undefined, shutdown);
  assert.equal(scope.signal.reason.code, 'unavailable');
});

test('nothing is left on the shutdown signal', () => {
  const shutdown = new AbortController();
  for (let i = 0; i < 10; i++) scopeOf(undefined, shutdown)[Symbol.dispose]();
  assert.equal(getEventListeners(shutdown.signal, 'abort').length, 0);
});

test('untilAborted gives the value, the failure or the reason, and leaves nothing on the signal', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  assert.equal(await untilAborted(Promise.resolve(1), signal), 1);
  await assert.rejects(untilAborted(Promise.reject(new Error('failed')), signal), /failed/);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  const never = untilAborted(new Promise(() => {}), signal);
  controller.abort(new GatewayError('cancelled', 'gone'));
  await assert.rejects(never, { code: 'cancelled' });
  await assert.rejects(untilAborted(new Promise(() => {}), signal), { code: 'cancelled' });
});
