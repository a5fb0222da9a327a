/** Limits on connections and on what comes over them: too much, too slow, too many, and what is no request at all. */
import assert from 'node:assert/strict';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import type { Config } from '../../src/server/config.ts';
import { describeMethod } from '../../src/server/wire/schema.ts';
import { aRequest } from '../contract/requests.ts';
import { SERVICES } from '../support/rpc-routes.ts';
import { bearer, callAs, fetchFrom, PROTOCOLS, type Protocol, TestAccess } from '../support/secure-calls.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';

const PREDICT = { rpc: 'PredictAction', request: aRequest() } as const;
const HEAD = 'POST /v1/actions:predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

function socketTo(protocol: Protocol, { http, grpc }: TestGateway): Socket {
  const port = Number((protocol === 'http' ? http : grpc).split(':').at(-1));
  return connect(port, '127.0.0.1').on('error', () => {});
}

/** Everything that the other end sends until it closes. */
function untilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += String(data);
    });
    socket.on('close', () => resolve(text));
  });
}

/** A raw gRPC client: what no library would send. */
class RawGrpc implements Disposable {
  readonly session: ClientHttp2Session;

  constructor({ grpc }: TestGateway) {
    this.session = connectHttp2(`http://${grpc}`).on('error', () => {});
  }

  open(headers: Record<string, string> = {}): ClientHttp2Stream {
    const common = { [constants.HTTP2_HEADER_METHOD]: 'POST', 'content-type': 'application/grpc', te: 'trailers' };
    const path = `/${SERVICES.PredictAction}`;
    return this.session.request({ ...common, [constants.HTTP2_HEADER_PATH]: path, ...headers }).on('error', () => {});
  }

  [Symbol.dispose](): void {
    this.session.destroy();
  }
}

/** The status that ends a stream, whether it comes at once or behind an answer. */
function statusOf(stream: ClientHttp2Stream): Promise<{ readonly code: number; readonly named: string }> {
  return new Promise((resolve) => {
    const note = (headers: Readonly<Record<string, unknown>>) => {
      if (headers['grpc-status'] === undefined) return;
      resolve({ code: Number(headers['grpc-status']), named: String(headers['lam-error-code'] ?? '') });
      stream.close();
    };
    stream.on('response', note).on('trailers', note).resume();
  });
}

function frame(message: Buffer, { isCompressed = false, length = message.byteLength } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isCompressed ? 1 : 0, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

function encoded(request: object): Buffer {
  const type = describeMethod('ActionService', 'PredictAction').request;
  return Buffer.from(type.encode(type.fromObject(request)).finish());
}

const secured = (access: TestAccess<never>): Partial<Config> => ({ accessFile: access.path });

for (const protocol of PROTOCOLS) {
  test(`${protocol}: connections from one address are bounded, the one too many is closed, and room comes back`, async () => {
    await using gw = await testGateway({ config: { maxConnectionsPerPeer: 2 } });
    const sockets = [socketTo(protocol, gw), socketTo(protocol, gw)];
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    assert.equal(await untilClosed(socketTo(protocol, gw)), '');
    const { text } = await gw.gateway.metrics();
    const series = `connections_refused_total{protocol="${protocol}",limit="max_connections_per_peer"}`;
    assert.ok(text.includes(`lam_gateway_${series} 1\n`), text);
    assert.ok(text.includes(`lam_gateway_connections{protocol="${protocol}"} 2\n`));
    for (const socket of sockets) socket.destroy();
    while ((await callAs(protocol, gw, PREDICT).catch(() => ({ code: 'failed' }))).code !== 'ok');
  });

  test(`${protocol}: bytes that are no protocol close their connection and nothing else`, async () => {
    await using gw = await testGateway();
    for (const bytes of [Buffer.from('\0\x01\x02 nonsense\r\n\r\n'), Buffer.alloc(100_000, 0xff)]) {
      const socket = socketTo(protocol, gw);
      socket.write(bytes);
      await untilClosed(socket);
    }
    assert.equal((await callAs(protocol, gw, PREDICT)).code, 'ok');
  });

  test(`${protocol}: a header that is too large is refused`, async () => {
    await using gw = await testGateway({ config: { maxHeaderBytes: 4096 } });
    const headers = { 'x-large': 'x'.repeat(5000) };
    const { code } = await callAs(protocol, gw, { ...PREDICT, headers });
    assert.equal(code, protocol === 'http' ? 'status 431' : 'payload_too_large');
    assert.equal((await callAs(protocol, gw, { ...PREDICT, headers: { 'x-large': 'x'.repeat(1000) } })).code, 'ok');
  });

  test(`${protocol}: more controls, longer names and larger bodies than configured are refused`, async () => {
    await using gw = await testGateway({ config: { maxControls: 3, maxBodyBytes: 8192 } });
    const controls = (count: number, name = 'x') =>
      Array.from({ length: count }, (_, i) => ({ id: String(i), name, type: 'Button' }));
    const codeOf = async (request: object) => (await callAs(protocol, gw, { rpc: 'PredictAction', request })).code;
    assert.equal(await codeOf(aRequest({ controls: controls(3) })), 'ok');
    assert.equal(await codeOf(aRequest({ controls: controls(4) })), 'invalid_request');
    assert.equal(await codeOf(aRequest({ controls: controls(1, 'x'.repeat(2049)) })), 'invalid_request');
    assert.equal(await codeOf(aRequest({ previous_plan: ['x'.repeat(9000)] })), 'payload_too_large');
    assert.equal(gw.runtime.calls.length, 1);
    const { text } = await fetchFrom(gw, { path: '/metrics' });
    assert.match(text, /rpc="PredictAction".*outcome="payload_too_large"\} 1$/m);
  });
}

