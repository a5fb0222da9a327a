/** What no protocol shows: the order of hooks, the one outcome, streams that are left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/runtime/index.ts';
import type { Call } from '../../../src/server/call.ts';
import { defineRpc, type Rpc, type ServerStreamRpc } from '../../../src/server/rpc.ts';
import { rpcs } from '../../../src/server/rpcs.ts';
import { aRequest } from '../../contract/requests.ts';
import { testDispatcher } from '../../support/test-dispatcher.ts';

test('gates come before the message, wrappers around the use case, the first outermost', async () => {
  const steps: string[] = [];
  const gate = (name: string) => ({ name, check: ({ permission }: Call) => void steps.push(`${name} ${permission}`) });
  const wrapper = (name: string) => ({
    name,
    async around(_call: Call, _message: object, next: () => Promise<object>) {
      steps.push(`${name} begins`);
      const answer = await next();
      steps.push(`${name} ends`);
      return answer;
    },
  });
  const { ask, outcomes } = testDispatcher({
    gates: [gate('first'), gate('second')],
    wrappers: [wrapper('outer'), wrapper('inner')],
  });
  await ask('PredictAction', aRequest());
  assert.deepEqual(steps, [
    'first predict',
    'second predict',
    'outer begins',
    'inner begins',
    'inner ends',
    'outer ends',
  ]);
  assert.deepEqual(outcomes, ['PredictAction ok']);
});

test('what a gate refuses takes no permit and is not even read', async () => {
  const gates = [
    {
      name: 'nobody',
      check() {
        throw new GatewayError('unauthenticated', 'who are you?');
      },
    },
  ];
  const { dispatcher, begin, admission, outcomes } = testDispatcher({ gates });
  const rpc = listed('PredictAction');
  assert.ok(rpc.kind === 'unary');
  const read = () => assert.fail('the message was read');
  await assert.rejects(dispatcher.unary(rpc, begin(rpc), read), { code: 'unauthenticated' });
  assert.equal(admission.inFlight, 0);
  assert.deepEqual(outcomes, ['PredictAction unauthenticated']);
});

test('a wrapper may answer in place of the use case', async () => {
  const answer = { request_id: 'from memory' };
  const { ask, runtime } = testDispatcher({ wrappers: [{ name: 'memory', around: async () => answer }] });
  assert.equal(await ask('PredictAction', aRequest()), answer);
  assert.equal(runtime.calls.length, 0);
});

test('a call on behalf of another has a permit and an outcome of its own, and ends with it', async () => {
  const { begin, runtime, admission, outcomes } = testDispatcher();
  const outer = begin(listed('PredictAction'));
  const answer = (await outer.invoke('PredictAction', aRequest({ request_id: 'inner' }))) as Record<string, unknown>;
  assert.equal(answer['request_id'], 'inner');
  assert.notEqual(outer.scope.requestId, 'inner');
  const arrival = runtime.holdNext();
  const inner = outer.invoke('PredictAction', aRequest());
  const held = await arrival;
  assert.equal(admission.inFlight, 1);
  outer.scope.cancel();
  await held.aborted;
  await assert.rejects(inner, { code: 'cancelled' });
  assert.deepEqual(outcomes, ['PredictAction ok', 'PredictAction cancelled']);
  outer.scope[Symbol.dispose]();
});

test('only unary rpcs that exist can be invoked', () => {
  const call = testDispatcher().begin(listed('PredictAction'));
  assert.throws(() => call.invoke('PredictActionStream', {}), /no unary rpc/);
  assert.throws(() => call.invoke('Nothing', {}), /no unary rpc/);
  call.scope[Symbol.dispose]();
});

/** Two messages, and a source that never has a third. */
const endless: Rpc = defineRpc({
  service: 'ActionService',
  name: 'PredictActionStream',
  kind: 'server_stream',
  permission: 'predict',
  admission: 'permit',
  async *handle() {
    yield { choice: {} };
    yield { choice: {} };
    await new Promise(() => {});
  },
});

function open(timeoutMs?: number) {
  const made = testDispatcher({ rpcs: [endless] });
  const call = made.begin(endless, timeoutMs);
  return { ...made, call, stream: made.dispatcher.serverStream(endless as ServerStreamRpc, call, () => ({})) };
}

test('a stream whose consumer stops early has been cancelled and gives its permit back', async () => {
  const { stream, admission, outcomes } = open();
  for await (const _message of stream) {
    assert.equal(admission.inFlight, 1);
    break;
  }
  assert.equal(admission.inFlight, 0);
  assert.deepEqual(outcomes, ['PredictActionStream cancelled']);
});

test('a stream ends at its deadline, even if its source never says another word', async () => {
  const { stream, admission, outcomes } = open(30);
  let seen = 0;
  await assert.rejects(
    async () => {
      for await (const _message of stream) seen++;
    },
    { code: 'deadline_exceeded' },
  );
  assert.equal(seen, 2);
  assert.equal(admission.inFlight, 0);
  assert.deepEqual(outcomes, ['PredictActionStream deadline_exceeded']);
});

test('a stream that is left because its call was ended has ended for that reason', async () => {
  const { stream, call, outcomes } = open();
  await stream.next();
  call.scope.expire();
  await stream.return(undefined);
  assert.deepEqual(outcomes, ['PredictActionStream deadline_exceeded']);
});

test('a row that contradicts the .proto files is a bug', () => {
  const row = { service: 'ActionService', name: 'PredictAction', permission: 'predict', admission: 'permit' } as const;
  assert.throws(() => defineRpc({ ...row, kind: 'server_stream', async *handle() {} }), /unary in the .proto files/);
  assert.throws(() => defineRpc({ ...row, name: 'Nothing', kind: 'unary', handle: () => ({}) }), /not in the .proto/);
});

function listed(name: string): Rpc {
  const rpc = rpcs.find((candidate) => candidate.name === name);
  assert.ok(rpc);
  return rpc;
}
