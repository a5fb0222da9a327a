/** Threads that are used again: by the next model, and by nobody once they have gone wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineClient } from '../../src/runtime/worker/client.ts';
import { ThreadPool } from '../../src/runtime/worker/thread-pool.ts';
import { aRequest } from '../support/engine-builders.ts';
import { clientOptions, never, type TestClientOptions } from '../support/engine-worker.ts';
import { ThreadWatch } from '../support/open-models.ts';

function start(threads: ThreadPool, options: TestClientOptions = {}): Promise<EngineClient> {
  return EngineClient.start({ ...clientOptions(options), threads });
}

test('a thread whose model was closed serves the next one', async () => {
  using watch = new ThreadWatch();
  const pool = new ThreadPool();
  for (let i = 0; i < 3; i++) {
    const client = await start(pool, { numSlots: 1 + i });
    await client.generate(aRequest(), never());
    await client.close();
    assert.equal(client.unreadyReason(), 'the engine thread is closed');
  }
  assert.deepEqual([watch.threads.length, watch.alive.length], [1, 1]);
  await pool[Symbol.asyncDispose]();
  assert.equal(watch.alive.length, 0);
});

test('one that crashed is gone, and so is one whose model did not start', async () => {
  using watch = new ThreadWatch();
  await using pool = new ThreadPool();
  await assert.rejects(start(pool, { faults: { 0: 'throw' } }), { code: 'backend_failed' });
  const client = await start(pool, { faults: { 1: 'exit' } });
  await assert.rejects(client.generate(aRequest(), never()), { code: 'unavailable' });
  await client.close();
  assert.equal(watch.alive.length, 0);
  await using another = await start(pool);
  await another.generate(aRequest(), never());
  assert.equal(watch.threads.length, 3);
});

test('no more are kept than a reload needs, and none after the pool is closed', async () => {
  using watch = new ThreadWatch();
  const pool = new ThreadPool();
  const clients = await Promise.all([1, 2, 3, 4].map(() => start(pool)));
  const [last, ...others] = clients;
  await Promise.all(others.map((client) => client.close()));
  assert.equal(watch.alive.length, 3, 'two that are idle, and one in use');
  await pool[Symbol.asyncDispose]();
  await last?.close();
  assert.equal(watch.alive.length, 0);
});