test('http: a header that comes drop by drop ends its connection in time (slowloris)', async () => {
  await using gw = await testGateway({ config: { headersTimeoutMs: 100 } });
  const silent = untilClosed(socketTo('http', gw));
  const slow = socketTo('http', gw);
  slow.write('POST /v1/actions:predict HTTP/1.1\r\n');
  const drops = setInterval(() => slow.write('x-a: b\r\n'), 20);
  const answer = await untilClosed(slow);
  clearInterval(drops);
  assert.match(answer, /^HTTP\/1\.1 408 /);
  await silent;
});

test('http: a body that comes drop by drop ends in time, for a caller with a key too', async () => {
  using access = new TestAccess({ agent: { scopes: ['predict'] } });
  await using gw = await testGateway({
    config: { accessFile: access.path, requestTimeoutMs: 100, headersTimeoutMs: 100 },
  });
  const socket = socketTo('http', gw);
  socket.write(`${HEAD}authorization: Bearer ${access.keys.agent}\r\ncontent-length: 1000\r\n\r\n`);
  const drops = setInterval(() => socket.write(' '), 20);
  await untilClosed(socket);
  clearInterval(drops);
  while (gw.gateway.requestsInFlight > 0) await fetchFrom(gw, { path: '/livez' });
  assert.equal(gw.runtime.calls.length, 0);
});

test('http: who is not known is refused before the body is there', async () => {
  using access = new TestAccess({});
  await using gw = await testGateway({ config: secured(access) });
  const socket = socketTo('http', gw);
  socket.write(`${HEAD}content-length: 1000000\r\n\r\n{`);
  const head = await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
  assert.match(String(head), /^HTTP\/1\.1 401 /);
  socket.destroy();
});

test('http: a client is told to come back on another connection after as many requests as configured', async () => {
  await using gw = await testGateway({ config: { maxRequestsPerConnection: 2 } });
  const socket = socketTo('http', gw);
  const answers: string[] = [];
  for (let i = 0; i < 3; i++) {
    socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
    answers.push(await new Promise((resolve) => socket.once('data', (data) => resolve(String(data)))));
  }
  socket.destroy();
  assert.deepEqual(
    answers.map((answer) => [/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1], /^connection: (.*)$/im.exec(answer)?.[1]]),
    [
      ['200', 'keep-alive'],
      ['200', 'close'],
      ['503', 'close'],
    ],
  );
});

test('http: a compressed body is not unpacked', async () => {
  await using gw = await testGateway();
  const headers = { 'content-encoding': 'gzip' };
  assert.equal((await fetchFrom(gw, { method: 'POST', path: '/v1/actions:predict', body: '{}', headers })).status, 415);
});

test('grpc: a message that packs a thousand times its size is unpacked no further than the limit', async () => {
  await using gw = await testGateway({ config: { maxBodyBytes: 8192 } });
  using raw = new RawGrpc(gw);
  const send = (message: Buffer) => {
    const stream = raw.open({ 'grpc-encoding': 'gzip' });
    stream.end(frame(gzipSync(message), { isCompressed: true }));
    return statusOf(stream);
  };
  assert.equal((await send(encoded(PREDICT.request))).code, status.OK);
  assert.deepEqual(await send(Buffer.alloc(8 << 20)), { code: status.RESOURCE_EXHAUSTED, named: 'payload_too_large' });
});

test('grpc: a message whose compression cannot be undone is the client’s error, and counted', async () => {
  await using gw = await testGateway();
  using raw = new RawGrpc(gw);
  const send = (encoding: string) => {
    const stream = raw.open({ 'grpc-encoding': encoding });
    stream.end(frame(Buffer.from('no gzip'), { isCompressed: true }));
    return statusOf(stream);
  };
  assert.deepEqual(await send('gzip'), { code: status.INVALID_ARGUMENT, named: 'invalid_request' });
  assert.deepEqual(await send('zstd'), { code: status.UNIMPLEMENTED, named: 'unimplemented' });
  const { text } = await fetchFrom(gw, { path: '/metrics' });
  assert.match(text, /outcome="invalid_request"\} 1$/m);
  assert.match(text, /outcome="unimplemented"\} 1$/m);
});

