/** Repeats of requests: the same answer without work, whatever the first one came to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { GatewayError } from '../../../../src/runtime/index.ts';
import type { Wrapper } from '../../../../src/server/hooks.ts';
import { fingerprint } from '../../../../src/server/idempotency/fingerprint.ts';
import { idempotency } from '../../../../src/server/idempotency/idempotency.ts';
import { MemoryIdempotencyStore } from '../../../../src/server/idempotency/memory-store.ts';
import type { IdempotencyStore } from '../../../../src/server/idempotency/store.ts';
import { rpcs } from '../../../../src/server/rpcs.ts';
import { decodeBinary } from '../../../../src/server/wire/binary.ts';
import { decodeJson } from '../../../../src/server/wire/json.ts';
import { messageType } from '../../../../src/server/wire/schema.ts';
import { aFullRequest, aRequest } from '../../../contract/requests.ts';
import type { ApiRequest } from '../../../support/api-clients.ts';
import { testDispatcher } from '../../../support/test-dispatcher.ts';

const logger = pino({ level: 'silent' });
const request = aRequest({ request_id: 'r-1' });

function world(store: IdempotencyStore = new MemoryIdempotencyStore({ maxBytes: 8 << 20, windowMs: 3_600_000 })) {
  const made = testDispatcher({ wrappers: [idempotency(store, logger)], maxRequests: 16 });
  const rpc = rpcs.find(({ name }) => name === 'PredictAction');
  assert.ok(rpc?.kind === 'unary');
  /** A call that can be cancelled. */
  const start = (message: object) => {
    const call = made.begin(rpc);
    return { call, answer: made.dispatcher.unary(rpc, call, () => message) };
  };
  return { ...made, start, predict: (message: object) => made.ask('PredictAction', message) };
}

test('a repeat gets the same answer without work', async () => {
  const w = world();
  const first = await w.predict(request);
  assert.deepEqual(await w.predict(request), first);
  assert.equal(w.runtime.calls.length, 1);
});

test('a repeat tells metrics which model answered', async () => {
  const w = world();
  await w.predict(request);
  const { call, answer } = w.start(request);
  await answer;
  assert.deepEqual([call.report.model, call.report.version, call.report.work], ['fake', '1', undefined]);
});

test('without an id every request is answered anew', async () => {
  const w = world();
  await w.predict(aRequest());
  await w.predict(aRequest());
  assert.equal(w.runtime.calls.length, 2);
});

test('the same id with another body is a conflict, for another method it is another id', async () => {
  const w = world();
  await w.predict(request);
  const conflict = { code: 'conflict', details: { field: 'request_id' } };
  await assert.rejects(w.predict({ ...request, user_request: 'x' }), conflict);
  await w.ask('PredictPlan', { request_id: 'r-1', user_request: 'x' });
});

test('repeats that come while the first is under way wait for it', async () => {
  const w = world();
  const arrival = w.runtime.holdNext();
  const first = w.predict(request);
  const held = await arrival;
  const repeats = [w.predict(request), w.predict(request)];
  await assert.rejects(w.predict({ ...request, subtask: 'x' }), { code: 'conflict' });
  held.release();
  assert.deepEqual(await Promise.all(repeats), [await first, await first]);
  assert.equal(w.runtime.calls.length, 1);
});

test('a failure is not remembered: one of those that waited tries again', async () => {
  const w = world();
  w.runtime.failNext(new GatewayError('backend_failed', 'once'));
  const [first, ...repeats] = await Promise.allSettled([w.predict(request), w.predict(request), w.predict(request)]);
  assert.equal(first?.status, 'rejected');
  assert.deepEqual(
    repeats.map(({ status }) => status),
    ['fulfilled', 'fulfilled'],
  );
  assert.equal(w.runtime.calls.length, 2);
});

test('a refused request can be mended under its id', async () => {
  const w = world();
  await assert.rejects(w.predict({ ...request, user_request: '' }), { code: 'invalid_request' });
  await w.predict(request);
});

