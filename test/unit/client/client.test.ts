import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LamClient, type LamClientOptions } from '../../../src/client/client.ts';
import { type ErrorCode, LamClientError } from '../../../src/client/errors.ts';
import type { PredictActionUpdate } from '../../../src/client/messages.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeEndpoints, failing } from '../../support/fake-transport.ts';

function setUp(options: Partial<LamClientOptions> = {}) {
  const fake = new FakeEndpoints();
  const clock = new FakeClock();
  const client = new LamClient({ endpoints: ['a'], transport: fake.connect, clock, random: () => 0.5, ...options });
  return { fake, clock, client };
}

const error = (code: ErrorCode, retryAfterMs?: number) =>
  new LamClientError(code, 'no', retryAfterMs === undefined ? {} : { retryAfterMs });
const isCode = (code: ErrorCode) => (thrown: unknown) => thrown instanceof LamClientError && thrown.code === code;
const ask = { user_request: 'x', controls: [] };

test('every repeat of a call has the request id of the first attempt, and calls differ', async () => {
  const { fake, clock, client } = setUp();
  fake.scripts.set('a', failing(2, error('overloaded')));
  await clock.run(client.predictAction(ask));
  await client.predictAction(ask);
  await client.predictAction({ ...ask, request_id: 'mine' });
  const [first, second, third, other, mine] = fake.sent.map(({ request }) => request['request_id']);
  assert.match(String(first), /^[0-9a-f]{32}$/);
  assert.equal(second, first);
  assert.equal(third, first);
  assert.notEqual(other, first);
  assert.equal(mine, 'mine');
});

test('a hint is waited for before the repeat', async () => {
  const { fake, clock, client } = setUp({ retry: { baseDelayMs: 0 } });
  fake.scripts.set('a', failing(1, error('rate_limited', 1500)));
  await clock.run(client.predictAction(ask));
  assert.equal(clock.nowMs(), 1500);
});

test('a wait that would outlast the deadline is not begun', async () => {
  const { fake, clock, client } = setUp({ deadlineMs: 1000 });
  fake.scripts.set('a', failing(1, error('overloaded', 2000)));
  await assert.rejects(clock.run(client.predictAction(ask)), isCode('overloaded'));
  assert.equal(clock.nowMs(), 0);
  assert.equal(fake.sent.length, 1);
});

test('the error tells how often it was tried, and where', async () => {
  const { fake, clock, client } = setUp({ retry: { maxAttempts: 3 } });
  fake.scripts.set('a', failing(9, error('unavailable')));
  const failure = await clock.run(client.predictAction(ask)).catch((thrown) => thrown);
  assert.equal(fake.sent.length, 3);
  assert.deepEqual(
    [failure.code, failure.attempts, failure.endpoint, failure.retryable, failure.message],
    ['unavailable', 3, 'a', true, '[unavailable] no'],
  );
});

test('an error of the request itself is not repeated', async () => {
  const { fake, client } = setUp({ endpoints: ['a', 'b'] });
  for (const address of ['a', 'b']) fake.scripts.set(address, () => error('invalid_request'));
  await assert.rejects(client.predictAction(ask), isCode('invalid_request'));
  assert.equal(fake.sent.length, 1);
  assert.deepEqual(client.health(), { a: 'healthy', b: 'healthy' });
});

test('an endpoint that is gone is left at once for another', async () => {
  for (const code of ['connection_failed', 'unavailable'] as const) {
    const { fake, clock, client } = setUp({ endpoints: ['a', 'b'] });
    fake.scripts.set('a', () => error(code, 5000));
    for (let i = 0; i < 10; i++) await client.predictAction({ ...ask, session_id: `s${i}` });
    assert.equal(clock.nowMs(), 0);
    assert.ok(fake.addresses.includes('a'));
  }
});

test('an episode that is told to wait waits where it is, a call without one goes elsewhere', async () => {
  const inEpisode = setUp({ endpoints: ['a', 'b'] });
  for (const address of ['a', 'b']) inEpisode.fake.scripts.set(address, failing(1, error('overloaded')));
  await inEpisode.clock.run(inEpisode.client.predictAction({ ...ask, session_id: 's' }));
  assert.equal(new Set(inEpisode.fake.addresses).size, 1);

  const alone = setUp({ endpoints: ['a', 'b'] });
  for (const address of ['a', 'b']) alone.fake.scripts.set(address, failing(1, error('overloaded')));
  await alone.clock.run(alone.client.predictAction(ask));
  assert.equal(new Set(alone.fake.addresses).size, 2);
});

test('each attempt is told what is left of the deadline', async () => {
  const { fake, clock, client } = setUp({ retry: { baseDelayMs: 0 } });
  fake.scripts.set('a', failing(1, error('overloaded', 400)));
  await clock.run(client.predictAction(ask, { deadlineMs: 1000 }));
  assert.deepEqual(
    fake.sent.map(({ attempt }) => attempt.timeoutMs),
    [1000, 600],
  );
});

