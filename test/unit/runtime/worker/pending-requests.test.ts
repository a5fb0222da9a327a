import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { PendingRequests } from '../../../../src/runtime/worker/pending-requests.ts';
import { aResult } from '../../../support/engine-builders.ts';

const crashed = new GatewayError('unavailable', 'the engine thread crashed');

test('resolves with the result and forgets the request', async () => {
  const requests = new PendingRequests();
  const result = requests.add(1, { signal: new AbortController().signal, onAbort: assert.fail });
  requests.finish(1, aResult());
  assert.deepEqual(await result, aResult());
  assert.equal(requests.size, 0);
});

test('an abort rejects first and is passed on then; what the engine still says is ignored', async () => {
  const requests = new PendingRequests();
  const controller = new AbortController();
  let sizeAtAbort = -1;
  const result = requests.add(1, {
    signal: controller.signal,
    onAbort: () => {
      sizeAtAbort = requests.size;
    },
  });
  controller.abort();
  requests.finish(1, aResult());
  await assert.rejects(result, { code: 'cancelled' });
  assert.equal(sizeAtAbort, 0);
});

test('a part that its listener cannot take ends the request with the error, and is passed on as an abort', async () => {
  const requests = new PendingRequests<unknown, number>();
  let aborts = 0;
  const onAbort = () => {
    aborts += 1;
  };
  const onPart = (part: number) => {
    throw new GatewayError('internal', `no use for ${part}`);
  };
  const result = requests.add(1, { signal: new AbortController().signal, onAbort, onPart });
  requests.tell(1, 7);
  requests.tell(1, 8);
  await assert.rejects(result, { code: 'internal', message: 'no use for 7' });
  assert.equal(aborts, 1);
});

test('an abort after the end passes nothing on', async () => {
  const requests = new PendingRequests();
  const controller = new AbortController();
  const result = requests.add(1, { signal: controller.signal, onAbort: assert.fail });
  requests.finish(1, aResult());
  controller.abort();
  await result;
});

test('all that is left fails together', async () => {
  const requests = new PendingRequests();
  const { signal } = new AbortController();
  const all = Promise.allSettled([1, 2, 3].map((id) => requests.add(id, { signal, onAbort: assert.fail })));
  requests.finish(2, aResult());
  requests.failAll(crashed);
  assert.deepEqual(
    (await all).map((end) => (end.status === 'rejected' ? end.reason : 'finished')),
    [crashed, 'finished', crashed],
  );
});

test('in whatever order result, failure, abort and crash arrive, the first one counts and a cancel is sent once at most', async () => {
  const what = fc.constantFrom('tell', 'finish', 'fail', 'abort', 'crash');
  await fc.assert(
    fc.asyncProperty(fc.array(what, { minLength: 1, maxLength: 6 }), async (order) => {
      const requests = new PendingRequests<unknown, string>();
      const controller = new AbortController();
      let cancels = 0;
      const parts: string[] = [];
      const onAbort = () => {
        cancels += 1;
      };
      const end = requests.add(1, { signal: controller.signal, onAbort, onPart: (part) => parts.push(part) }).then(
        () => 'finish',
        ({ code }: GatewayError) => code,
      );
      const act = {
        tell: () => requests.tell(1, 'part'),
        finish: () => requests.finish(1, aResult()),
        fail: () => requests.fail(1, new GatewayError('backend_failed', 'told to')),
        abort: () => controller.abort(),
        crash: () => requests.failAll(crashed),
      };
      // Whatever was drawn, it ends.
      const events = [...order, 'finish' as const];
      for (const event of events) act[event]();
      const first = events.findIndex((event) => event !== 'tell');
      const expected = { finish: 'finish', fail: 'backend_failed', abort: 'cancelled', crash: 'unavailable', tell: '' };
      assert.equal(await end, expected[events[first] ?? 'tell']);
      assert.equal(parts.length, first, 'all that was told before the end, and nothing after it');
      assert.equal(cancels, events[first] === 'abort' ? 1 : 0);
      assert.equal(requests.size, 0);
    }),
    { numRuns: 100 },
  );
});