test('the repeat of a request whose client has gone is answered', async () => {
  const w = world();
  const arrival = w.runtime.holdNext();
  const first = w.start(request);
  await arrival;
  const repeat = w.predict(request);
  first.call.scope.cancel();
  await assert.rejects(first.answer, { code: 'cancelled' });
  assert.equal(((await repeat) as { request_id: string }).request_id, 'r-1');
});

test('a repeat that waits can be given up', async () => {
  const w = world();
  const arrival = w.runtime.holdNext();
  const first = w.predict(request);
  const held = await arrival;
  const repeat = w.start(request);
  repeat.call.scope.cancel();
  await assert.rejects(repeat.answer, { code: 'cancelled' });
  held.release();
  await first;
});

test('ids are the caller’s own', async () => {
  let caller = 'a';
  const store = new MemoryIdempotencyStore({ maxBytes: 8 << 20, windowMs: 3_600_000 });
  const login: Wrapper = {
    name: 'login',
    around(call, _message, next) {
      call.principal = { name: caller, kind: 'api_key', scopes: [], limits: {} };
      return next();
    },
  };
  const { ask, runtime } = testDispatcher({ wrappers: [login, idempotency(store, logger)] });
  await ask('PredictAction', request);
  caller = 'b';
  await ask('PredictAction', { ...request, subtask: 'x' });
  assert.equal(runtime.calls.length, 2);
});

test('while the store does not answer, requests are', async () => {
  const down = () => Promise.reject(new GatewayError('unavailable', 'down'));
  const w = world({ claim: down, settle: down, async [Symbol.asyncDispose]() {} });
  await w.predict(request);
  await w.predict(request);
  assert.equal(w.runtime.calls.length, 2);
});

test('an answer that cannot be kept is given all the same', async () => {
  const store = new MemoryIdempotencyStore({ maxBytes: 8 << 20, windowMs: 3_600_000 });
  const settle = () => Promise.reject(new GatewayError('unavailable', 'down'));
  const w = world({ claim: store.claim.bind(store), settle, async [Symbol.asyncDispose]() {} });
  assert.equal(((await w.predict(request)) as { request_id: string }).request_id, 'r-1');
});

test('answers are bounded by what they take in memory, which is twice their length with any letter beyond ASCII', async () => {
  for (const [end, numKept] of [
    ['', 2],
    ['…', 1],
  ] as const) {
    const store = new MemoryIdempotencyStore({ maxBytes: 24_000, windowMs: 3_600_000 });
    for (const key of ['a', 'b']) {
      const claim = await store.claim(key, 'print');
      assert.ok(claim.type === 'claimed');
      await store.settle(key, claim.token, 'x'.repeat(10_000) + end);
    }
    const found = await Promise.all(['a', 'b'].map((key) => store.claim(key, 'print')));
    assert.equal(found.filter(({ type }) => type === 'answered').length, numKept);
  }
});

/** Of PredictActionStream, to its end: what was sent, and what it failed with. */
async function streamed(w: ReturnType<typeof world>, message: object) {
  const rpc = rpcs.find(({ name }) => name === 'PredictActionStream');
  assert.ok(rpc?.kind === 'server_stream');
  const updates: object[] = [];
  for await (const update of w.dispatcher.serverStream(rpc, w.begin(rpc), () => message)) updates.push(update);
  return updates;
}

test('a repeat of a stream gets the same response without work, and no choice ahead of it', async () => {
  const w = world();
  const [choice, last, ...rest] = await streamed(w, request);
  assert.ok(choice !== undefined && 'choice' in choice && last !== undefined && 'response' in last);
  assert.deepEqual(rest, []);
  assert.deepEqual(await streamed(w, request), [last]);
  assert.equal(w.runtime.calls.length, 1);
});

