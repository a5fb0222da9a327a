/** The client against real gateways with fake runtimes, over both transports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grpcTransport } from '../../src/client/grpc.ts';
import {
  type Control,
  httpTransport,
  LamClient,
  LamClientError,
  type LamClientOptions,
} from '../../src/client/index.ts';
import { GatewayError } from '../../src/runtime/index.ts';
import { cuttingProxy, silentServer } from '../support/bad-networks.ts';
import { fakePrediction } from '../support/fake-runtime.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';

const CONTROLS: readonly Control[] = ['Home', 'Bold', 'Italic', 'Body'].map((name, i) => ({
  id: String(i + 1),
  name,
  type: 'Button',
}));
const ask = { user_request: 'make it bold', controls: CONTROLS };

const PROTOCOLS = [
  {
    name: 'HTTP',
    transport: httpTransport(),
    addressOf: ({ http }: TestGateway) => http,
    hostOf: ({ http }: TestGateway) => http.slice('http://'.length),
    toAddress: (host: string) => `http://${host}`,
  },
  {
    name: 'gRPC',
    transport: grpcTransport(),
    addressOf: ({ grpc }: TestGateway) => grpc,
    hostOf: ({ grpc }: TestGateway) => grpc,
    toAddress: (host: string) => host,
  },
] as const;

/** A session whose endpoint the gateway is. */
async function sessionAt({ runtime }: TestGateway, client: LamClient): Promise<string> {
  for (let i = 0; ; i++) {
    const before = runtime.calls.length;
    await client.predictAction({ ...ask, session_id: `at-${i}` });
    if (runtime.calls.length > before) return `at-${i}`;
  }
}

