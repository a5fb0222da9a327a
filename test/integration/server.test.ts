/** What holds across protocols: the same request gets the same answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectFailure, expectOk } from '../contract/api.ts';
import { aFullRequest, aRequest, INVALID_REQUESTS, manyControls } from '../contract/requests.ts';
import { type ApiClient, type ApiRequest, GrpcApiClient, HttpApiClient } from '../support/api-clients.ts';
import { testGateway } from '../support/test-gateway.ts';

async function both(run: (http: ApiClient, grpc: ApiClient) => Promise<void>): Promise<void> {
  await using gw = await testGateway();
  await using http = new HttpApiClient(gw);
  await using grpc = new GrpcApiClient(gw);
  await run(http, grpc);
}

const REQUESTS: readonly (readonly [string, ApiRequest])[] = [
  ['a plain request', aRequest()],
  ['a request with every field', aFullRequest()],
  ['a request without controls', { user_request: 'wait' }],
  ['500 controls', aRequest({ controls: manyControls(500) })],
  ['names in many scripts', aRequest({ controls: [{ id: 'ü', name: 'Größe 太 😀', type: 'Edit' }] })],
];

for (const [title, request] of REQUESTS) {
  test(`HTTP and gRPC answer the same to ${title}`, () =>
    both(async (http, grpc) => {
      const same = { ...request, request_id: 'r' };
      const overGrpc = expectOk(await grpc.call('PredictAction', same));
      assert.deepEqual(overGrpc, expectOk(await http.call('PredictAction', same)));
    }));
}

test('HTTP and gRPC refuse in the same words', () =>
  both(async (http, grpc) => {
    for (const { request } of INVALID_REQUESTS) {
      const same = { ...request, request_id: 'r' };
      const { status: _http, ...overHttp } = expectFailure(await http.call('PredictAction', same));
      const { status: _grpc, ...overGrpc } = expectFailure(await grpc.call('PredictAction', same));
      assert.deepEqual(overGrpc, overHttp);
    }
  }));

test('a request in camelCase is the same request', () =>
  both(async (http) => {
    // Another id, or the second would be a repeat of the first; and no session, or it would be its second step.
    const snake = { ...aFullRequest(), request_id: 'r-1', session_id: '', controls: [] };
    const overHttp = expectOk(await http.call('PredictAction', snake));
    const camel = {
      requestId: 'r-0',
      model: 'fake:1',
      userRequest: 'make the title bold\nand save',
      controlsTruncated: true,
      allowedFunctions: ['click_input', 'wait'],
      options: {
        temperature: 0.5,
        seed: 4_294_967_295,
        maxTextBytes: 100,
        candidates: 3,
        rerank: true,
        priority: 9,
        wantThought: true,
        wantPlan: true,
      },
    };
    assert.deepEqual(expectOk(await http.call('PredictAction', camel)), { ...overHttp, request_id: 'r-0' });
  }));
