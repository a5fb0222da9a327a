/** What only gRPC has: reflection, health, protobuf's own ways to be wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectError } from '@connectrpc/connect';
import { Client, credentials, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';
import protobuf from 'protobufjs';
import { GatewayError } from '../../src/runtime/index.ts';
import { aRequest } from '../contract/requests.ts';
import { GrpcApiClient } from '../support/api-clients.ts';
import { ConnectApiClient } from '../support/connect-client.ts';
import { GrpcClient } from '../support/grpc-client.ts';
import { testGateway } from '../support/test-gateway.ts';

const PREDICT = 'lam.v1.ActionService/PredictAction';

test('a string that is not UTF-8 is refused', async () => {
  await using gw = await testGateway();
  await using api = new GrpcApiClient(gw);
  // Field 5, user_request: two bytes that are no character.
  const reply = await api.callRaw('PredictAction', Buffer.from([(5 << 3) | 2, 2, 0xc3, 0x28]));
  assert.ok(!reply.ok);
  assert.equal(reply.status, status.INVALID_ARGUMENT);
  assert.equal(reply.code, 'invalid_request');
});

test('bytes that are no message are refused', async () => {
  await using gw = await testGateway();
  await using api = new GrpcApiClient(gw);
  for (const bytes of [Buffer.from([0xff, 0xff, 0xff]), Buffer.from('{'), Buffer.from('\u0000')]) {
    for (const rpc of ['PredictAction', 'ScoreActions', 'SetLabel'] as const) {
      const reply = await api.callRaw(rpc, bytes);
      assert.ok(!reply.ok);
      assert.deepEqual([reply.status, reply.code], [status.INVALID_ARGUMENT, 'invalid_request']);
    }
  }
});

test('numbers that JSON cannot say are refused', async () => {
  await using gw = await testGateway();
  await using api = new GrpcApiClient(gw);
  for (const [field, request] of [
    ['options.temperature', { user_request: 'x', options: { temperature: Number.NaN } }],
    ['options.temperature', { user_request: 'x', options: { temperature: Number.POSITIVE_INFINITY } }],
    ['previous_actions[0].args.a', { user_request: 'x', previous_actions: [{ args: { a: Number.NaN } }] }],
  ] as const) {
    const reply = await api.call('PredictAction', request);
    assert.ok(!reply.ok);
    assert.equal(reply.field, field);
  }
});

test('a field that this version does not know is passed over, as protobuf wants it', async () => {
  await using gw = await testGateway();
  await using api = new GrpcApiClient(gw);
  const writer = protobuf.Writer.create();
  writer.uint32((5 << 3) | 2).string('open the file');
  writer.uint32((999 << 3) | 2).string('from the future');
  const reply = await api.callRaw('PredictAction', Buffer.from(writer.finish()));
  assert.ok(reply.ok);
});

test('a method or service that does not exist is unimplemented', async () => {
  await using gw = await testGateway();
  using grpc = new GrpcClient(gw.grpc);
  const identity = (bytes: Buffer) => bytes;
  for (const path of ['/lam.v1.ActionService/Nothing', '/no.such.Service/PredictAction']) {
    const code = await new Promise((resolve) => {
      grpc.client.makeUnaryRequest(path, identity, identity, Buffer.alloc(0), (error) => resolve(error?.code));
    });
    assert.equal(code, status.UNIMPLEMENTED);
  }
});

test('reflection lists the services and describes their files', async () => {
  await using gw = await testGateway();
  const stream = new Client(gw.grpc, credentials.createInsecure()) as Client;
  const reflection = loadReflection();
  const call = stream.makeBidiStreamRequest(
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    (message: object) => Buffer.from(reflection.request.encode(message).finish()),
    (bytes: Buffer) => reflection.response.toObject(reflection.response.decode(bytes)) as ReflectionReply,
  );
  const next = () => new Promise<ReflectionReply>((resolve) => call.once('data', resolve));
  call.write({ list_services: '' });
  const listed = (await next()).list_services_response?.service.map(({ name }) => name);
  assert.deepEqual(listed?.sort(), [
    'grpc.health.v1.Health',
    'lam.v1.ActionService',
    'lam.v1.EpisodeService',
    'lam.v1.ModelService',
  ]);
  call.write({ file_containing_symbol: PREDICT.split('/')[0] });
  const files = (await next()).file_descriptor_response?.file_descriptor_proto ?? [];
  assert.ok(files.some((file) => Buffer.from(file).includes('PredictActionRequest')));
  call.end();
  stream.close();
});

type ReflectionReply = {
  readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Uint8Array[] };
};

/** The few messages of grpc.reflection.v1 that the test needs. */
function loadReflection(): { readonly request: protobuf.Type; readonly response: protobuf.Type } {
  const { root } = protobuf.parse(
    `syntax = "proto3";
     message Request { oneof message_request { string file_containing_symbol = 4; string list_services = 7; } }
     message Files { repeated bytes file_descriptor_proto = 1; }
     message Service { string name = 1; }
     message Services { repeated Service service = 1; }
     message Reply { Files file_descriptor_response = 4; Services list_services_response = 6; }`,
    { keepCase: true },
  );
  return { request: root.lookupType('Request'), response: root.lookupType('Reply') };
}

