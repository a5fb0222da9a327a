import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { EngineHost } from '../../../../src/runtime/worker/engine-host.ts';
import type { MessageFromEngine, MessageToEngine, StartMessage } from '../../../../src/runtime/worker/messages.ts';
import { packRequest } from '../../../../src/runtime/worker/packed-request.ts';
import { anEngine, aRequest } from '../../../support/engine-builders.ts';
import { coinFlips } from '../../../support/engine-grammars.ts';
import type { FakeRunnerOptions } from '../../../support/fake-model-runner.ts';

/** A host in this thread, with a channel instead of a thread between it and the test. */
function aHost(context: TestContext, options: FakeRunnerOptions & { prefixStoreBytes?: number } = {}, clock = () => 0) {
  const { engine, runner } = anEngine(options);
  const { port1, port2 } = new MessageChannel();
  context.after(() => port1.close());
  const received: (StartMessage | MessageFromEngine)[] = [];
  port1.on('message', (message: StartMessage | MessageFromEngine) => received.push(message));
  const dispose = () => runner[Symbol.dispose]();
  const host = new EngineHost({ port: port2, engine, liveHandles: () => 3, dispose, clock, expectMs: 1 });
  const send = (message: MessageToEngine) => port1.postMessage(message);
  const submit = (id: number, request = aRequest()) =>
    send({ type: 'submit', id, request: packRequest(request), submittedMs: 0 });
  /** Resolves with the first message that `pick` picks something from. */
  const until = async <T>(pick: (message: StartMessage | MessageFromEngine) => T | undefined): Promise<T> => {
    for (let next = 0; ; ) {
      while (next === received.length) await once(port1, 'message');
      const picked = pick(received[next++] as StartMessage | MessageFromEngine);
      if (picked !== undefined) return picked;
    }
  };
  const untilClosed = () => until((message) => (message.type === 'closed' ? message : undefined));
  let nextId = 0;
  const stats = () => {
    const id = nextId++;
    send({ type: 'stats', id });
    return until((message) => (message.type === 'stats' && message.id === id ? message.stats : undefined));
  };
  /** Resolves when every request submitted so far has ended. */
  const untilIdle = async () => {
    while ((await stats()).activeRequests > 0);
  };
  return { host, runner, received, send, submit, stats, until, untilClosed, untilIdle, port: port1 };
}

/** One list per message. */
function reportsIn(received: readonly (StartMessage | MessageFromEngine)[]) {
  return received.flatMap((message) => (message.type === 'reports' ? [message.reports] : []));
}

test('says that it is ready, serves, and ends with the account of what is left', async (context) => {
  const { host, runner, received, send, submit, untilClosed, port } = aHost(context);
  host.start();
  submit(5);
  send({ type: 'close', mode: 'drain' });
  const closed = once(port, 'close');
  await untilClosed();
  await closed;
  assert.deepEqual(
    received.map((message) =>
      message.type === 'step' ? message.events.map(({ id, type }) => [id, type]) : message.type,
    ),
    ['ready', [[5, 'finished']], 'reports', 'closed'],
  );
  assert.deepEqual(received.at(-1), { type: 'closed', nativeHandles: 3 });
  assert.equal(runner.isDisposed, true);
});

test('takes nothing while it is being started: what a step throws is no failing start', async (context) => {
  const { host, runner, submit, send, untilClosed } = aHost(context);
  submit(0);
  host.start();
  assert.equal(runner.plans.length, 0);
  send({ type: 'close', mode: 'drain' });
  await untilClosed();
  assert.ok(runner.plans.length > 0);
});

test('takes what arrives while it works, without leaving its loop', async (context) => {
  const { host, received, send, submit, untilClosed } = aHost(context, {
    onStep: (_, index) => {
      // In the middle of a run, as another thread would.
      if (index === 1) send({ type: 'cancel', id: 0 });
      return undefined;
    },
  });
  host.start();
  submit(0, aRequest({ grammar: coinFlips(40) }));
  send({ type: 'stats', id: 1 });
  send({ type: 'close', mode: 'drain' });
  await untilClosed();
  const steps = received.filter((message) => message.type === 'step');
  assert.deepEqual(
    steps.flatMap(({ events }) => events.map(({ type }) => type)),
    ['failed'],
  );
  assert.equal(reportsIn(received).flat().length, 2, 'prompt, and the step that was under way');
});

test('waits awake for a request that is expected, but for a moment only', async (context) => {
  let looks = 0;
  const { host, submit, send, stats, untilIdle, until } = aHost(context, {}, () => looks++ / 100);
  host.start();
  send({ type: 'expect' });
  await stats();
  assert.ok(looks > 100 && looks < 120, `it looked ${looks} times`);
  looks = 0;
  send({ type: 'expect' });
  submit(7);
  await until((message) => (message.type === 'step' && message.events[0]?.id === 7 ? message : undefined));
  await untilIdle();
  assert.ok(looks < 50, `what was expected has come, and still it looked ${looks} times`);
});

