/** Streams as protocols carry them: messages both ways over gRPC, events over HTTP, clients that leave. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import pino from 'pino';
import { GrpcServer } from '../../src/server/grpc/server.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { rpcs } from '../../src/server/rpcs.ts';
import { Security } from '../../src/server/security/security.ts';
import { StartupProgress } from '../../src/server/startup-progress.ts';
import { messageType } from '../../src/server/wire/schema.ts';
import { aRequest } from '../contract/requests.ts';
import { testDispatcher } from '../support/test-dispatcher.ts';
import { testConfig, testGateway } from '../support/test-gateway.ts';

type Message = Record<string, Record<string, unknown>>;

const request = messageType('StreamActionsRequest');
const response = messageType('StreamActionsResponse');

async function duplex() {
  const made = testDispatcher();
  const { dispatcher, lifecycle } = made;
  const metrics = new Metrics({
    version: '0',
    models: () => [],
    unreadyReason: () => undefined,
    requestsInFlight: () => 0,
  });
  const limits = testConfig();
  const logger = pino({ level: 'silent' });
  const security = new Security({ config: limits, logger });
  const startup = new StartupProgress();
  const server = new GrpcServer({ rpcs, dispatcher, lifecycle, metrics, startup, security, logger, limits });
  const client = new Client(await server.listen('127.0.0.1', 0), credentials.createInsecure());
  const stream = client.makeBidiStreamRequest(
    '/lam.v1.ActionService/StreamActions',
    (message: object) => Buffer.from(request.encode(request.fromObject(message)).finish()),
    (bytes: Buffer) => response.toObject(response.decode(bytes)) as Message,
  );
  return {
    ...made,
    stream,
    next: () => new Promise<Message>((resolve, reject) => stream.once('data', resolve).once('error', reject)),
    async [Symbol.asyncDispose]() {
      client.close();
      await server.close();
    },
  };
}

test('each message of a stream is answered while it is open, and the end of one side ends the other', async () => {
  await using d = await duplex();
  for (const id of ['a', 'b']) {
    d.stream.write({ observation: { request_id: id, user_request: 'x' } });
    assert.equal((await d.next())['action']?.['request_id'], id);
  }
  const ended = new Promise((resolve) => d.stream.once('end', resolve).resume());
  d.stream.end();
  await ended;
  assert.deepEqual(d.outcomes, ['PredictAction ok', 'PredictAction ok', 'StreamActions ok']);
});

test('a client that cancels its stream ends what is under way for it', async () => {
  await using d = await duplex();
  const arrival = d.runtime.holdNext();
  const failed = d.next();
  d.stream.write({ observation: { user_request: 'x' } });
  const held = await arrival;
  d.stream.cancel();
  await assert.rejects(failed, { code: status.CANCELLED });
  await held.aborted;
  while (d.outcomes.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(d.outcomes, ['PredictAction cancelled', 'StreamActions cancelled']);
});

test('an open stream does not outlive the gateway', async () => {
  await using d = await duplex();
  d.stream.write({ observation: { user_request: 'x' } });
  await d.next();
  const failed = new Promise<ServiceError>((resolve) => d.stream.once('error', resolve));
  d.lifecycle.markDraining();
  d.lifecycle.abortRequests();
  const { code, metadata } = await failed;
  assert.equal(code, status.UNAVAILABLE);
  assert.deepEqual(metadata.get('lam-error-code'), ['unavailable']);
});

test('a message that cannot be decoded ends a stream with the client to blame', async () => {
  await using d = await duplex();
  const failed = new Promise<ServiceError>((resolve) => d.stream.once('error', resolve));
  // protobuf.js writes half of a pair as three bytes, which are not UTF-8.
  d.stream.write({ observation: { user_request: '\ud83d' } });
  d.stream.end();
  assert.equal((await failed).code, status.INVALID_ARGUMENT);
});

test('over HTTP a stream is server-sent events that nobody caches', async () => {
  await using gw = await testGateway();
  const reply = await fetch(`${gw.http}/v1/actions:predictStream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(aRequest()),
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('content-type'), 'text/event-stream');
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  const events = (await reply.text()).split('\n\n');
  assert.match(events[0] ?? '', /^data: \{"choice":\{.*\}\}$/);
  assert.match(events[1] ?? '', /^data: \{"response":\{.*\}\}$/);
  assert.deepEqual(events.slice(2), ['']);
});

test('over HTTP an error behind the choice is an event', async () => {
  await using gw = await testGateway();
  gw.runtime.handler = (state, options) => {
    options.onChoice?.({ controlId: '1', controlName: state.controls[0]?.name ?? '', function: 'click_input' });
    return new Promise((_resolve, reject) => setImmediate(() => reject(new Error('secret'))));
  };
  const reply = await fetch(`${gw.http}/v1/actions:predictStream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(aRequest({ request_id: 'r' })),
  });
  assert.equal(reply.status, 200);
  const text = await reply.text();
  assert.match(text, /^data: \{"choice":.*\n\nevent: error\ndata: \{"error":\{"code":"internal",/);
  assert.doesNotMatch(text, /secret/);
});