test('the id of a stream with another body is a conflict', async () => {
  const w = world();
  await streamed(w, request);
  await assert.rejects(streamed(w, { ...request, subtask: 'x' }), {
    code: 'conflict',
    details: { field: 'request_id' },
  });
  await w.predict({ ...request, subtask: 'x' });
});

test('a repeat that comes while a stream is under way waits for it; after a failure it is answered anew', async () => {
  const w = world();
  const arrival = w.runtime.holdNext();
  const first = streamed(w, request);
  const held = await arrival;
  const repeat = streamed(w, request);
  held.release();
  const [, response] = await first;
  assert.deepEqual(await repeat, [response]);
  assert.equal(w.runtime.calls.length, 1);
  const other = { ...request, request_id: 'r-2' };
  w.runtime.failNext(new GatewayError('backend_failed', 'once'));
  await assert.rejects(streamed(w, other), { code: 'backend_failed' });
  assert.equal((await streamed(w, other)).length, 2);
});

test('a stream that its client leaves at the response has been answered, one that it leaves before has not', async () => {
  const w = world();
  const rpc = rpcs.find(({ name }) => name === 'PredictActionStream');
  assert.ok(rpc?.kind === 'server_stream');
  for (const [id, numRead] of [
    ['left early', 1],
    ['left late', 2],
  ] as const) {
    const message = { ...request, request_id: id };
    const updates = w.dispatcher.serverStream(rpc, w.begin(rpc), () => message);
    for (let i = 0; i < numRead; i++) await updates.next();
    await updates.return(undefined);
    const before = w.runtime.calls.length;
    await streamed(w, message);
    assert.equal(w.runtime.calls.length - before, 2 - numRead);
  }
});

test('the oldest answers go when there is no more room', async () => {
  const store = new MemoryIdempotencyStore({ maxBytes: 4096, windowMs: 3_600_000 });
  for (const key of ['a', 'b', 'c', 'd']) {
    const claim = await store.claim(key, 'print');
    assert.ok(claim.type === 'claimed');
    await store.settle(key, claim.token, 'x'.repeat(1000));
  }
  assert.equal((await store.claim('a', 'print')).type, 'claimed');
  assert.equal((await store.claim('d', 'print')).type, 'answered');
});

const type = messageType('PredictActionRequest');
const overHttp = (message: object) => fingerprint(type, decodeJson(type, structuredClone(message)));

test('a request is the same over both protocols, however absence is spelled', () => {
  const spelled = { ...aRequest(), model: '', previous_plan: [], controls_truncated: false, control_changes: null };
  assert.equal(overHttp(spelled), overHttp(aRequest()));
  for (const message of [aRequest(), aFullRequest(), spelled]) {
    // A null argument cannot be encoded by a client that knows the schema.
    const { previous_actions: _actions, ...flat }: ApiRequest = message;
    const overGrpc = decodeBinary(type, type.encode(type.fromObject(flat)).finish());
    assert.equal(fingerprint(type, overGrpc), overHttp(flat));
  }
});

test('a request is another one by any field that says something', () => {
  const bold = { id: '1', name: 'Bold', type: 'Button' };
  const click = (args: object) => ({ previous_actions: [{ function: 'click_input', args }] });
  const prints = [
    {},
    { user_request: 'x' },
    { subtask: 'x' },
    { app: {} },
    { controls: [bold] },
    { controls: [bold, { ...bold, id: '2' }] },
    { controls: [{ ...bold, id: '2' }, bold] },
    { controls: [{ ...bold, enabled: true }] },
    { controls: [{ ...bold, enabled: false }] },
    click({}),
    click({ x: 0 }),
    click({ x: 0, y: '' }),
    click({ x: '0' }),
    { options: { seed: 1 } },
  ].map(overHttp);
  assert.equal(new Set(prints).size, prints.length);
  assert.equal(overHttp(click({ y: '', x: 0 })), overHttp(click({ x: 0, y: '', z: null })));
});
