/** Several gateways that share episodes through one Redis: as replicas, one after the other, and while Redis is away. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import type { Config } from '../../src/server/config.ts';
import { expectFailure, expectOk } from '../contract/api.ts';
import { aRequest } from '../contract/requests.ts';
import { type ApiRequest, GrpcApiClient, HttpApiClient } from '../support/api-clients.ts';
import { RedisServer } from '../support/redis-server.ts';
import type { RpcName } from '../support/rpc-routes.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';

const server = await RedisServer.start();
after(() => server[Symbol.asyncDispose]());

type Replica = AsyncDisposable & {
  readonly gw: TestGateway;
  /** Over HTTP. */
  readonly ask: (rpc: RpcName, request: ApiRequest) => Promise<Record<string, unknown>>;
  readonly api: HttpApiClient;
};

async function replica(config: Partial<Config> = {}): Promise<Replica> {
  const gw = await testGateway({ config: { episodeStore: 'redis', redisUrl: server.url, slots: 16, ...config } });
  const api = new HttpApiClient(gw);
  const ask = async (rpc: RpcName, request: ApiRequest) => expectOk(await api.call(rpc, request));
  return { gw, api, ask, [Symbol.asyncDispose]: () => gw[Symbol.asyncDispose]() };
}

/** What the model of a gateway was shown of the history, at its latest request. */
function history({ gw }: Replica): readonly string[] {
  const { previousActions = [] } = gw.runtime.calls.at(-1)?.state ?? {};
  return previousActions.map(({ controlName, resultStatus }) => `${controlName} ${resultStatus}`);
}

const button = (name: string) => ({ controls: [{ id: '1', name, type: 'Button' }] });

test('two gateways serve one episode alternately, over both protocols, without a wrong history', async () => {
  await using a = await replica();
  await using b = await replica();
  await using grpc = new GrpcApiClient(b.gw);
  const session_id = 'alternately';
  await a.ask('PredictAction', { ...aRequest({ session_id }), ...button('one') });
  await b.ask('ReportOutcome', { session_id, result_status: 'success' });
  const second = expectOk(await grpc.call('PredictAction', { session_id, ...button('two') }));
  assert.equal(second['step'], 2);
  assert.deepEqual(history(b), ['one success']);
  expectOk(await grpc.call('ReportOutcome', { session_id, result_status: 'failure', error: 'no' }));
  const third = await a.ask('PredictAction', { session_id, ...button('three') });
  assert.equal(third['step'], 3);
  assert.deepEqual(history(a), ['one success', 'two failure']);
  const changes = { base_hash: third['observation_hash'], changed: [{ id: '1', name: 'four', type: 'Button' }] };
  await b.ask('PredictAction', { session_id, control_changes: changes });
  assert.deepEqual(history(b), ['one success', 'two failure', 'three none']);
  assert.equal(b.gw.runtime.calls.at(-1)?.state.controls[0]?.name, 'four');
  const episode = await a.ask('EndEpisode', { session_id });
  assert.deepEqual(await b.ask('GetEpisode', { session_id }), episode);
});

test('an episode outlives its gateway, even one that is killed in the middle of a request', async () => {
  const session_id = 'restart';
  const args = ['--http-port', '0', '--grpc-port', '0', '--episode-store', 'redis', '--redis-url', server.url];
  const first = spawn(process.execPath, [join(import.meta.dirname, '../support/fake-main.js'), ...args]);
  const exited = once(first, 'exit');
  const lines = createInterface({ input: first.stdout })[Symbol.asyncIterator]();
  const line = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      assert.ok(!done, `no ${pattern}`);
      const found = pattern.exec(value)?.[1];
      if (found !== undefined) return found;
    }
  };
  const api = new HttpApiClient({ http: await line(/http=(http:\S+)/), grpc: '' });
  const task = aRequest({ session_id, user_request: 'hold' });
  // The plan begins the episode without asking for an action, which this gateway would hold.
  expectOk(await api.call('PredictPlan', { session_id, user_request: 'hold' }));
  const cut = api.call('PredictAction', task).catch(() => undefined);
  await line(/^(holding)$/);
  first.kill('SIGKILL');
  await exited;
  await cut;

  await using second = await replica();
  const { step } = await second.ask('PredictAction', { session_id, ...button('one') });
  assert.equal(step, 1, 'the action that nobody got is not remembered');
  const { state } = second.gw.runtime.calls[0] ?? {};
  assert.deepEqual([state?.userRequest, state?.previousPlan], ['hold', ['hold']]);
  await second[Symbol.asyncDispose]();

  await using third = await replica();
  assert.equal((await third.ask('PredictAction', { session_id, ...button('two') }))['step'], 2);
  assert.deepEqual(history(third), ['one none']);
});