test('silence until the deadline fails the call and makes the endpoint suspect', async () => {
  const { fake, clock, client } = setUp({ endpoints: ['a', 'b'] });
  for (const address of ['a', 'b']) fake.scripts.set(address, () => 'silence');
  await assert.rejects(clock.run(client.predictAction(ask, { deadlineMs: 1000 })), isCode('deadline_exceeded'));
  assert.equal(clock.nowMs(), 1000);
  assert.equal(fake.probed.length, 1);
  assert.equal(clock.numTimers, 0);
});

test('an attempt without an answer for too long is repeated elsewhere', async () => {
  const { fake, clock, client } = setUp({ endpoints: ['a', 'b'], attemptTimeoutMs: 300 });
  fake.scripts.set('a', () => 'silence');
  for (let i = 0; i < 5; i++) await clock.run(client.predictAction({ ...ask, session_id: `s${i}` }));
  const times = fake.sent.map(({ address, attempt }) => `${address} ${attempt.timeoutMs}`);
  // The gateway is told the call's deadline; that the client is less patient is its own business.
  assert.ok(times.includes('a 30000') && times.includes('b 29700'), times.join());
  assert.equal(clock.numTimers, 0);
});

test('a gateway whose own clock ended the call is well, one that was silent may not be', async () => {
  for (const [requestId, health] of [
    ['r', 'healthy'],
    [undefined, 'suspect'],
  ] as const) {
    const { fake, client } = setUp();
    fake.scripts.set('a', () => new LamClientError('deadline_exceeded', 'no', requestId ? { requestId } : {}));
    await assert.rejects(client.predictAction(ask), isCode('deadline_exceeded'));
    assert.deepEqual(client.health(), { a: health });
  }
});

test('a caller that gives up is told so, at once, also while a repeat is waited for', async () => {
  const { fake, clock, client } = setUp();
  const reason = new Error('window closed');
  for (const reply of ['silence', error('overloaded', 500)] as const) {
    fake.scripts.set('a', () => reply);
    const controller = new AbortController();
    const call = client.predictAction(ask, { signal: controller.signal });
    await clock.advance(10);
    controller.abort(reason);
    await assert.rejects(call, (thrown) => isCode('cancelled')(thrown) && (thrown as Error).cause === reason);
    assert.equal(clock.numTimers, 0);
  }
  await assert.rejects(client.predictAction(ask, { signal: AbortSignal.abort() }), isCode('cancelled'));
});

test('operations are never repeated, and only for one gateway', async () => {
  const model = { name: 'm', version: '1' };
  const operations = (client: LamClient) => [
    () => client.loadModel(model),
    () => client.unloadModel(model),
    () => client.setLabel({ ...model, label: 'stable' }),
  ];
  const one = setUp();
  one.fake.scripts.set('a', () => error('connection_failed'));
  for (const operate of operations(one.client)) await assert.rejects(operate, isCode('connection_failed'));
  assert.equal(one.fake.sent.length, 3);
  assert.ok(one.fake.sent.every(({ attempt }) => attempt.timeoutMs === undefined));

  const two = setUp({ endpoints: ['a', 'b'] });
  for (const operate of operations(two.client)) await assert.rejects(operate, isCode('invalid_request'));
  assert.equal(two.fake.sent.length, 0);
});

test('a stream is repeated before its first message, and never after it', async () => {
  const { fake, clock, client } = setUp();
  const choice = { choice: { control_id: '1' } };
  const replies: object[] = [error('unavailable'), [choice, error('unavailable')], [choice]];
  fake.scripts.set('a', () => replies.shift() ?? {});
  const updates: PredictActionUpdate[] = [];
  const reading = (async () => {
    for await (const update of client.predictActionStream(ask)) updates.push(update);
  })();
  await assert.rejects(clock.run(reading), isCode('unavailable'));
  assert.deepEqual(updates, [choice]);
  assert.equal(fake.sent.length, 2);
});

test('a duplex stream is never repeated', async () => {
  const { fake, client } = setUp();
  fake.scripts.set('a', () => error('unavailable'));
  const messages = (async function* () {})();
  const stream = client.streamActions(messages, { session_id: 's' });
  await assert.rejects(stream.next(), isCode('unavailable'));
  assert.equal(fake.sent.length, 1);
  assert.equal(fake.sent[0]?.attempt.timeoutMs, undefined);
});

test('credentials go with every attempt and every probe, fresh each time', async () => {
  let numAsked = 0;
  const headers = async () => ({ 'x-trace': String(++numAsked) });
  const { fake, client } = setUp({ apiKey: 'k', headers });
  await client.listModels();
  await client.listModels();
  assert.deepEqual(
    fake.sent.map(({ attempt }) => attempt.headers),
    [
      { authorization: 'Bearer k', 'x-trace': '1' },
      { authorization: 'Bearer k', 'x-trace': '2' },
    ],
  );
});

test('credentials that cannot be had fail the call', async () => {
  const { fake, client } = setUp({ headers: () => Promise.reject(new Error('vault is shut')) });
  await assert.rejects(client.listModels(), isCode('unauthenticated'));
  assert.equal(fake.sent.length, 0);
});

test('a client without endpoints, or with one that is no address, cannot be made', () => {
  assert.throws(() => new LamClient({ endpoints: [] }), TypeError);
  assert.throws(() => new LamClient({ endpoints: ['127.0.0.1:8080'] }), TypeError);
});
