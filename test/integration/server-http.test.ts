/** What only HTTP has: paths, methods, media types, bodies, probes. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import pino from 'pino';
import type { Runtime } from '../../src/runtime/index.ts';
import { createGateway, Gateway } from '../../src/server/gateway.ts';
import { aRequest } from '../contract/requests.ts';
import { aStepReport, FakeRuntime } from '../support/fake-runtime.ts';
import { type TestGateway, testConfig, testGateway } from '../support/test-gateway.ts';

const PREDICT = '/v1/actions:predict';

function post(gw: TestGateway, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(gw.http + PREDICT, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

type ErrorBody = { error: { code: string; message: string; field?: string; request_id?: string } };

async function errorOf(response: Response): Promise<ErrorBody['error']> {
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  return ((await response.json()) as ErrorBody).error;
}

test('an unknown path is a 404 in JSON', async () => {
  await using gw = await testGateway();
  const response = await fetch(`${gw.http}/v1/nothing`);
  assert.equal(response.status, 404);
  assert.equal((await errorOf(response)).code, 'not_found');
});

test('a wrong method is a 405 that names the right one', async () => {
  await using gw = await testGateway();
  for (const [method, path, allow] of [
    ['GET', PREDICT, 'POST'],
    ['POST', '/v1/models', 'GET'],
    ['DELETE', '/readyz', 'GET'],
  ] as const) {
    const response = await fetch(gw.http + path, { method });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), allow);
    assert.equal((await errorOf(response)).code, 'method_not_allowed');
  }
});

test('a wrong media type, charset or encoding is a 415', async () => {
  await using gw = await testGateway();
  for (const headers of [
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-encoding': 'gzip' },
  ]) {
    const response = await post(gw, JSON.stringify(aRequest()), headers);
    assert.equal(response.status, 415);
    assert.equal((await errorOf(response)).code, 'unsupported_media_type');
  }
  const upperCase = await post(gw, JSON.stringify(aRequest()), { 'content-type': 'Application/JSON; Charset="UTF-8"' });
  assert.equal(upperCase.status, 200);
});

test('an answer says that it is UTF-8', async () => {
  await using gw = await testGateway();
  const response = await post(gw, JSON.stringify(aRequest()));
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
});

test('a body that is not UTF-8, not JSON, empty or no object is a 400', async () => {
  await using gw = await testGateway();
  const bodies = [Buffer.from([0x22, 0xff, 0x22]), '{"a":', '', '[]', 'null', '1', '"\\ud800"'];
  for (const body of bodies) {
    const response = await post(gw, body);
    assert.equal(response.status, 400, String(body));
    assert.equal((await errorOf(response)).code, 'invalid_request');
  }
  const withMark = await post(gw, `\ufeff${JSON.stringify(aRequest())}`);
  assert.equal(withMark.status, 200, 'a byte order mark is no mistake');
});

test('lone surrogates, unknown fields and wrong types are refused with the path of the field', async () => {
  await using gw = await testGateway();
  for (const [field, request] of [
    ['controls[0].name', aRequest({ controls: [{ id: '1', type: 'Edit', name: '\ud83d' }] })],
    ['tips', aRequest({ tips: [] })],
    ['controls[0].label', aRequest({ controls: [{ label: 1 }] })],
    ['controls[0].id', aRequest({ controls: [{ id: 1 }] })],
    ['options.seed', aRequest({ options: { seed: -1 } })],
    ['user_request', { userRequest: 'a', user_request: 'b' }],
  ] as const) {
    const response = await post(gw, JSON.stringify(request));
    assert.equal(response.status, 400);
    assert.equal((await errorOf(response)).field, field);
  }
});

test('a body without a declared length is cut off at the limit', async () => {
  await using gw = await testGateway({ config: { maxBodyBytes: 2048 } });
  const stream = (text: string) => new Blob([text]).stream();
  const send = (text: string) =>
    fetch(gw.http + PREDICT, {
      method: 'POST',
      body: stream(text),
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    } as RequestInit);
  assert.equal((await send(JSON.stringify(aRequest()))).status, 200);
  const response = await send(JSON.stringify(aRequest({ subtask: 'x'.repeat(4000) })));
  assert.equal(response.status, 413);
  assert.match((await errorOf(response)).message, /2048/);
});

test('a timeout header that is no number is refused', async () => {
  await using gw = await testGateway();
  const response = await post(gw, JSON.stringify(aRequest()), { 'x-request-timeout-ms': 'soon' });
  assert.equal(response.status, 400);
  assert.equal((await errorOf(response)).field, 'x-request-timeout-ms');
});

test('a body that never arrives ends at the deadline', async () => {
  await using gw = await testGateway({ config: { defaultDeadlineMs: 50 } });
  const { hostname, port } = new URL(gw.http);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`);
  const head = await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
  assert.match(String(head), /^HTTP\/1.1 504 /);
  socket.destroy();
});

test('a client that goes away before its body is complete has cancelled', async () => {
  await using gw = await testGateway();
  const { hostname, port } = new URL(gw.http);
  for (const framing of ['content-length: 100', 'transfer-encoding: chunked']) {
    const socket = connect(Number(port), hostname);
    socket.write(`POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`);
    while (gw.gateway.requestsInFlight === 0) await fetch(`${gw.http}/livez`);
    socket.destroy();
    while (gw.gateway.requestsInFlight > 0) await fetch(`${gw.http}/livez`);
  }
  const metrics = await (await fetch(`${gw.http}/metrics`)).text();
  const [, ...outcomes] =
    metrics.match(/\{rpc="PredictAction",model="none",version="none",outcome="(\w+)"\} (\d+)/) ?? [];
  assert.deepEqual(outcomes, ['cancelled', '2']);
});

test('a connection that never sends a whole request does not hold up the close', async () => {
  const gw = await testGateway();
  const { hostname, port } = new URL(gw.http);
  const socket = connect(Number(port), hostname);
  socket.write('POST / HTTP/1.1\r\nhost:');
  await fetch(`${gw.http}/livez`);
  const closed = new Promise((resolve) => socket.on('close', resolve).resume());
  await gw[Symbol.asyncDispose]();
  await closed;
});

test('an address in use is an error, and nothing stays behind', async () => {
  await using gw = await testGateway();
  const taken = Number(new URL(gw.http).port);
  const config = testConfig({ httpPort: taken });
  const runtime = new FakeRuntime();
  await assert.rejects(
    createGateway(config, { logger: pino({ level: 'silent' }), runtime }),
    /^Error: httpPort: .*EADDRINUSE/,
  );
  const grpcTaken = testConfig({ grpcPort: Number(gw.grpc.split(':')[1]) });
  await assert.rejects(
    createGateway(grpcTaken, { logger: pino({ level: 'silent' }), runtime }),
    /^Error: grpcPort: .*EADDRINUSE/,
  );
});

test('a client that waits for 100 Continue is told to go on', async () => {
  await using gw = await testGateway();
  const { hostname, port } = new URL(gw.http);
  const body = JSON.stringify(aRequest());
  const socket = connect(Number(port), hostname);
  const reply = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += String(data);
      if (text.startsWith('HTTP/1.1 100 Continue\r\n\r\n') && !text.includes('200 OK')) socket.write(body);
      if (text.includes('200 OK')) resolve(text);
    });
  });
  const headers = ['host: x', 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`];
  socket.write(`POST ${PREDICT} HTTP/1.1\r\n${headers.join('\r\n')}\r\nexpect: 100-continue\r\n\r\n`);
  assert.match(await reply, /200 OK/);
  socket.destroy();
});

test('a refused client is told when to come back, in seconds and in milliseconds', async () => {
  await using gw = await testGateway({ config: { slots: 1, queueRequests: 0 } });
  const arrival = gw.runtime.holdNext();
  const first = post(gw, JSON.stringify(aRequest()));
  const held = await arrival;
  const refused = await post(gw, JSON.stringify(aRequest()));
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  assert.ok(Number(refused.headers.get('retry-after-ms')) >= 1);
  held.release();
  assert.equal((await first).status, 200);
});

test('livez answers whatever happens; readyz says why not', async () => {
  await using gw = await testGateway();
  assert.equal((await fetch(`${gw.http}/livez`)).status, 200);
  assert.equal((await fetch(`${gw.http}/readyz`)).status, 200);
  gw.runtime.reason = 'model fake:1: the engine has stopped';
  assert.equal((await fetch(`${gw.http}/livez`)).status, 200);
  const response = await fetch(`${gw.http}/readyz`);
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { status: 'not_ready', reason: 'model fake:1: the engine has stopped' });
});

test('while models load, probes see it starting and requests are told to come back', async () => {
  const runtime = new FakeRuntime();
  let finishLoading: (loaded: Runtime) => void = () => {};
  await using gateway = new Gateway(testConfig(), { logger: pino({ level: 'silent' }) });
  await new Promise<void>((listening) => {
    void gateway.start((observer) => {
      observer.onModelState?.({ model: 'fake', version: '1', state: 'loading', reason: 'it is being loaded' });
      listening();
      return new Promise((resolve) => {
        finishLoading = resolve;
      });
    });
  });
  const http = `http://${gateway.httpAddress}`;
  const starting = await fetch(`${http}/readyz`);
  assert.equal(starting.status, 503);
  const { startup, ...status } = (await starting.json()) as {
    startup: { models: { model: string; state: string }[]; waiting_for: string };
  };
  assert.deepEqual(status, { status: 'not_ready', reason: 'starting' });
  assert.match(startup.waiting_for, /^loading fake:1 \([\d.]+ s\)$/);
  assert.deepEqual(
    startup.models.map(({ model, state }) => [model, state]),
    [['fake:1', 'loading']],
  );
  const refused = await post({ http } as TestGateway, JSON.stringify(aRequest()));
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers.get('retry-after-ms')) >= 1);
  finishLoading(runtime);
  while ((await fetch(`${http}/readyz`)).status !== 200);
  assert.equal(await gateway.close({ timeoutMs: 0 }), 'drained');
});

test('metrics tell every series that a dashboard needs', async () => {
  await using gw = await testGateway();
  assert.equal((await post(gw, JSON.stringify(aRequest()))).status, 200);
  assert.equal((await post(gw, JSON.stringify(aRequest({ model: 'no-such' })))).status, 200);
  assert.equal((await post(gw, '{')).status, 400);
  gw.runtime.observer?.onStep(
    aStepReport({ decodeRows: 3, durationMs: 4, slotsInUse: 3, waitingRequests: 2, waitingTokens: 900 }),
  );
  const response = await fetch(`${gw.http}/metrics`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  for (const series of [
    'lam_gateway_requests_total{rpc="PredictAction",model="fake",version="1",outcome="ok"} 2',
    'lam_gateway_requests_total{rpc="PredictAction",model="none",version="none",outcome="invalid_request"} 1',
    'lam_gateway_request_seconds_count{rpc="PredictAction",model="fake",version="1"} 2',
    'lam_gateway_request_seconds_bucket{le="0.001",rpc="PredictAction",model="fake",version="1"}',
    'lam_gateway_queue_seconds_count{model="fake",version="1"} 2',
    'lam_gateway_render_seconds_count{model="fake",version="1"} 2',
    'lam_gateway_prefill_seconds_sum{model="fake",version="1"} 0.004',
    'lam_gateway_decode_seconds_count{model="fake",version="1"} 2',
    'lam_gateway_tokens_total{model="fake",version="1",kind="prompt"} 4',
    'lam_gateway_tokens_total{model="fake",version="1",kind="cached"} 0',
    'lam_gateway_tokens_total{model="fake",version="1",kind="generated"} 6',
    'lam_gateway_tokens_total{model="fake",version="1",kind="forced"} 8',
    'lam_gateway_batch_size_sum{model="fake",version="1"} 3',
    'lam_gateway_step_seconds_sum{model="fake",version="1"} 0.004',
    'lam_gateway_slots_in_use{model="fake",version="1"} 3',
    'lam_gateway_slots{model="fake",version="1"} 8',
    'lam_gateway_waiting_requests{model="fake",version="1"} 2',
    'lam_gateway_waiting_tokens{model="fake",version="1"} 900',
    'lam_gateway_seconds_since_last_step{model="fake",version="1"}',
    'lam_gateway_requests_in_flight 0',
    'lam_gateway_ready 1',
    'lam_gateway_build_info{version="',
    'lam_gateway_nodejs_eventloop_lag_p99_seconds',
    'lam_gateway_process_resident_memory_bytes',
  ]) {
    assert.ok(text.includes(`\n${series}`), series);
  }
});
