import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { monotonicMs } from '../../../../src/runtime/clock.ts';
import { RewardScorer } from '../../../../src/runtime/reward/reward-scorer.ts';
import type { MessageFromReward, MessageToReward, StartMessage } from '../../../../src/runtime/worker/messages.ts';
import { RewardHost } from '../../../../src/runtime/worker/reward-host.ts';
import { FakeRewardRunner, rewardOf } from '../../../support/fake-reward-runner.ts';

/** A host in this thread, with a channel instead of a thread between it and the test. */
function aHost(context: TestContext) {
  const runner = new FakeRewardRunner();
  const scorer = new RewardScorer({ runner, clock: monotonicMs });
  const { port1, port2 } = new MessageChannel();
  context.after(() => port1.close());
  const received: (StartMessage | MessageFromReward)[] = [];
  port1.on('message', (message: StartMessage | MessageFromReward) => received.push(message));
  let isDisposed = false;
  const dispose = () => {
    isDisposed = true;
  };
  new RewardHost({ port: port2, scorer, liveHandles: () => 3, dispose }).start();
  const send = (message: MessageToReward) => port1.postMessage(message);
  const submit = (id: number, ...rows: readonly Int32Array[]) =>
    send({ type: 'submit', id, request: { rows }, submittedMs: monotonicMs() });
  /** Everything until the host has closed, in short. */
  const untilClosed = async () => {
    await once(port1, 'close');
    const told = received.filter(({ type }) => type !== 'reports');
    return told.map((message) =>
      message.type === 'step'
        ? message.events.map((event) => `${event.id} ${event.type === 'failed' ? event.error.code : event.type}`)
        : message.type,
    );
  };
  return { runner, received, send, submit, untilClosed, isDisposed: () => isDisposed };
}

const ROW = Int32Array.of(1, 2, 3);

test('what arrives together shares a batch, and each request gets its own rewards', async (context) => {
  const { runner, received, send, submit, untilClosed, isDisposed } = aHost(context);
  submit(1, ROW, Int32Array.of(4));
  submit(2, Int32Array.of(5, 6));
  send({ type: 'stats', id: 9 });
  send({ type: 'close', mode: 'drain' });
  // The longest row of all is the last one of its batch.
  assert.deepEqual(await untilClosed(), ['ready', 'stats', ['2 finished', '1 finished'], 'closed']);
  assert.equal(runner.batches.length, 1);
  const [step] = received.filter((message) => message.type === 'step');
  const first = step?.events.find(({ id }) => id === 1);
  assert.ok(first?.type === 'finished');
  assert.deepEqual(first.result.rewards, Float32Array.of(rewardOf(ROW), 4));
  const reports = received.flatMap((message) => (message.type === 'reports' ? message.reports : []));
  assert.deepEqual(
    reports.map(({ pairs }) => pairs),
    [3],
  );
  assert.deepEqual(received.at(-1), { type: 'closed', nativeHandles: 3 });
  assert.ok(isDisposed());
});

test('a request that cannot be scored is refused, one that is cancelled ends, and the rest go on', async (context) => {
  const { send, submit, untilClosed } = aHost(context);
  submit(1, new Int32Array(51));
  submit(2, ROW);
  submit(3, ROW);
  send({ type: 'cancel', id: 2 });
  send({ type: 'close', mode: 'drain' });
  const ends = (await untilClosed()).flat();
  assert.deepEqual(ends, ['ready', '1 context_length', '2 cancelled', '3 finished', 'closed']);
});

test('an abort ends what waits, and what comes later is refused', async (context) => {
  const { send, submit, untilClosed } = aHost(context);
  submit(1, ROW);
  send({ type: 'close', mode: 'abort' });
  submit(2, ROW);
  assert.deepEqual((await untilClosed()).flat(), ['ready', '2 unavailable', '1 cancelled', 'closed']);
});

test('a backend that fails three times in a row makes it unhealthy, until a probe succeeds', async (context) => {
  const { runner, received, send, submit, untilClosed } = aHost(context);
  let isBroken = true;
  runner.onRun = () => {
    if (isBroken) throw new Error('out of memory');
  };
  const untilHealth = async (isHealthy: boolean) => {
    const last = () => received.findLast((message) => message.type === 'step');
    while (last() === undefined || (last()?.unhealthyReason === undefined) !== isHealthy) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const untilEnds = async (count: number) => {
    const ends = () => received.flatMap((message) => (message.type === 'step' ? message.events : [])).length;
    while (ends() < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  for (const id of [1, 2, 3]) {
    submit(id, ROW);
    await untilEnds(id);
  }
  await untilHealth(false);
  isBroken = false;
  await untilHealth(true);
  send({ type: 'close', mode: 'drain' });
  assert.equal((await untilClosed()).at(-1), 'closed');
});
