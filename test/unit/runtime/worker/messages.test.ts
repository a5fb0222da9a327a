/** What crosses between threads survives a structured clone, which is what the crossing is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError, InvariantError, invalid } from '../../../../src/runtime/errors.ts';
import type { MessageFromEngine, MessageToEngine, StartMessage } from '../../../../src/runtime/worker/messages.ts';
import { fromWireError, toWireError } from '../../../../src/runtime/worker/wire-error.ts';
import { aRequest, aResult } from '../../../support/engine-builders.ts';

const toEngine: MessageToEngine[] = [
  { type: 'submit', id: 1, request: aRequest({ deadlineMs: 5 }), submittedMs: 2 },
  { type: 'cancel', id: 1 },
  { type: 'stats', id: 2 },
  { type: 'close', mode: 'drain' },
];

const fromEngine: (StartMessage | MessageFromEngine)[] = [
  { type: 'ready' },
  { type: 'unstartable', error: toWireError(new Error('no such file')) },
  {
    type: 'step',
    events: [
      { type: 'finished', id: 1, result: aResult() },
      { type: 'failed', id: 2, error: toWireError(invalid('promptTokens', 'must not be empty')) },
    ],
    report: {
      decodeRows: 1,
      chunkTokens: 2,
      durationMs: 3.5,
      slotsInUse: 1,
      slotsTotal: 2,
      waitingRequests: 0,
      waitingTokens: 0,
    },
    unhealthyReason: 'the last 3 steps failed',
  },
  { type: 'stats', id: 2, stats: { activeRequests: 1, slotsInUse: 1, nativeHandles: 9 } },
  { type: 'closed', nativeHandles: 0 },
];

for (const message of [...toEngine, ...fromEngine]) {
  test(`a message "${message.type}" arrives as it was sent`, () => {
    assert.deepEqual(structuredClone(message), message);
  });
}

test('an error keeps code, message and details', () => {
  const error = new GatewayError('overloaded', 'two requests are waiting', { retryAfterMs: 70 });
  const arrived = fromWireError(structuredClone(toWireError(error)));
  assert.ok(arrived instanceof GatewayError);
  assert.deepEqual([arrived.code, arrived.message, arrived.details], [error.code, error.message, error.details]);
});

test('what is no GatewayError arrives as internal', () => {
  assert.equal(toWireError(new RangeError('offset is out of bounds')).code, 'internal');
  assert.equal(toWireError(new InvariantError('a sequence ends twice')).code, 'internal');
});