test('health follows the gateway: serving, not serving while it drains', async () => {
  await using gw = await testGateway();
  const client = new Client(gw.grpc, credentials.createInsecure());
  const { Check, Watch } = loadSync(healthProto, { enums: String })[
    'grpc.health.v1.Health'
  ] as unknown as HealthService;
  const check = (service: string) =>
    new Promise((resolve) => {
      client.makeUnaryRequest(
        Check.path,
        Check.requestSerialize,
        Check.responseDeserialize,
        { service },
        (error, reply) => resolve(error?.code ?? reply?.status),
      );
    });
  assert.equal(await check(''), 'SERVING');
  assert.equal(await check('lam.v1.ActionService'), 'SERVING');
  assert.equal(await check('no.such.Service'), status.NOT_FOUND);

  const watch = client.makeServerStreamRequest(Watch.path, Watch.requestSerialize, Watch.responseDeserialize, {
    service: '',
  });
  const seen: string[] = [];
  watch.on('data', ({ status: now }) => seen.push(now));
  // The server takes down a stream that would never end by itself.
  const ended = new Promise((resolve) => watch.on('error', resolve).on('end', resolve));
  await new Promise((resolve) => watch.once('data', resolve));
  await gw.gateway.close({ timeoutMs: 1000 });
  await ended;
  assert.deepEqual(seen, ['SERVING', 'NOT_SERVING']);
  client.close();
});

type HealthMethod = {
  readonly path: string;
  readonly requestSerialize: (message: { service: string }) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => { readonly status: string };
};
type HealthService = { readonly Check: HealthMethod; readonly Watch: HealthMethod };

test('an error carries the details of the standard error model', async () => {
  await using gw = await testGateway();
  await using api = new ConnectApiClient(gw);
  gw.runtime.failNext(new GatewayError('overloaded', 'full', { field: 'model', retryAfterMs: 1250 }));
  const error = await api.errorOf('PredictAction', aRequest({ request_id: 'r' }));
  assert.equal(error.code, status.RESOURCE_EXHAUSTED);
  assert.equal(error.rawMessage, 'full');
  assert.equal(error.metadata.get('grpc-retry-pushback-ms'), '1250');
  assert.deepEqual(error.details.map(decodeDetail), [
    ['google.rpc.ErrorInfo', { reason: 'OVERLOADED', domain: 'lam-gateway' }],
    ['google.rpc.RequestInfo', { request_id: 'r' }],
    ['google.rpc.BadRequest', { field_violations: [{ field: 'model', description: 'full' }] }],
    ['google.rpc.RetryInfo', { retry_delay: { seconds: 1, nanos: 250_000_000 } }],
  ]);
});

/** The few fields of google/rpc/error_details.proto that the test needs. */
const { root: errorDetails } = protobuf.parse(
  `syntax = "proto3";
   package google.rpc;
   message ErrorInfo { string reason = 1; string domain = 2; }
   message RequestInfo { string request_id = 1; }
   message FieldViolation { string field = 1; string description = 2; }
   message BadRequest { repeated FieldViolation field_violations = 1; }
   message Duration { int64 seconds = 1; int32 nanos = 2; }
   message RetryInfo { Duration retry_delay = 1; }`,
  { keepCase: true },
);

function decodeDetail(detail: ConnectError['details'][number]): readonly [string, unknown] {
  assert.ok('type' in detail && typeof detail.type === 'string' && detail.value instanceof Uint8Array);
  const type = errorDetails.lookupType(detail.type);
  return [detail.type, type.toObject(type.decode(detail.value), { longs: Number })];
}
