/** Traces as a collector receives them: one span per request, its parts, the client's trace above it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { GatewayError } from '../../src/runtime/index.ts';
import { messageType } from '../../src/server/wire/schema.ts';
import { aRequest } from '../contract/requests.ts';
import { otlpReceiver } from '../support/otlp-receiver.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';
const traceparent = (flags: string) => `00-${TRACE_ID}-${PARENT_ID}-${flags}`;

function predict({ http }: TestGateway, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify(aRequest({ request_id: 'r-1' }));
  return fetch(`${http}/v1/actions:predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

test('a request is one span in its client’s trace, with its parts below it in order', async () => {
  await using collector = await otlpReceiver();
  let answered: Response;
  {
    await using gateway = await testGateway({ config: { otlpEndpoint: collector.url } });
    answered = await predict(gateway, { traceparent: traceparent('01') });
    assert.equal(answered.status, 200);
  }
  const request = collector.spans.find(({ name }) => name === 'PredictAction');
  assert.ok(request);
  assert.equal(request.traceId, TRACE_ID);
  assert.equal(request.parentSpanId, PARENT_ID);
  assert.equal(answered.headers.get('traceresponse'), `00-${TRACE_ID}-${request.spanId}-01`);
  const parts = collector.spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
  assert.deepEqual(
    parts.map(({ name }) => name),
    ['admission', 'render', 'queue', 'prefill', 'decode', 'policy'],
  );
  for (const part of parts)
    assert.ok(part.traceId === TRACE_ID && part.start <= part.end && part.start >= request.start);
  const decode = parts.find(({ name }) => name === 'decode');
  assert.equal(Math.round(Number((decode?.end ?? 0n) - (decode?.start ?? 0n)) / 1e6), 3);
  assert.equal(request.attributes['lam.request_id'], 'r-1');
  assert.equal(request.attributes['gen_ai.response.model'], 'fake');
  assert.equal(request.attributes['lam.outcome'], 'ok');
  assert.equal(request.status, 0);
});

test('gRPC metadata carries the trace in and the span back', async () => {
  await using collector = await otlpReceiver();
  const back: Metadata[] = [];
  {
    await using gateway = await testGateway({ config: { otlpEndpoint: collector.url } });
    const client = new Client(gateway.grpc, credentials.createInsecure());
    const type = messageType('PredictActionRequest');
    const metadata = new Metadata();
    metadata.set('traceparent', traceparent('01'));
    await new Promise<void>((resolve, reject) => {
      client
        .makeUnaryRequest(
          '/lam.v1.ActionService/PredictAction',
          () => Buffer.from(type.encode(type.fromObject(aRequest())).finish()),
          (bytes) => bytes,
          {},
          metadata,
          (error) => (error === null ? resolve() : reject(error)),
        )
        .on('metadata', (received: Metadata) => back.push(received));
    });
    client.close();
  }
  const request = collector.spans.find(({ name }) => name === 'PredictAction');
  assert.equal(request?.traceId, TRACE_ID);
  assert.deepEqual(back[0]?.get('traceresponse'), [`00-${TRACE_ID}-${request?.spanId}-01`]);
});

test('a client that does not sample is not recorded, and neither is a share of 0', async () => {
  await using collector = await otlpReceiver();
  {
    await using gateway = await testGateway({ config: { otlpEndpoint: collector.url, traceSampleRatio: 0 } });
    assert.equal((await predict(gateway, { traceparent: traceparent('00') })).headers.get('traceresponse'), null);
    assert.equal((await predict(gateway)).headers.get('traceresponse'), null);
  }
  assert.deepEqual(collector.spans, []);
});

test('our failures are errors of the span, a refused message is not', async () => {
  await using collector = await otlpReceiver();
  {
    await using gateway = await testGateway({ config: { otlpEndpoint: collector.url } });
    gateway.runtime.failNext(new GatewayError('backend_failed', 'the model broke'));
    assert.equal((await predict(gateway)).status, 500);
    const refused = await fetch(`${gateway.http}/v1/actions:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"controls": 1}',
    });
    assert.equal(refused.status, 400);
  }
  const outcomes = collector.spans
    .filter(({ name }) => name === 'PredictAction')
    .map(({ attributes, status }) => [attributes['lam.outcome'], status]);
  assert.deepEqual(outcomes, [
    ['backend_failed', 2],
    ['invalid_request', 0],
  ]);
});

test('headers for the collector come out of a file; what it takes and refuses is counted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lam-tracing-'));
  try {
    const otlpHeadersFile = join(folder, 'headers');
    writeFileSync(otlpHeadersFile, 'Authorization: Api-Key secret\n\nX-Tenant: a\n');
    await using collector = await otlpReceiver(400);
    const gateway = await testGateway({ config: { otlpEndpoint: `${collector.url}/otlp/`, otlpHeadersFile } });
    await predict(gateway);
    await gateway[Symbol.asyncDispose]();
    assert.equal(collector.requests[0]?.path, '/otlp/v1/traces');
    assert.equal(collector.requests[0]?.headers.authorization, 'Api-Key secret');
    assert.equal(collector.requests[0]?.headers['x-tenant'], 'a');
    const { text } = await gateway.gateway.metrics();
    assert.match(text, /^lam_gateway_trace_spans_total\{result="failed"\} 7$/m);
    writeFileSync(otlpHeadersFile, 'no header');
    const refused = testGateway({ config: { otlpEndpoint: collector.url, otlpHeadersFile } });
    await assert.rejects(refused, /otlpHeadersFile: line 1 is no "name: value"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('OpenMetrics buckets carry the trace of a request; the plain format does not', async () => {
  await using collector = await otlpReceiver();
  await using gateway = await testGateway({ config: { otlpEndpoint: collector.url } });
  await predict(gateway, { traceparent: traceparent('01') });
  const accept = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1';
  const scrape = await fetch(`${gateway.http}/metrics`, { headers: { accept } });
  assert.match(scrape.headers.get('content-type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(
    await scrape.text(),
    new RegExp(`^lam_gateway_request_seconds_bucket.* # {trace_id="${TRACE_ID}"} `, 'm'),
  );
  const plain = await (await fetch(`${gateway.http}/metrics`)).text();
  assert.doesNotMatch(plain, /trace_id|# EOF/);
});

test('without a collector, log lines still name the client’s trace', async () => {
  const lines: string[] = [];
  await using gateway = await testGateway({ log: (line) => lines.push(line) });
  await predict(gateway, { traceparent: traceparent('01') });
  const finished = lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'request_finished');
  assert.equal(finished?.trace_id, TRACE_ID);
});