for (const { name, transport, addressOf, hostOf, toAddress } of PROTOCOLS) {
  const clientOf = (gateways: readonly TestGateway[], options: Partial<LamClientOptions> = {}) =>
    new LamClient({ endpoints: gateways.map(addressOf), transport, ...options });

  test(`${name}: every method answers`, async () => {
    await using gateway = await testGateway();
    using client = clientOf([gateway]);
    const session_id = 'e-1';
    const answer = await client.predictAction({ ...ask, session_id, request_id: 'r-1' });
    assert.equal(answer.request_id, 'r-1');
    assert.equal(answer.grounded, true);
    assert.ok(CONTROLS.some(({ id, name }) => id === answer.action.control_id && name === answer.action.control_name));
    assert.equal(answer.step, 1);

    const updates = [];
    for await (const update of client.predictActionStream(ask)) updates.push(update);
    assert.deepEqual(
      updates.map((update) => Object.keys(update)),
      [['choice'], ['response']],
    );

    const { plan } = await client.predictPlan({ user_request: 'open it and print it' });
    assert.deepEqual(plan, ['open it', 'print it']);
    const { rewards } = await client.scoreActions({ ...ask, actions: [answer.action, { function: '' }] });
    assert.equal(rewards.length, 2);

    const { step } = await client.reportOutcome({ session_id, step: 1, result_status: 'success', result: 'done' });
    assert.deepEqual([step.step, step.result_status, step.result], [1, 'success', 'done']);
    const episode = await client.getEpisode({ session_id });
    assert.deepEqual(
      episode.steps.map((kept) => kept.action),
      [answer.action],
    );
    const { undo, stopped_at } = await client.rollbackEpisode({ session_id });
    assert.equal(undo[0]?.step ?? stopped_at?.step, 1);
    assert.equal((await client.endEpisode({ session_id, outcome: 'success' })).state, 'ended');

    assert.deepEqual(
      (await client.listModels()).models.map(({ name, state }) => [name, state]),
      [['fake', 'ready']],
    );
    assert.equal((await client.getModel({ name: 'fake', version: '1' })).role, 'action');
    assert.equal((await client.loadModel({ name: 'fake', version: '2' })).version, '2');
    const { models } = await client.setLabel({ name: 'fake', version: '2', label: 'canary' });
    assert.ok(models.some(({ labels }) => labels.some(({ label }) => label === 'canary')));
    await client.setLabel({ name: 'fake', label: 'canary' });
    await client.unloadModel({ name: 'fake', version: '2' });
  });

  test(`${name}: an error says what is wrong, and is not repeated`, async () => {
    await using gateway = await testGateway();
    using client = clientOf([gateway]);
    const failure = await client.predictAction({ ...ask, controls: [{ id: '', type: 'Button' }] }).catch((e) => e);
    assert.ok(failure instanceof LamClientError);
    assert.deepEqual(
      [failure.code, failure.field, failure.attempts, failure.retryable],
      ['invalid_request', 'controls[0].id', 1, false],
    );
    assert.ok(failure.requestId);
  });

  test(`${name}: a gateway that is killed is not noticed by the caller`, async () => {
    await using survivor = await testGateway();
    const killed = await testGateway();
    using client = clientOf([survivor, killed]);
    const sessions = Array.from({ length: 12 }, (_, i) => `s-${i}`);
    const predict = (session_id: string) => client.predictAction({ ...ask, session_id });
    await Promise.all(sessions.slice(0, 2).map(predict));
    for (const session of sessions) await predict(session);
    assert.ok(killed.runtime.calls.length > 0, 'both have served');
    await killed[Symbol.asyncDispose]();
    for (const session of sessions) assert.equal((await predict(session)).grounded, true);
    assert.equal(client.health()[addressOf(killed)], 'down');
    assert.equal(client.health()[addressOf(survivor)], 'healthy');
  });

  test(`${name}: a call that is under way when its gateway goes is answered by another`, async () => {
    await using survivor = await testGateway();
    await using leaving = await testGateway();
    using client = clientOf([survivor, leaving]);
    const session_id = await sessionAt(leaving, client);
    const arrival = leaving.runtime.holdNext();
    const call = client.predictAction({ ...ask, session_id });
    await arrival;
    await leaving.gateway.close({ timeoutMs: 0 });
    assert.equal((await call).grounded, true);
    assert.equal(survivor.runtime.calls.at(-1)?.state.userRequest, ask.user_request);
  });

  test(`${name}: an episode moves to another gateway with everything it has done`, async () => {
    await using survivor = await testGateway();
    const killed = await testGateway();
    using client = clientOf([survivor, killed]);
    const id = await sessionAt(killed, client);
    const episode = client.episode({ id, task: ask.user_request });
    await episode.step(CONTROLS);
    await episode.report({ result_status: 'failure', error: 'covered' });
    await killed[Symbol.asyncDispose]();
    await episode.step(CONTROLS.slice(0, 3));
    const state = survivor.runtime.calls.at(-1)?.state;
    assert.deepEqual(
      state?.controls.map(({ id }) => id),
      ['1', '2', '3'],
    );
    assert.deepEqual(
      state?.previousActions.map(({ resultStatus, error }) => [resultStatus, error]),
      [['failure', 'covered']],
    );
  });

  test(`${name}: an endpoint that accepts connections and says nothing is left for another`, async () => {
    await using gateway = await testGateway();
    await using silence = await silentServer();
    const endpoints = [addressOf(gateway), toAddress(silence.address)];
    using client = new LamClient({ endpoints, transport, attemptTimeoutMs: 150 });
    for (let i = 0; i < 8; i++) await client.predictAction({ ...ask, session_id: `s-${i}` });
    assert.ok(silence.numConnections > 0);
    assert.equal(client.health()[addressOf(gateway)], 'healthy');
  });

  test(`${name}: a hint to come back later is honoured`, async () => {
    await using gateway = await testGateway();
    using client = clientOf([gateway]);
    gateway.runtime.failNext(new GatewayError('overloaded', 'too much', { retryAfterMs: 120 }));
    const startMs = performance.now();
    assert.equal((await client.predictAction(ask)).grounded, true);
    // Timers of Node may fire a millisecond early.
    assert.ok(performance.now() - startMs >= 119);
    gateway.runtime.failNext(new GatewayError('overloaded', 'too much', { retryAfterMs: 60_000 }));
    const failure = await client.predictAction(ask).catch((thrown) => thrown);
    assert.deepEqual([failure.code, failure.retryAfterMs, failure.attempts], ['overloaded', 60_000, 1]);
  });

  test(`${name}: the deadline ends the call, on both sides`, async () => {
    await using gateway = await testGateway();
    using client = clientOf([gateway]);
    const arrival = gateway.runtime.holdNext();
    const call = client.predictAction(ask, { deadlineMs: 80 });
    const held = await arrival;
    await assert.rejects(call, { code: 'deadline_exceeded' });
    await held.aborted;
  });

  test(`${name}: a caller that gives up ends the work on the gateway`, async () => {
    await using gateway = await testGateway();
    using client = clientOf([gateway]);
    const controller = new AbortController();
    const arrival = gateway.runtime.holdNext();
    const call = client.predictAction(ask, { signal: controller.signal });
    const held = await arrival;
    controller.abort();
    await assert.rejects(call, { code: 'cancelled' });
    await held.aborted;
  });

  test(`${name}: an answer that was lost is asked for again, and the step is taken once`, async () => {
    await using gateway = await testGateway();
    await using proxy = await cuttingProxy(hostOf(gateway));
    using client = new LamClient({ endpoints: [toAddress(proxy.address)], transport, retry: { baseDelayMs: 1 } });
    const episode = client.episode({ id: 'lossy', task: 'make it bold' });
    await episode.step(CONTROLS);
    await episode.report({ result_status: 'success' });
    gateway.runtime.handler = (state, options) => ({ ...fakePrediction(state, options), model: 'marker' });
    proxy.cutNext('marker');
    const answer = await episode.step(CONTROLS.slice(1));
    assert.equal(proxy.numCut, 1);
    assert.equal(answer.step, 2);
    const { steps } = await client.getEpisode({ session_id: 'lossy' });
    assert.deepEqual(
      steps.map(({ step }) => step),
      [1, 2],
    );
    assert.equal(gateway.runtime.calls.length, 2, 'the model was asked once per step');
  });

  test(`${name}: an episode sends differences, and the gateway sees whole lists`, async () => {
    await using gateway = await testGateway();
    using client = clientOf([gateway]);
    const episode = client.episode({ task: 'make it bold', app: { process_name: 'WINWORD.EXE' } });
    const lists = [
      CONTROLS,
      CONTROLS.slice(1),
      [...CONTROLS.slice(1), { id: '9', name: 'OK', type: 'Button' }],
      CONTROLS,
    ];
    for (const list of lists) {
      await episode.step(list);
      await episode.report({ result_status: 'success' });
    }
    const seen = gateway.runtime.calls.map(({ state }) => state);
    assert.deepEqual(
      seen.map(({ controls }) => controls.map(({ id }) => id)),
      lists.map((list) => list.map(({ id }) => id)),
    );
    assert.deepEqual(
      seen.map(({ previousActions }) => previousActions.length),
      [0, 1, 2, 3],
    );
    assert.ok(seen.every(({ userRequest }) => userRequest === 'make it bold'));
    await episode.end('success');
  });
}

test('gRPC: a duplex stream answers each observation, and ends when the caller does', async () => {
  await using gateway = await testGateway();
  using client = new LamClient({ endpoints: [gateway.grpc], transport: grpcTransport() });
  const session_id = 'duplex';
  async function* messages() {
    yield { observation: { ...ask, session_id, request_id: 'a' } };
    yield { observation: { ...ask, session_id, request_id: 'b', controls: [{ id: '', type: 'Button' }] } };
  }
  const answers = [];
  for await (const answer of client.streamActions(messages(), { session_id })) answers.push(answer);
  const [first, second] = answers;
  assert.equal(first?.action?.request_id, 'a');
  assert.deepEqual([second?.error?.request_id, second?.error?.field], ['b', 'controls[0].id']);

  async function* failing() {
    yield { observation: { ...ask, session_id } };
    throw new Error('the desktop is gone');
  }
  const stream = client.streamActions(failing(), { session_id });
  const reading = (async () => {
    for await (const _ of stream);
  })();
  await assert.rejects(reading, /the desktop is gone/);
});
