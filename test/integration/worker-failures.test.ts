/** An engine thread that cannot start, fails, crashes or exits: every request still ends exactly once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EngineClient } from '../../src/runtime/worker/client.ts';
import { aRequest } from '../support/engine-builders.ts';
import { Gate } from '../support/engine-gate.ts';
import { clientOptions, never, startClient } from '../support/engine-worker.ts';

describe('starting', () => {
  test('fails with the reason of a first step that fails', async () => {
    await assert.rejects(startClient({ faults: { 0: 'throw' } }), {
      code: 'backend_failed',
      message: 'the step was told to fail',
    });
  });

  test('fails when the model computes no numbers', async () => {
    await assert.rejects(startClient({ faults: { 0: 'nan' } }), { code: 'backend_failed' });
  });

  test('fails when the model does not fit its tokenizer', async () => {
    const options = { ...clientOptions({ vocabSize: 3 }), tokenBytes: new Array(4).fill(undefined) };
    await assert.rejects(EngineClient.start(options), { code: 'unavailable', message: /3 logits, its tokenizer 4/ });
  });

  test('fails when the backend is no backend, or does not exist', async () => {
    const startFrom = (url: string) =>
      EngineClient.start({ ...clientOptions(), runner: { type: 'module', url, options: {} } });
    await assert.rejects(startFrom('node:path'), { code: 'unavailable', message: 'node:path exports no createRunner' });
    await assert.rejects(startFrom('file:///nowhere.js'), /nowhere\.js/);
  });

  test('fails when the thread crashes before it is ready', async () => {
    await assert.rejects(startClient({ crashesAtStart: true }), {
      code: 'unavailable',
      message: 'the engine thread crashed: the backend fell over',
    });
  });

  test('fails when the thread ends before it is ready', async () => {
    await assert.rejects(startClient({ faults: { 0: 'exit' } }), {
      code: 'unavailable',
      message: 'the engine thread exited with code 7',
    });
  });

  test('can be given up', async () => {
    await assert.rejects(EngineClient.start(clientOptions(), AbortSignal.abort()), { code: 'cancelled' });
    const controller = new AbortController();
    const started = EngineClient.start(clientOptions(), controller.signal);
    controller.abort();
    await assert.rejects(started, { code: 'cancelled' });
  });
});

describe('a failing step', () => {
  test('fails its requests; the next ones are served', async () => {
    await using client = await startClient({ faults: { 1: 'throw' } });
    await assert.rejects(client.generate(aRequest(), never()), { code: 'backend_failed' });
    await client.generate(aRequest(), never());
    assert.equal(client.unreadyReason(), undefined);
  });

  test('makes the engine unready the third time in a row, until a step succeeds', async () => {
    await using client = await startClient({ faults: { 1: 'throw', 2: 'nan', 3: 'throw' } });
    for (let i = 0; i < 3; i++) {
      assert.equal(client.unreadyReason(), undefined);
      await assert.rejects(client.generate(aRequest(), never()), { code: 'backend_failed' });
    }
    assert.match(client.unreadyReason() ?? '', /^the last 3 steps failed: /);
    await client.generate(aRequest(), never());
    assert.equal(client.unreadyReason(), undefined);
  });
});

describe('the end of the thread', () => {
  for (const { fault, reason } of [
    { fault: 'exit', reason: 'the engine thread exited with code 7' },
    { fault: 'crash', reason: 'the engine thread crashed: the engine itself is broken' },
  ] as const) {
    test(`by ${fault} ends every request under way, and is the reason for all later refusals`, async () => {
      const gate = new Gate();
      await using client = await startClient({ numSlots: 1, gate: gate.cells, faults: { 1: fault } });
      const requests = [1, 2, 3].map(() => client.generate(aRequest(), never()));
      const ends = Promise.allSettled(requests);
      gate.waitForArrival(1);
      // Asked in the middle of the last step, so it is never answered by the thread.
      const stats = client.stats();
      gate.open();
      for (const end of await ends) {
        assert.ok(end.status === 'rejected');
        assert.deepEqual([end.reason.code, end.reason.message], ['unavailable', reason]);
        assert.ok(end.reason.details.retryAfterMs > 0);
      }
      assert.equal(client.unreadyReason(), reason);
      await assert.rejects(client.generate(aRequest(), never()), { code: 'unavailable', message: reason });
      const nothing = { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 };
      assert.deepEqual([await stats, await client.stats()], [nothing, nothing]);
      await client.close();
      assert.equal(client.unreadyReason(), reason, 'the exit that follows a crash is not the reason');
    });
  }

  test('while it closes does not keep anybody waiting', async () => {
    const gate = new Gate();
    const client = await startClient({ gate: gate.cells, faults: { 1: 'exit' } });
    const request = client.generate(aRequest(), never());
    const end = assert.rejects(request, { code: 'unavailable' });
    const closed = client.close('drain');
    gate.open();
    await end;
    await closed;
    assert.equal(client.unreadyReason(), 'the engine thread exited with code 7');
  });
});
