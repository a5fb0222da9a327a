/** What crosses between threads survives a structured clone, which is what the crossing is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError, InvariantError, invalid } from '../../../../src/runtime/errors.ts';
import type {
  MessageFromEngine,
  MessageFromReward,
  MessageToEngine,
  MessageToReward,
  StartMessage,
} from '../../../../src/runtime/worker/messages.ts';
import { packGrammar, packRequest } from '../../../../src/runtime/worker/packed-request.ts';
import { fromWireError, toWireError } from '../../../../src/runtime/worker/wire-error.ts';
import { aRequest, aResult } from '../../../support/engine-builders.ts';
import { coinFlips } from '../../../support/engine-grammars.ts';

const toThread: (MessageToEngine | MessageToReward)[] = [
  { type: 'submit', id: 1, request: packRequest(aRequest({ deadlineMs: 5 })), submittedMs: 2 },
  { type: 'submit', id: 3, request: { rows: [Int32Array.of(1, 2)], deadlineMs: 5 }, submittedMs: 2 },
  { type: 'follow', id: 1, rest: packGrammar(coinFlips(2)) },
  { type: 'cancel', id: 1 },
  { type: 'stats', id: 2 },
  { type: 'close', mode: 'drain' },
];

const fromThread: (StartMessage | MessageFromEngine | MessageFromReward)[] = [
  { type: 'ready' },
  { type: 'unstartable', error: toWireError(new Error('no such file')) },
  {
    type: 'step',
    events: [
      { type: 'partial', id: 1, part: Int32Array.of(4, 5) },
      { type: 'finished', id: 1, result: aResult() },
      { type: 'failed', id: 2, error: toWireError(invalid('promptTokens', 'must not be empty')) },
    ],
    unhealthyReason: 'the last 3 steps failed',
  },
  {
    type: 'reports',
    reports: [
      {
        decodeRows: 1,
        chunkTokens: 2,
        durationMs: 3.5,
        runMs: 3,
        maskMs: 0.25,
        kvMs: 0.125,
        generatedTokens: 1,
        forcedTokens: 4,
        prefixQueriedTokens: 9,
        prefixHitTokens: 8,
        prefixEvictedBlocks: 0,
        prefixStoreBytes: 1024,
        slotsInUse: 1,
        slotsTotal: 2,
        waitingRequests: 0,
        waitingTokens: 0,
      },
    ],
  },
  { type: 'stats', id: 2, stats: { activeRequests: 1, slotsInUse: 1, nativeHandles: 9 } },
  {
    type: 'step',
    events: [{ type: 'finished', id: 3, result: { rewards: Float32Array.of(0.5), queueMs: 1 } }],
  },
  { type: 'reports', reports: [{ pairs: 1, tokens: 2, paddedTokens: 2, durationMs: 1, waitingPairs: 0 }] },
  { type: 'closed', nativeHandles: 0 },
];

for (const message of [...toThread, ...fromThread]) {
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