test('what two gateways add at once is all remembered', async () => {
  await using a = await replica();
  await using b = await replica();
  const session_id = 'at once';
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      [a, b][i % 2]?.ask('PredictAction', aRequest({ session_id, request_id: `r-${i}`, options: { seed: i } })),
    ),
  );
  const told = answers.map((answer) => `${answer?.['step']} ${answer?.['request_id']}`).sort();
  const { steps } = (await a.ask('GetEpisode', { session_id })) as { steps: { step: number; request_id: string }[] };
  assert.deepEqual(steps.map(({ step, request_id }) => `${step} ${request_id}`).sort(), told);
  assert.deepEqual(
    steps.map(({ step }) => step),
    Array.from({ length: 12 }, (_, i) => i + 1),
  );
});

test('a repeat at the other gateway waits for the first, gets its answer, and adds nothing', async () => {
  await using a = await replica();
  await using b = await replica();
  const request = aRequest({ session_id: 'repeat', request_id: 'repeat-1' });
  const arrival = a.gw.runtime.holdNext();
  const first = a.ask('PredictAction', request);
  const held = await arrival;
  const repeat = b.ask('PredictAction', request);
  const conflict = await b.api.call('PredictAction', { ...request, subtask: 'other' });
  assert.equal(expectFailure(conflict).code, 'conflict');
  held.release();
  assert.deepEqual(await repeat, await first);
  assert.deepEqual(await b.ask('PredictAction', request), await first);
  assert.equal(b.gw.runtime.calls.length, 0);
  const { steps } = (await b.ask('GetEpisode', { session_id: 'repeat' })) as { steps: unknown[] };
  assert.equal(steps.length, 1);
});

test('while Redis is away, requests that need no memory are served, others are told to come again', async () => {
  await using own = await RedisServer.start();
  await using a = await replica({ redisUrl: own.url, redisTimeoutMs: 200 });
  await a.ask('PredictAction', aRequest({ session_id: 's' }));
  const refused = async () => {
    for (const [rpc, request] of [
      ['PredictAction', aRequest({ session_id: 's' })],
      ['PredictPlan', { session_id: 's', user_request: 'x' }],
      ['ReportOutcome', { session_id: 's', result_status: 'success' }],
      ['GetEpisode', { session_id: 's' }],
    ] as const) {
      const { code, retryAfterMs } = expectFailure(await a.api.call(rpc, request));
      assert.equal(code, 'unavailable', rpc);
      assert.ok(retryAfterMs !== undefined && retryAfterMs > 0);
    }
    await a.ask('PredictAction', aRequest({ request_id: 'stateless' }));
    assert.equal((await fetch(`${a.gw.http}/readyz`)).status, 200);
  };
  const backAgain = async () => {
    for (;;) {
      const reply = await a.api.call('PredictAction', aRequest({ session_id: 's' }));
      if (reply.ok) return reply.response;
      assert.equal(reply.code, 'unavailable');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  own.pause();
  await refused();
  own.resume();
  assert.ok(Number((await backAgain())['step']) >= 2, 'it still knows the episode');

  await own.kill();
  await refused();
  await own.restart();
  assert.equal((await backAgain())['step'], 1, 'it has lost all, and a new episode begins');
});

test('a gateway starts without Redis and finds it later', async () => {
  await using own = await RedisServer.start();
  await own.kill();
  await using a = await replica({ redisUrl: own.url, redisTimeoutMs: 200 });
  await a.ask('PredictAction', aRequest());
  assert.equal(expectFailure(await a.api.call('PredictAction', aRequest({ session_id: 's' }))).code, 'unavailable');
  await own.restart();
  for (;;) {
    const reply = await a.api.call('PredictAction', aRequest({ session_id: 's' }));
    if (reply.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('a password is read from a file', async (t) => {
  await using own = await RedisServer.start(['--requirepass', 'secret']);
  const folder = await mkdtemp(join(tmpdir(), 'lam-redis-'));
  t.after(() => rm(folder, { recursive: true }));
  const redisPasswordFile = join(folder, 'password');
  await writeFile(redisPasswordFile, 'secret\n');
  await using a = await replica({ redisUrl: own.url, redisPasswordFile });
  assert.equal((await a.ask('PredictAction', aRequest({ session_id: 's' })))['step'], 1);
});
