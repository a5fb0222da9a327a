import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { abortError } from '../../../../src/runtime/worker/abort-error.ts';

test('a plain abort is a cancellation, a timeout an exceeded deadline', () => {
  assert.equal(abortError(AbortSignal.abort()).code, 'cancelled');
  assert.equal(abortError(AbortSignal.abort(new DOMException('', 'TimeoutError'))).code, 'deadline_exceeded');
});

test('a GatewayError given as the reason is passed on as it is', () => {
  const reason = new GatewayError('internal', 'the caller found a bug of its own');
  assert.equal(abortError(AbortSignal.abort(reason)), reason);
});

test('any other reason is a cancellation that keeps it as the cause', () => {
  for (const reason of ['the window was closed', new Error('the window was closed')]) {
    const error = abortError(AbortSignal.abort(reason));
    assert.equal(error.code, 'cancelled');
    assert.equal(error.cause, reason);
  }
});
