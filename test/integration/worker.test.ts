/** An engine in a real thread: answers, cancelling, overload, closing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GenerateRequest } from '../../src/runtime/engine/generate.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { aRequest } from '../support/engine-builders.ts';
import { Gate } from '../support/engine-gate.ts';
import { aVocabulary, chain, coinFlips } from '../support/engine-grammars.ts';
import { answerOf, generateAlone } from '../support/engine-oracle.ts';
import { never, StepLog, startClient } from '../support/engine-worker.ts';

describe('answers', () => {
  test('a crowd of requests gets what each gets alone', async () => {
    await using client = await startClient();
    const requests = Array.from({ length: 20 }, (_, seed) =>
      aRequest({
        promptTokens: Int32Array.from({ length: 1 + (seed % 7) }, (_, i) => (seed + i) % 4),
        grammar: chain(
          [[0], [1]],
          [[2, 3]],
          [
            [0, 1],
            [3, 2],
            [3, 3],
          ],
          [[1], [2]],
        ),
        sampling: { temperature: seed % 2, seed },
      }),
    );
    const results = await Promise.all(requests.map((request) => client.generate(request, never())));
    for (const [i, request] of requests.entries()) {
      const result = results[i];
      assert.ok(result !== undefined);
      assert.deepEqual(answerOf(result), generateAlone(request, aVocabulary(4)));
      for (const ms of [result.queueMs, result.prefillMs, result.decodeMs]) assert.ok(ms >= 0);
    }
    assert.deepEqual(await client.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
  });

  test('a choice is told before the answer, to whoever asked for it', async () => {
    await using client = await startClient();
    const story = async (spec: Partial<GenerateRequest>) => {
      const told: unknown[] = [];
      const end = await client
        .generate(aRequest({ grammar: coinFlips(6), ...spec }), never(), {
          onChoice: (beginning) => told.push([...beginning]),
        })
        .then(({ tokens }) => [...tokens.slice(0, 2)])
        .catch(({ code }: GatewayError) => code);
      return [...told, end];
    };
    const [choice, ...rest] = await story({ tellsChoice: true });
    assert.deepEqual(rest, [choice]);
    assert.equal((await story({})).length, 1);
  });

  test('a grammar may follow, built while the prompt is computed: the answer is the same', async () => {
    await using client = await startClient();
    const { grammar, ...open } = aRequest({ grammar: coinFlips(6) });
    const { tokens } = await client.generate({ ...open, grammar }, never());
    const late = await client.generate(open, never(), { grammar: () => grammar });
    assert.deepEqual(late.tokens, tokens);
  });

  test('a grammar that cannot be built fails its own request, and one that does not fit is refused', async () => {
    await using client = await startClient();
    const { grammar: _grammar, ...open } = aRequest();
    const grammar = () => {
      throw new GatewayError('context_length', 'too long');
    };
    await assert.rejects(client.generate(open, never(), { grammar }), { code: 'context_length', message: 'too long' });
    const tooLong = client.generate(open, never(), { grammar: () => coinFlips(10_000) });
    await assert.rejects(tooLong, { code: 'context_length', message: /10000 answer tokens/ });
    assert.equal((await client.generate(aRequest(), never())).tokens.length, 2);
    assert.deepEqual(await client.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
  });

  test('a listener that cannot take a choice fails its own request, and the engine goes on', async () => {
    await using client = await startClient();
    const request = aRequest({ grammar: coinFlips(40), tellsChoice: true });
    const onChoice = () => {
      throw new GatewayError('internal', 'no such control');
    };
    const failing = client.generate(request, never(), { onChoice });
    await assert.rejects(failing, { code: 'internal', message: 'no such control' });
    assert.equal((await client.generate(request, never())).tokens.length, 40);
    assert.deepEqual(await client.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
  });

  test('each step is reported under the model it ran on', async () => {
    const log = new StepLog();
    await using client = await startClient({ observer: log });
    await client.generate(aRequest({ grammar: coinFlips(3) }), never());
    // The thread tells of its steps before it answers this.
    await client.stats();
    assert.deepEqual(
      log.reports.map(({ model, version, decodeRows, chunkTokens }) => [model, version, decodeRows, chunkTokens]),
      [
        ['fake', '1', 0, 3],
        ['fake', '1', 1, 0],
        ['fake', '1', 1, 0],
      ],
    );
  });

  test('a request that cannot be computed is refused with the field that is wrong', async () => {
    await using client = await startClient();
    const error = await client
      .generate(aRequest({ promptTokens: Int32Array.of(9) }), never())
      .catch((thrown) => thrown);
    assert.ok(error instanceof GatewayError);
    assert.deepEqual([error.code, error.details], ['invalid_request', { field: 'promptTokens' }]);
  });

  test('a full queue refuses at once and says when to come back, and what is under way goes on', async () => {
    const gate = new Gate();
    await using client = await startClient({ numSlots: 1, gate: gate.cells, limits: { maxWaitingRequests: 1 } });
    const accepted = [client.generate(aRequest(), never()), client.generate(aRequest(), never())];
    const refused = client.generate(aRequest(), never());
    gate.allow(1);
    const error = await refused.catch((thrown) => thrown);
    assert.ok(error instanceof GatewayError && error.code === 'overloaded');
    assert.ok((error.details.retryAfterMs ?? 0) > 0);
    gate.open();
    assert.equal((await Promise.all(accepted)).length, 2);
  });
});

describe('cancelling', () => {
  test('rejects at once, and the slot is free by the next step', async () => {
    const gate = new Gate();
    const log = new StepLog();
    await using client = await startClient({ numSlots: 1, gate: gate.cells, observer: log });
    const controller = new AbortController();
    const cancelled = client.generate(aRequest({ grammar: coinFlips(50) }), controller.signal);
    gate.allow(1);
    gate.waitForArrival(2);
    // The thread stands in its second step now.
    controller.abort();
    await assert.rejects(cancelled, { code: 'cancelled' });
    const next = client.generate(aRequest({ grammar: coinFlips(1) }), never());
    gate.open();
    await next;
    assert.deepEqual(await client.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
    assert.equal(log.reports.length, 3, 'two steps of the cancelled one, and one that serves the next');
  });

  test('a request whose signal is aborted already is never sent', async () => {
    const log = new StepLog();
    await using client = await startClient({ observer: log });
    await assert.rejects(client.generate(aRequest(), AbortSignal.abort()), { code: 'cancelled' });
    await client.generate(aRequest({ grammar: coinFlips(1) }), never());
    await client.stats();
    assert.equal(log.reports.length, 1);
  });

  test('a signal that timed out is an exceeded deadline', async () => {
    const gate = new Gate();
    await using client = await startClient({ gate: gate.cells });
    const controller = new AbortController();
    const late = client.generate(aRequest(), controller.signal);
    controller.abort(new DOMException('too late', 'TimeoutError'));
    await assert.rejects(late, { code: 'deadline_exceeded' });
    gate.open();
  });

  test('a deadline that has passed ends the request in the engine', async () => {
    await using client = await startClient();
    await assert.rejects(client.generate(aRequest({ deadlineMs: 0 }), never()), { code: 'deadline_exceeded' });
  });

  test('of thousands of aborts at random moments, none leaves anything behind', async () => {
    await using client = await startClient({ limits: { maxWaitingRequests: 10_000 } });
    const outcomes = Array.from({ length: 2_000 }, async (_, i) => {
      const controller = new AbortController();
      const result = client.generate(aRequest({ grammar: coinFlips(1 + (i % 5)) }), controller.signal);
      if (i % 3 === 0) setImmediate(() => controller.abort());
      if (i % 3 === 1) void client.stats().then(() => controller.abort());
      return result.then(
        () => 'finished',
        (error: GatewayError) => error.code,
      );
    });
    for (const outcome of await Promise.all(outcomes)) assert.ok(['finished', 'cancelled'].includes(outcome), outcome);
    assert.deepEqual(await client.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
  });
});

describe('closing', () => {
  test('a drain finishes what was accepted and refuses the rest', async () => {
    const gate = new Gate();
    const client = await startClient({ numSlots: 1, gate: gate.cells });
    const accepted = [client.generate(aRequest(), never()), client.generate(aRequest(), never())];
    const closed = client.close('drain');
    assert.equal(client.unreadyReason(), 'the engine thread is closing');
    await assert.rejects(client.generate(aRequest(), never()), { code: 'unavailable' });
    gate.open();
    assert.equal((await Promise.all(accepted)).length, 2);
    await closed;
    assert.equal(client.unreadyReason(), 'the engine thread is closed');
    await assert.rejects(client.generate(aRequest(), never()), { code: 'unavailable' });
  });

  test('an abort ends what runs and what waits, also in the middle of a drain', async () => {
    const gate = new Gate();
    const client = await startClient({ numSlots: 1, gate: gate.cells });
    const requests = [1, 2].map(() => client.generate(aRequest({ grammar: coinFlips(50) }), never()));
    const ends = Promise.allSettled(requests);
    const drained = client.close('drain');
    const aborted = client.close('abort');
    gate.open();
    for (const end of await ends) assert.ok(end.status === 'rejected' && end.reason.code === 'cancelled');
    await Promise.all([drained, aborted]);
  });

  test('tells what the runner holds while it lives, and what it has leaked when it is gone', async () => {
    const client = await startClient({ handles: { alive: 5, leaked: 2 } });
    assert.equal((await client.stats()).nativeHandles, 5);
    await client.close();
    assert.deepEqual(await client.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 2 });
    await client.close();
  });
});
