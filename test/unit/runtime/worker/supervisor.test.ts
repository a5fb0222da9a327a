import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { type Supervised, Supervisor } from '../../../../src/runtime/worker/supervisor.ts';

/** What is supervised, without a thread. */
class FakeClient implements Supervised {
  readonly ended: Promise<string>;
  hasServed = false;
  unready: string | undefined;
  isClosed = false;
  end: (reason: string) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  unreadyReason(): string | undefined {
    return this.unready;
  }

  async stats() {
    return { activeRequests: 1, slotsInUse: 1, nativeHandles: 1 };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.end('closed');
  }
}

/** A supervisor over fakes; `failures` of the restarts fail. */
async function aSupervisor(failures = 0) {
  const clients: FakeClient[] = [];
  const told: string[] = [];
  let failed = 0;
  let isRestarted = () => {};
  const supervisor = await Supervisor.start({
    start: async (signal) => {
      signal.throwIfAborted();
      if (clients.length > 0 && failed < failures) {
        failed += 1;
        throw new GatewayError('backend_failed', `start ${failed} failed`);
      }
      const client = new FakeClient();
      clients.push(client);
      return client;
    },
    onFailure: (reason) => told.push(reason),
    onRestart: () => {
      told.push('restarted');
      isRestarted();
    },
  });
  const restarted = () =>
    new Promise<void>((resolve) => {
      isRestarted = resolve;
    });
  return { supervisor, clients, told, restarted };
}

describe('a thread that ends', () => {
  test('is replaced; meanwhile there is nobody to ask, and the reason is known', async () => {
    const { supervisor, clients, told, restarted } = await aSupervisor();
    const again = restarted();
    clients[0]?.end('it crashed');
    await new Promise(setImmediate);
    assert.deepEqual(supervisor.status(), { state: 'restarting', reason: 'it crashed' });
    assert.throws(() => supervisor.client, {
      code: 'unavailable',
      message: 'it crashed',
      details: { retryAfterMs: 1000 },
    });
    assert.deepEqual(await supervisor.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
    await again;
    assert.equal(supervisor.client, clients[1]);
    assert.deepEqual(supervisor.status(), { state: 'ready', reason: '' });
    assert.deepEqual(told, ['it crashed', 'restarted']);
    assert.equal(clients[0]?.isClosed, true, 'what it held is waited for, before the same is taken once more');
    await supervisor.close('drain');
  });

  test('is tried again when its replacement does not start, with the reason of that', async () => {
    const { supervisor, clients, restarted } = await aSupervisor(1);
    const again = restarted();
    clients[0]?.end('it crashed');
    await again;
    assert.equal(clients.length, 2);
    await supervisor.close('drain');
  });

  test('after it was told to close is not replaced', async () => {
    const { supervisor, clients, told } = await aSupervisor();
    await supervisor.close('abort');
    assert.deepEqual([clients.length, told], [1, []]);
    assert.throws(() => supervisor.client, { code: 'unavailable', message: 'the model is closed' });
    assert.equal(supervisor.status().state, 'failed');
  });
});

test('closing in the middle of a restart ends the restart', async () => {
  const { supervisor, clients } = await aSupervisor(1_000);
  clients[0]?.end('it crashed');
  await new Promise(setImmediate);
  await supervisor.close('drain');
  assert.deepEqual([clients.length, supervisor.status().reason], [1, 'the model is closed']);
});

test('a backend that computes nothing is a failure, not a restart', async () => {
  const { supervisor, clients } = await aSupervisor();
  const [client] = clients;
  assert.ok(client !== undefined);
  client.unready = 'the last 3 steps failed';
  assert.deepEqual(supervisor.status(), { state: 'failed', reason: 'the last 3 steps failed' });
  assert.equal(supervisor.client, client);
  await supervisor.close('drain');
});

test('a first start that fails is told to who asked', async () => {
  const start = () => Promise.reject(new GatewayError('unavailable', 'no such file'));
  await assert.rejects(Supervisor.start({ start }), { message: 'no such file' });
});