test('gets ready what steps will want while it has no work, and takes what comes meanwhile', async (context) => {
  let left = 10;
  const { host, runner, send, submit, untilClosed } = aHost(context, {
    prefixStoreBytes: 1_000,
    onPrepare: () => {
      if (left === 5) submit(0);
      if (left === 1) send({ type: 'close', mode: 'drain' });
      plansAt.push(runner.plans.length);
      return left-- > 0;
    },
  });
  const plansAt: number[] = [];
  host.start();
  await untilClosed();
  const numPlans = runner.plans.length;
  assert.ok(numPlans > 0);
  assert.deepEqual(plansAt, [...Array(6).fill(0), ...Array(5).fill(numPlans)]);
});

test('all refusals between two steps travel together, before the next step begins', async (context) => {
  const { host, runner, received, submit, send, untilClosed } = aHost(context);
  host.start();
  submit(0);
  for (const id of [1, 2]) submit(id, aRequest({ promptTokens: new Int32Array(0) }));
  send({ type: 'close', mode: 'drain' });
  await untilClosed();
  const steps = received.filter((message) => message.type === 'step');
  assert.deepEqual(
    steps.map(({ events }) => events.map(({ id, type }) => `${id} ${type}`)),
    [['1 failed', '2 failed'], ['0 finished']],
  );
  assert.deepEqual(
    reportsIn(received).map((reports) => reports.map(({ decodeRows }) => decodeRows)),
    [[0, 1]],
  );
  assert.equal(runner.plans.length, 2);
});

test('reports of steps are told together, unless the first of them is long ago', async (context) => {
  const reportsPerMessage = async (stepMs: number) => {
    let nowMs = 0;
    const onStep = () => {
      nowMs += stepMs;
      return undefined;
    };
    const { host, received, submit, send, untilClosed } = aHost(context, { onStep }, () => nowMs);
    host.start();
    submit(0, aRequest({ grammar: coinFlips(6) }));
    send({ type: 'close', mode: 'drain' });
    await untilClosed();
    return reportsIn(received).map(({ length }) => length);
  };
  assert.deepEqual(await reportsPerMessage(19), [6]);
  assert.deepEqual(await reportsPerMessage(50), [3, 3]);
});

test('reports are told when there is nothing more to do, and before who asks is answered', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { host, received, submit, until, untilIdle } = aHost(context);
  const isTold = () => until((message) => (message.type === 'reports' ? message : undefined));
  host.start();
  submit(0);
  await until((message) => (message.type === 'step' ? message : undefined));
  assert.deepEqual(reportsIn(received), []);
  context.mock.timers.tick(10);
  await isTold();
  submit(1);
  await untilIdle();
  assert.equal(reportsIn(received).length, 2);
});

test('what arrives after it was told to close is refused', async (context) => {
  const { host, received, submit, send, untilClosed } = aHost(context, {
    onStep: (_, index) => {
      if (index === 0) {
        send({ type: 'close', mode: 'drain' });
        submit(1);
      }
      return undefined;
    },
  });
  host.start();
  submit(0);
  await untilClosed();
  const events = received.flatMap((message) => (message.type === 'step' ? message.events : []));
  assert.deepEqual(
    events.map((event) => [event.id, event.type === 'failed' ? event.error.code : event.type]),
    [
      [1, 'unavailable'],
      [0, 'finished'],
    ],
  );
});

test('an unhealthy engine without work probes its backend until it is back', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let isBroken = true;
  const { host, runner, received, submit, send, untilClosed, untilIdle } = aHost(context, {
    numSlots: 1,
    onStep: () => (isBroken ? { type: 'throw' } : undefined),
  });
  const isUnhealthy = () => received.findLast((message) => message.type === 'step')?.unhealthyReason !== undefined;
  const afterProbe = async () => {
    context.mock.timers.tick(1_000);
    await untilIdle();
    return isUnhealthy();
  };
  host.start();
  for (const id of [0, 1, 2]) submit(id);
  await untilIdle();
  assert.equal(isUnhealthy(), true);
  assert.equal(await afterProbe(), true);
  isBroken = false;
  assert.equal(await afterProbe(), false);

  isBroken = true;
  for (const id of [3, 4, 5]) submit(id);
  await untilIdle();
  assert.equal(isUnhealthy(), true);
  isBroken = false;
  submit(6);
  await untilIdle();
  assert.equal(isUnhealthy(), false, 'a real step is as good as a probe');

  const numSteps = runner.plans.length;
  assert.equal(await afterProbe(), false);
  assert.equal(runner.plans.length, numSteps, 'a healthy engine is left alone');
  send({ type: 'close', mode: 'abort' });
  await untilClosed();
});