test('grpc: a message that is announced larger than the limit is refused at its first bytes', async () => {
  await using gw = await testGateway({ config: { maxBodyBytes: 8192 } });
  using raw = new RawGrpc(gw);
  const stream = raw.open();
  stream.write(frame(Buffer.from([0]), { length: 0xffffffff }));
  const drops = setInterval(() => stream.write(Buffer.alloc(1000)), 1);
  const ended = await statusOf(stream);
  clearInterval(drops);
  assert.deepEqual(ended, { code: status.RESOURCE_EXHAUSTED, named: 'payload_too_large' });
  const { text } = await fetchFrom(gw, { path: '/metrics' });
  assert.match(text, /outcome="payload_too_large"\} 1$/m, 'it is counted once');
});

test('grpc: a message of a stream that is too large ends the stream with our code', async () => {
  await using gw = await testGateway({ config: { maxBodyBytes: 8192 } });
  using raw = new RawGrpc(gw);
  const stream = raw.open({ [constants.HTTP2_HEADER_PATH]: `/${SERVICES.StreamActions}` });
  stream.write(frame(Buffer.from([0]), { length: 10_000 }));
  assert.deepEqual(await statusOf(stream), { code: status.RESOURCE_EXHAUSTED, named: 'payload_too_large' });
});

test('grpc: a message that does not come, or drop by drop, ends its call in time', async () => {
  await using gw = await testGateway({ config: { requestTimeoutMs: 100 } });
  using raw = new RawGrpc(gw);
  const silent = statusOf(raw.open());
  const slow = raw.open();
  slow.write(frame(Buffer.from([0]), { length: 1000 }));
  const drops = setInterval(() => slow.write(Buffer.from([0])), 20);
  const ended = await statusOf(slow);
  clearInterval(drops);
  assert.deepEqual([(await silent).named, ended.named], ['deadline_exceeded', 'deadline_exceeded']);
  const { text } = await fetchFrom(gw, { path: '/metrics' });
  assert.match(text, /outcome="deadline_exceeded"\} 2/, 'they are counted as any other call');
});

test('grpc: who is not known is refused before the message is there, and counted', async () => {
  using access = new TestAccess({ monitor: { scopes: ['scrape'] } });
  await using gw = await testGateway({ config: secured(access as TestAccess<never>) });
  using raw = new RawGrpc(gw);
  const { named } = await statusOf(raw.open());
  assert.equal(named, 'unauthenticated');
  const { text } = await fetchFrom(gw, { path: '/metrics', ...bearer(access.keys.monitor) });
  assert.match(text, /rpc="PredictAction".*outcome="unauthenticated"\} 1/);
});

test('grpc: calls at once over one connection are bounded; more wait at the client or are refused', async () => {
  await using gw = await testGateway({ config: { maxStreamsPerConnection: 3 } });
  using raw = new RawGrpc(gw);
  const settings = await new Promise<{ maxConcurrentStreams?: number }>((resolve) =>
    raw.session.once('remoteSettings', resolve),
  );
  assert.equal(settings.maxConcurrentStreams, 3);
});

test('grpc: a connection without calls is closed after a while', async () => {
  await using gw = await testGateway({ config: { idleTimeoutMs: 100 } });
  const silent = untilClosed(socketTo('grpc', gw));
  using raw = new RawGrpc(gw);
  await new Promise((closed) => raw.session.on('close', closed));
  await silent;
});

test('grpc: more entries of metadata than anybody needs end the call', async () => {
  await using gw = await testGateway({ config: { maxHeaderBytes: 4096 } });
  using raw = new RawGrpc(gw);
  const entries = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, 'x'.repeat(100)]));
  assert.equal((await statusOf(raw.open(entries))).named, 'payload_too_large');
});

test('grpc: health and reflection answer without a key, and nothing else does', async () => {
  using access = new TestAccess({});
  await using gw = await testGateway({ config: secured(access) });
  using raw = new RawGrpc(gw);
  const codeOf = async (path: string) => {
    const stream = raw.open({ [constants.HTTP2_HEADER_PATH]: path });
    stream.end(frame(Buffer.alloc(0)));
    return (await statusOf(stream)).code;
  };
  assert.equal(await codeOf('/grpc.health.v1.Health/Check'), status.OK);
  assert.equal(await codeOf('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'), status.OK);
  assert.equal(await codeOf(`/${SERVICES.ListModels}`), status.UNAUTHENTICATED);
  assert.equal(await codeOf('/lam.v1.ActionService/NoSuchMethod'), status.UNIMPLEMENTED);
});
