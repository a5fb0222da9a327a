import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GatewayError } from '../../../../src/runtime/index.ts';
import { predictActionResponse as toResponse } from '../../../../src/server/response.ts';
import { decodePredictActionRequest, encodePredictActionResponse } from '../../../../src/server/wire/binary.ts';
import { predictActionRequest, predictActionResponse } from '../../../../src/server/wire/schema.ts';
import { fakePrediction } from '../../../support/fake-runtime.ts';
import { plain, struct } from '../../../support/grpc-client.ts';
import { aState } from '../../../support/states.ts';

test('arguments become plain objects, whatever kinds they hold', () => {
  const args = struct({ text: '', flag: false, number: 0, nothing: null });
  const bytes = predictActionRequest.encode({ previous_actions: [{ args }, { function: 'wait' }] }).finish();
  const [first, second] = decodePredictActionRequest(bytes).previous_actions ?? [];
  assert.deepEqual(first?.args, { text: '', flag: false, number: 0, nothing: null });
  assert.equal(second?.args, null);
});

test('absent flags are told from false ones', () => {
  const bytes = predictActionRequest.encode({ controls: [{ id: '1' }, { id: '2', enabled: false }] }).finish();
  const [absent, given] = decodePredictActionRequest(bytes).controls ?? [];
  assert.equal(absent?.enabled, null);
  assert.equal(given?.enabled, false);
});

test('whatever bytes arrive, they are decoded or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodePredictActionRequest(bytes);
      } catch (error) {
        assert.equal((error as GatewayError).code, 'invalid_request');
      }
    }),
    { numRuns: 500 },
  );
});

test('an answer keeps its arguments on the wire', () => {
  const prediction = fakePrediction(aState(), { temperature: 0, seed: 0 } as Parameters<typeof fakePrediction>[1]);
  const args = { text: 'a', number: 1.5, flag: false, empty: '' };
  const action = { ...prediction.action, args };
  const response = toResponse('r', { ...prediction, action }, { requiresConfirmation: false, warnings: [] });
  const message = predictActionResponse.decode(encodePredictActionResponse(response));
  const decoded = predictActionResponse.toObject(message) as {
    action: { args: Parameters<typeof plain>[0]; function: string };
  };
  assert.deepEqual(plain(decoded.action.args), args);
  assert.equal(decoded.action.function, 'click_input');
});
