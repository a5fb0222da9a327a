/** Engine threads that crash, exit and hang under load: one outcome per request, and another thread in their place. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GatewayError } from '../../src/runtime/errors.ts';
import { abandonedThreads } from '../../src/runtime/worker/abandoned-threads.ts';
import type { EngineClient } from '../../src/runtime/worker/client.ts';
import type { Supervisor } from '../../src/runtime/worker/supervisor.ts';
import { aRequest } from '../support/engine-builders.ts';
import { coinFlips } from '../support/engine-grammars.ts';
import { never } from '../support/engine-worker.ts';
import { newCounts, STARTS, STUCK_MS, waitForHang } from '../support/failing-runner-module.ts';
import { fatalRequest, startSupervised } from '../support/supervised-engine.ts';

type Engine = Supervisor<EngineClient>;

/** How one request ended. */
async function outcome(engine: Engine, request = aRequest()): Promise<string> {
  try {
    await engine.client.generate(request, never());
    return 'finished';
  } catch (thrown) {
    return (thrown as GatewayError).code;
  }
}

/** An engine, and a way to wait for its next restart. */
async function anEngine(options: Parameters<typeof startSupervised>[0] = {}) {
  const reasons: string[] = [];
  let resolve = () => {};
  const engine = await startSupervised({
    ...options,
    onFailure: (reason) => reasons.push(reason),
    onRestart: () => resolve(),
  });
  const restarted = () =>
    new Promise<void>((settle) => {
      resolve = settle;
    });
  return { engine, reasons, restarted };
}

for (const { fatality, reason } of [
  { fatality: 'exit', reason: 'the engine thread exited with code 7' },
  { fatality: 'throw', reason: 'the engine thread crashed: the engine itself is broken' },
  { fatality: 'hang', reason: 'the engine thread hangs: it said nothing for 200 ms' },
] as const) {
  test(`killed five times under load by a step that makes it ${fatality}`, async () => {
    const { engine, reasons, restarted } = await anEngine({ stepTimeoutMs: 200, numSlots: 2 });
    await using _ = engine;
    for (let round = 0; round < 5; round++) {
      const again = restarted();
      const load = Array.from({ length: 10 }, () => outcome(engine, aRequest({ grammar: coinFlips(20) })));
      const fatal = outcome(engine, fatalRequest(fatality));
      const more = Array.from({ length: 10 }, () => outcome(engine));
      assert.equal(await fatal, 'unavailable');
      for (const end of await Promise.all([...load, ...more])) assert.match(end, /^(finished|unavailable)$/);
      assert.equal(engine.status().state, 'restarting');
      assert.equal(await outcome(engine), 'unavailable');
      await again;
      assert.equal(await outcome(engine), 'finished');
    }
    assert.deepEqual(reasons, new Array(5).fill(reason));
    assert.equal(abandonedThreads(), 0);
    assert.deepEqual(await engine.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
  });
}

describe('the watchdog', () => {
  test('lets a thread alone while the main thread is blocked, and while it has nothing to do', async () => {
    // Long enough for a thread that steps back behind all others of a busy machine.
    const stepTimeoutMs = 400;
    const { engine, reasons } = await anEngine({ stepTimeoutMs });
    await using _ = engine;
    const request = engine.client.generate(aRequest(), never());
    // Nothing that the thread says is heard for ten times the limit.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 * stepTimeoutMs);
    await request;
    await new Promise((resolve) => setTimeout(resolve, 5 * stepTimeoutMs));
    assert.deepEqual(reasons, []);
    assert.equal(await outcome(engine), 'finished');
  });

  test('finds a hang that nobody waits for any more', async () => {
    const counts = newCounts();
    const { engine, reasons, restarted } = await anEngine({ stepTimeoutMs: 80, counts });
    await using _ = engine;
    const again = restarted();
    const controller = new AbortController();
    const given = engine.client.generate(fatalRequest('hang'), controller.signal);
    waitForHang(counts);
    controller.abort();
    await assert.rejects(given, { code: 'cancelled' });
    await again;
    assert.deepEqual(reasons, ['the engine thread hangs: it said nothing for 80 ms']);
  });

  test('ends a drain that would never end', async () => {
    const { engine } = await anEngine({ stepTimeoutMs: 80 });
    const stuck = outcome(engine, fatalRequest('hang'));
    await engine.close('drain');
    assert.equal(await stuck, 'unavailable');
  });
});

test('a thread that is stuck in native code is abandoned, and counted until it comes back', async () => {
  const { engine, restarted } = await anEngine({ stepTimeoutMs: 80 });
  await using _ = engine;
  const again = restarted();
  assert.equal(await outcome(engine, fatalRequest('stuck')), 'unavailable');
  // Not once the new thread is there: on a busy machine that may take longer than the old one is stuck.
  while (abandonedThreads() === 0) await new Promise((resolve) => setTimeout(resolve, STUCK_MS / 500));
  assert.equal(abandonedThreads(), 1);
  await again;
  assert.equal(await outcome(engine), 'finished');
  while (abandonedThreads() > 0) await new Promise((resolve) => setTimeout(resolve, STUCK_MS / 50));
});

test('a replacement that does not start is tried again', async () => {
  const counts = newCounts();
  const { engine, reasons, restarted } = await anEngine({ counts, failingStarts: [1, 2] });
  await using _ = engine;
  const again = restarted();
  assert.equal(await outcome(engine, fatalRequest('exit')), 'unavailable');
  await again;
  assert.equal(Atomics.load(counts, STARTS), 4);
  assert.equal(reasons.length, 1);
  assert.equal(await outcome(engine), 'finished');
});
