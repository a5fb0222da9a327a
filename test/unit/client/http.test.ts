import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LamClientError } from '../../../src/client/errors.ts';
import { readEvents } from '../../../src/client/event-stream.ts';
import { httpTransport } from '../../../src/client/http.ts';
import { errorOfResponse, readRetryAfter } from '../../../src/client/http-errors.ts';
import { METHODS } from '../../../src/client/methods.ts';
import type { Attempt } from '../../../src/client/transport.ts';

const ATTEMPT: Attempt = {
  timeoutMs: 1234.5,
  signal: new AbortController().signal,
  headers: { authorization: 'Bearer k' },
};

/** A transport whose requests are recorded and all answered alike. */
function recording(answer: () => Response) {
  const requests: Request[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    requests.push(new Request(url, init));
    return answer();
  };
  return { requests, transport: httpTransport({ fetch: fetch as typeof globalThis.fetch })('http://gateway:8080/') };
}

test('a request is JSON in UTF-8 with the deadline and the credentials in headers', async () => {
  const { requests, transport } = recording(() => Response.json({ ok: 1 }));
  const answer = await transport.unary(METHODS.predictAction, { user_request: 'fett: "Übersicht"' }, ATTEMPT);
  assert.deepEqual(answer, { ok: 1 });
  const [request] = requests;
  assert.ok(request);
  assert.equal(`${request.method} ${request.url}`, 'POST http://gateway:8080/v1/actions:predict');
  assert.deepEqual(Object.fromEntries(request.headers), {
    accept: 'application/json',
    authorization: 'Bearer k',
    'content-type': 'application/json; charset=utf-8',
    'x-request-timeout-ms': '1235',
  });
  assert.deepEqual(await request.json(), { user_request: 'fett: "Übersicht"' });
});

test('what the path names leaves the body, and is encoded', async () => {
  const { requests, transport } = recording(() => Response.json({}));
  await transport.unary(METHODS.endEpisode, { session_id: 'a/b c', outcome: 'success' }, ATTEMPT);
  await transport.unary(METHODS.getModel, { name: 'm', version: '1' }, ATTEMPT);
  assert.deepEqual(
    requests.map(({ method, url }) => `${method} ${url}`),
    ['POST http://gateway:8080/v1/episodes/a%2Fb%20c:end', 'GET http://gateway:8080/v1/models/m/versions/1'],
  );
  assert.deepEqual(await requests[0]?.json(), { outcome: 'success' });
  await assert.rejects(transport.unary(METHODS.getEpisode, { session_id: '' }, ATTEMPT), {
    code: 'invalid_request',
    field: 'session_id',
  });
});

test('the error of a gateway is told with everything that it says', () => {
  const text = JSON.stringify({ error: { code: 'rate_limited', message: 'slow down', field: 'x', request_id: 'r' } });
  const headers = new Headers({ 'retry-after': '2', 'retry-after-ms': '1500' });
  const { code, message, field, requestId, retryAfterMs } = errorOfResponse({ status: 429, headers, text }, 0);
  assert.deepEqual(
    { code, message, field, requestId, retryAfterMs },
    { code: 'rate_limited', message: '[rate_limited] slow down', field: 'x', requestId: 'r', retryAfterMs: 1500 },
  );
});

test('what stands in front of a gateway is understood by its status', () => {
  const codeOf = (status: number) => errorOfResponse({ status, headers: new Headers(), text: '<html>' }, 0).code;
  assert.deepEqual([502, 503, 504, 429, 401, 404, 418].map(codeOf), [
    'unavailable',
    'unavailable',
    'deadline_exceeded',
    'overloaded',
    'unauthenticated',
    'unimplemented',
    'invalid_response',
  ]);
});

test('Retry-After is seconds or a date', () => {
  const read = (value: string) => readRetryAfter(new Headers({ 'retry-after': value }), Date.UTC(2026, 0, 1));
  assert.equal(read('3'), 3000);
  assert.equal(read('Thu, 01 Jan 2026 00:00:05 GMT'), 5000);
  assert.equal(read('Thu, 01 Jan 2015 00:00:00 GMT'), 0);
  assert.equal(read('soon'), undefined);
  assert.equal(readRetryAfter(new Headers(), 0), undefined);
});

test('an answer that is no JSON object is no answer of a gateway', async () => {
  for (const text of ['<html>', '3', 'null']) {
    const { transport } = recording(() => new Response(text));
    await assert.rejects(transport.unary(METHODS.predictAction, {}, ATTEMPT), { code: 'invalid_response' });
  }
});

test('a stream ends with its error event', async () => {
  const error = JSON.stringify({ error: { code: 'backend_failed', message: 'no' } });
  const body = `data: {"choice":{}}\n\nevent: error\ndata: ${error}\n\n`;
  const { transport } = recording(() => new Response(body));
  const stream = transport.serverStream(METHODS.predictActionStream, {}, ATTEMPT);
  assert.deepEqual((await stream.next()).value, { choice: {} });
  await assert.rejects(stream.next(), { code: 'backend_failed' });
});

test('duplex streams need gRPC', async () => {
  const { transport } = recording(() => new Response());
  const none = (async function* () {})();
  assert.throws(() => transport.bidiStream(METHODS.streamActions, none, ATTEMPT), LamClientError);
});

test('events are the same however the body is cut', async () => {
  const events = [
    { name: 'message', data: '{"text":"Übersicht 📝"}' },
    { name: 'error', data: '{}' },
  ];
  const bytes = Buffer.from(
    `data: ${events[0]?.data}\n\n: a comment\n\nevent: error\r\ndata: ${events[1]?.data}\r\n\r\n`,
  );
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(cuts, async (unsorted) => {
      const edges = [0, ...unsorted.sort((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
      const read: object[] = [];
      for await (const event of readEvents(from(chunks))) read.push(event);
      assert.deepEqual(read, events);
    }),
  );
});

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
