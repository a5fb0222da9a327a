import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { PendingRequests } from '../../../../src/runtime/worker/pending-requests.ts';
import { aResult } from '../../../support/engine-builders.ts';

const crashed = new GatewayError('unavailable', 'the engine thread crashed');

test('resolves with the result and forgets the request', async () => {
  const requests = new PendingRequests();
  const result = requests.add(1, new AbortController().signal, assert.fail);
  requests.finish(1, aResult());
  assert.deepEqual(await result, aResult());
  assert.equal(requests.size, 0);
});

test('an abort rejects first and is passed on then; what the engine still says is ignored', async () => {
  const requests = new PendingRequests();
  const controller = new AbortController();
  let sizeAtAbort = -1;
  const result = requests.add(1, controller.signal, () => {
    sizeAtAbort = requests.size;
  });
  controller.abort();
  requests.finish(1, aResult());
  await assert.rejects(result, { code: 'cancelled' });
  assert.equal(sizeAtAbort, 0);
});

test('an abort after the end passes nothing on', async () => {
  const requests = new PendingRequests();
  const controller = new AbortController();
  const result = requests.add(1, controller.signal, assert.fail);
  requests.finish(1, aResult());
  controller.abort();
  await result;
});

test('all that is left fails together', async () => {
  const requests = new PendingRequests();
  const { signal } = new AbortController();
  const all = Promise.allSettled([1, 2, 3].map((id) => requests.add(id, signal, assert.fail)));
  requests.finish(2, aResult());
  requests.failAll(crashed);
  assert.deepEqual(
    (await all).map((end) => (end.status === 'rejected' ? end.reason : 'finished')),
    [crashed, 'finished', crashed],
  );
});

test('in whatever order result, failure, abort and crash arrive, the first one counts and a cancel is sent once at most', async () => {
  const what = fc.constantFrom('finish', 'fail', 'abort', 'crash');
  await fc.assert(
    fc.asyncProperty(fc.array(what, { minLength: 1, maxLength: 6 }), async (order) => {
      const requests = new PendingRequests();
      const controller = new AbortController();
      let cancels = 0;
      const end = requests
        .add(1, controller.signal, () => {
          cancels += 1;
        })
        .then(
          () => 'finish',
          ({ code }: GatewayError) => code,
        );
      const act = {
        finish: () => requests.finish(1, aResult()),
        fail: () => requests.fail(1, new GatewayError('backend_failed', 'told to')),
        abort: () => controller.abort(),
        crash: () => requests.failAll(crashed),
      };
      for (const event of order) act[event]();
      const expected = { finish: 'finish', fail: 'backend_failed', abort: 'cancelled', crash: 'unavailable' };
      assert.equal(await end, expected[order[0] ?? 'finish']);
      assert.equal(cancels, order[0] === 'abort' ? 1 : 0);
      assert.equal(requests.size, 0);
    }),
    { numRuns: 100 },
  );
});
