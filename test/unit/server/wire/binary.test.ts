import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GatewayError } from '../../../../src/runtime/index.ts';
import { decodeBinary, encodeBinary } from '../../../../src/server/wire/binary.ts';
import { messageType } from '../../../../src/server/wire/schema.ts';
import { protobufStructs } from '../../../../src/server/wire/struct.ts';
import { struct } from '../../../support/grpc-client.ts';

const predictActionRequest = messageType('PredictActionRequest');
const scoreActionsRequest = messageType('ScoreActionsRequest');

type Decoded = {
  readonly previous_actions: readonly { readonly args: unknown }[];
  readonly controls: readonly { readonly enabled: unknown }[];
};

test('arguments become plain objects, whatever kinds they hold', () => {
  const args = struct({ text: '', flag: false, number: 0, nothing: null });
  const bytes = predictActionRequest.encode({ previous_actions: [{ args }, { function: 'wait' }] }).finish();
  const [first, second] = (decodeBinary(predictActionRequest, bytes) as Decoded).previous_actions;
  assert.deepEqual(first?.args, { text: '', flag: false, number: 0, nothing: null });
  assert.equal(second?.args, null);
});

test('absent flags are told from false ones', () => {
  const bytes = predictActionRequest.encode({ controls: [{ id: '1' }, { id: '2', enabled: false }] }).finish();
  const [absent, given] = (decodeBinary(predictActionRequest, bytes) as Decoded).controls;
  assert.equal(absent?.enabled, null);
  assert.equal(given?.enabled, false);
});

test('whatever bytes arrive, they are decoded or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodeBinary(predictActionRequest, bytes);
      } catch (error) {
        assert.equal((error as GatewayError).code, 'invalid_request');
      }
    }),
    { numRuns: 500 },
  );
});

test('what is encoded comes back, with plain objects for Structs wherever they are', () => {
  const args = { text: 'a', number: 1.5, flag: false, empty: '' };
  const message = {
    user_request: 'x',
    previous_actions: [{ function: 'wait', args }],
    actions: [{ args }, { function: 'wait' }],
  };
  const before = structuredClone(message);
  const decoded = decodeBinary(scoreActionsRequest, encodeBinary(scoreActionsRequest, message)) as typeof message;
  assert.deepEqual(decoded.previous_actions[0]?.args, args);
  assert.deepEqual(decoded.actions[0]?.args, args);
  assert.equal(decoded.actions[1]?.args, null);
  assert.deepEqual(message, before, 'encoding changed the message');
});

test('a message without a Struct below it is not copied', () => {
  const message = { name: 'fake', version: '1' };
  assert.equal(protobufStructs(messageType('LoadModelRequest'), message), message);
});
