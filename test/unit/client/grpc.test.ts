import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { errorOfStatus } from '../../../src/client/grpc/errors.ts';
import { codecOf } from '../../../src/client/grpc/schema.ts';
import { METHODS } from '../../../src/client/methods.ts';
import { GatewayError } from '../../../src/runtime/index.ts';
import { errorStatus } from '../../../src/server/grpc/errors.ts';
import { describeMethod } from '../../../src/server/wire/schema.ts';

function failure(code: status, metadata: Readonly<Record<string, string | Buffer>>, details = 'no'): ServiceError {
  const entries = new Metadata();
  for (const [key, value] of Object.entries(metadata)) entries.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata: entries });
}

test('the error of a gateway is told with everything that it says', () => {
  const sent = errorStatus(new GatewayError('rate_limited', 'slow down', { field: 'x', retryAfterMs: 1500 }), 'r');
  const error = errorOfStatus(Object.assign(new Error(), sent) as ServiceError);
  const { code, message, field, requestId, retryAfterMs } = error;
  assert.deepEqual(
    { code, message, field, requestId, retryAfterMs },
    { code: 'rate_limited', message: '[rate_limited] slow down', field: 'x', requestId: 'r', retryAfterMs: 1500 },
  );
});

test('a hint is read from wherever it is', () => {
  const { metadata } = errorStatus(new GatewayError('overloaded', 'no', { retryAfterMs: 2250 }), 'r');
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  assert.ok(Buffer.isBuffer(bytes));
  const hint = (entries: Readonly<Record<string, string | Buffer>>) =>
    errorOfStatus(failure(status.RESOURCE_EXHAUSTED, entries)).retryAfterMs;
  assert.equal(hint({ 'grpc-status-details-bin': bytes }), 2250);
  assert.equal(hint({ 'grpc-retry-pushback-ms': '40' }), 40);
  assert.equal(hint({ 'grpc-retry-pushback-ms': '-1' }), Number.POSITIVE_INFINITY);
  assert.equal(hint({ 'grpc-status-details-bin': Buffer.from([0xff, 0xff]) }), undefined);
  assert.equal(hint({}), undefined);
});

test('what is no gateway is understood by its status', () => {
  const codeOf = (code: status, details?: string) => errorOfStatus(failure(code, {}, details)).code;
  assert.equal(codeOf(status.UNAVAILABLE), 'connection_failed');
  assert.equal(codeOf(status.INTERNAL, 'Received RST_STREAM with code 2'), 'connection_failed');
  assert.equal(codeOf(status.RESOURCE_EXHAUSTED, 'Received message larger than max (5 vs. 4)'), 'payload_too_large');
  assert.equal(codeOf(status.RESOURCE_EXHAUSTED), 'overloaded');
  assert.equal(codeOf(status.UNIMPLEMENTED), 'unimplemented');
  assert.equal(codeOf(status.DEADLINE_EXCEEDED), 'deadline_exceeded');
});

test('a request arrives as it was written, with its arguments and without what is undefined', () => {
  const request = {
    user_request: 'x',
    subtask: undefined,
    controls: [{ id: '1', type: 'Button', rect: [-1, 0, 2, 3], enabled: false }],
    previous_actions: [{ function: 'f', args: { text: '', times: 0, deep: false } }],
    control_changes: { base_hash: 'h', removed_ids: ['2'], added: [{ control: { id: '3' }, after_id: '1' }] },
  };
  const bytes = codecOf(METHODS.predictAction).encode(request);
  const { request: type } = describeMethod('ActionService', 'PredictAction');
  const fields = { text: { stringValue: '' }, times: { numberValue: 0 }, deep: { boolValue: false } };
  const { subtask: _, ...said } = request;
  assert.deepEqual(type.toObject(type.decode(bytes)), {
    ...said,
    previous_actions: [{ function: 'f', args: { fields } }],
  });
});

test('an answer is as over HTTP: zero values are written out, absent messages and optional fields are not', () => {
  const { decode } = codecOf(METHODS.predictAction);
  const { response: type } = describeMethod('ActionService', 'PredictAction');
  const args = { fields: { text: { stringValue: '' }, row: { numberValue: 0 } } };
  const bytes = type.encode(type.fromObject({ request_id: 'r', action: { function: 'f', args } })).finish();
  const answer = decode(bytes) as Record<string, unknown>;
  assert.deepEqual(answer['action'], {
    thought: '',
    observation: '',
    control_id: '',
    control_name: '',
    function: 'f',
    args: { text: '', row: 0 },
    status: '',
    plan: [],
    comment: '',
    result: '',
  });
  assert.deepEqual([answer['step'], answer['grounded'], answer['candidates']], [0, false, []]);
  for (const field of ['reversible', 'undo', 'reward']) assert.equal(field in answer, false, field);
});

test('a request that cannot be written is refused before it is sent', () => {
  assert.throws(() => codecOf(METHODS.predictAction).encode({ controls: 'none' }), { code: 'invalid_request' });
});

test('bytes that are no message are no answer of a gateway', () => {
  assert.throws(() => codecOf(METHODS.predictAction).decode(Buffer.from([0x0a, 0xff])), { code: 'invalid_response' });
});
