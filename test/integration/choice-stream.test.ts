/** PredictActionStream over both protocols with real models: the choice comes first, and is what the answer says. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { createGateway, type Gateway } from '../../src/server/gateway.ts';
import { type ApiClient, type ApiRequest, GrpcApiClient, HttpApiClient } from '../support/api-clients.ts';
import { ModelFolders } from '../support/model-folders.ts';
import { testConfig } from '../support/test-gateway.ts';

let folders: ModelFolders;
let gateway: Gateway;
before(async () => {
  folders = await ModelFolders.create();
  await folders.add('tiny', '1');
  await folders.add('chat', '1', 'test/fixtures/models/genai-chat/1');
  const config = testConfig({ modelsDir: folders.root, defaultModel: 'tiny', threads: 1 });
  gateway = await createGateway(config, { logger: pino({ level: 'silent' }) });
});
after(async () => {
  await gateway.close({ timeoutMs: 5_000 });
  await folders[Symbol.asyncDispose]();
});

const CLIENTS = { gRPC: GrpcApiClient, HTTP: HttpApiClient };

function asking(options: ApiRequest, fields: ApiRequest = {}): ApiRequest {
  const controls = ['Bold', 'Body', 'Bold'].map((name, i) => ({
    id: `c${i}`,
    name,
    type: i === 1 ? 'Document' : 'Button',
  }));
  return { user_request: 'make it bold', controls, options, ...fields };
}

async function streamOf(client: ApiClient, request: ApiRequest) {
  const { messages, failure } = await client.stream('PredictActionStream', request);
  assert.equal(failure, undefined);
  return messages as readonly Record<string, Record<string, unknown>>[];
}

for (const [protocol, Client] of Object.entries(CLIENTS)) {
  const connect = () => new Client({ http: `http://${gateway.httpAddress}`, grpc: gateway.grpcAddress });

  for (const model of ['tiny', 'chat']) {
    test(`${protocol}, ${model}: control and function first, then the whole action with the same`, async () => {
      await using client = connect();
      for (let seed = 0; seed < 6; seed++) {
        const options = { temperature: 1, seed, want_thought: true };
        const request_id = `${protocol} ${model} ${seed}`;
        const [first, last, ...rest] = await streamOf(client, asking(options, { model, request_id }));
        const action = last?.['response']?.['action'] as Record<string, unknown>;
        const { control_id, control_name, function: fn } = action;
        assert.deepEqual(first?.['choice'], { request_id, control_id, control_name, function: fn });
        assert.deepEqual(rest, []);
        const unary = await client.call('PredictAction', asking(options, { model }));
        assert.ok(unary.ok);
        assert.deepEqual(action, unary.response['action']);
      }
    });
  }

  test(`${protocol}: several candidates have no choice ahead of them`, async () => {
    await using client = connect();
    const messages = await streamOf(client, asking({ candidates: 2 }));
    assert.deepEqual(
      messages.map((message) => Object.keys(message).filter((key) => key !== 'update')),
      [['response']],
    );
  });
}
