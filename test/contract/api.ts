/** What all protocols promise, as one suite: run against each by api-http, api-grpc and api-connect.test.ts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ErrorCode, GatewayError } from '../../src/runtime/index.ts';
import type { Config } from '../../src/server/config.ts';
import type { ApiClient, ApiFailure, ApiReply, ApiRequest } from '../support/api-clients.ts';
import type { CallOptions } from '../support/grpc-client.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';
import { aFullRequest, aRequest, manyControls } from './requests.ts';
import { CLICK_BODY, CONFIDENCE, type FAKE_MODEL_MESSAGE, RPC_SAMPLES, type RpcSample, TIME } from './rpc-samples.ts';

export type ApiUnderTest = {
  readonly name: string;
  readonly connect: (gateway: TestGateway) => ApiClient;
  readonly status: Readonly<Record<ErrorCode, number>>;
};

type World = AsyncDisposable & { readonly gw: TestGateway; readonly api: ApiClient };

export function apiContract({ name, connect, status }: ApiUnderTest): void {
  async function world(config: Partial<Config> = {}): Promise<World> {
    const gw = await testGateway({ config });
    const api = connect(gw);
    return {
      gw,
      api,
      async [Symbol.asyncDispose]() {
        await api[Symbol.asyncDispose]();
        await gw[Symbol.asyncDispose]();
      },
    };
  }

  for (const sample of RPC_SAMPLES) {
    describe(`${name}: ${sample.rpc}`, () => {
      let w: World;
      before(async () => {
        w = await world();
      });
      after(() => w[Symbol.asyncDispose]());

      let made = 0;
      /** Under an id of its own: under one that has been answered it would be a repeat, which asks no model. */
      const anew = () => withId(sample, sample.request, `anew-${++made}`);

      it('answers', async () => {
        await using fresh = await world();
        for (const { rpc, request } of sample.before ?? []) expectOk(await fresh.api.call(rpc, request));
        const response = expectOk(await call(fresh.api, sample, sample.request));
        assert.deepEqual(withoutTimes(response), sample.response);
        const expected = `lam_gateway_requests_total{rpc="${sample.rpc}",`;
        const counts = (await metricLines(fresh.gw, expected)).filter((line) => line.includes('outcome="ok"} 1'));
        assert.equal(counts.length, 1);
      });

      for (const { title, request, field } of sample.invalid) {
        it(`refuses ${title}, by the name of the field: ${field}`, async () => {
          const before = w.gw.runtime.calls.length + w.gw.runtime.changes.length;
          const reply = expectError(await call(w.api, sample, withId(sample, request, 'r-2')), 'invalid_request');
          assert.equal(reply.field, field);
          assert.ok(reply.message.startsWith(`${field}: `), reply.message);
          if (hasRequestId(sample)) assert.equal(reply.requestId, 'r-2');
          else assert.match(reply.requestId, UUID);
          assert.equal(w.gw.runtime.calls.length + w.gw.runtime.changes.length, before);
        });
      }

      if (sample.runtime === 'none') return;
      for (const code of (Object.keys(status) as ErrorCode[]).filter((c) => c !== 'internal')) {
        it(`tells ${code} of the runtime as status ${status[code]}`, async () => {
          w.gw.runtime.failNext(new GatewayError(code, 'because', { field: 'model', retryAfterMs: 1250 }));
          const reply = expectError(await call(w.api, sample, anew()), code);
          const { message, field, retryAfterMs } = reply;
          assert.deepEqual([message, field, retryAfterMs], ['because', 'model', 1250]);
        });
      }

      it('hides the message of an internal error and tells the request id', async () => {
        w.gw.runtime.failNext(new TypeError('secret'));
        const reply = expectError(await call(w.api, sample, anew()), 'internal');
        assert.doesNotMatch(reply.message, /secret/);
        assert.ok(reply.requestId !== '' && reply.message.includes(reply.requestId));
      });

      it('adds a retry hint where the runtime gives none', async () => {
        w.gw.runtime.failNext(new GatewayError('overloaded', 'full'));
        const reply = expectError(await call(w.api, sample, anew()), 'overloaded');
        assert.ok(reply.retryAfterMs !== undefined && reply.retryAfterMs > 0);
      });

      it('ends a request at the deadline of its client', async () => {
        const arrival = w.gw.runtime.holdNext();
        const reply = await call(w.api, sample, anew(), { timeoutMs: 60 });
        assert.equal(expectFailure(reply).status, status.deadline_exceeded);
        (await arrival).release();
      });

      it('ends a request when its client goes away', async () => {
        const arrival = w.gw.runtime.holdNext();
        const client = new AbortController();
        const reply = call(w.api, sample, anew(), { signal: client.signal });
        const held = await arrival;
        client.abort();
        assert.equal(expectFailure(await reply).code, 'cancelled');
        held.release();
      });

      it('is refused while the gateway drains', async () => {
        await using fresh = await world();
        const arrival = fresh.gw.runtime.holdNext();
        const first = fresh.api.call('PredictAction', aRequest());
        const held = await arrival;
        const closed = fresh.gw.gateway.close({ timeoutMs: 60_000 });
        const refused = expectError(await call(fresh.api, sample, anew()), 'unavailable');
        assert.ok(refused.retryAfterMs !== undefined && refused.retryAfterMs > 0);
        held.release();
        expectOk(await first);
        assert.equal(await closed, 'drained');
      });

      if (sample.runtime === 'operator') return;
      it('refuses at once what it cannot hold, with a hint, and goes on serving', async () => {
        await using fresh = await world({ slots: 1, queueRequests: 0 });
        const arrival = fresh.gw.runtime.holdNext();
        const first = call(fresh.api, sample, anew());
        const held = await arrival;
        const refused = expectError(await call(fresh.api, sample, anew()), 'overloaded');
        assert.ok(refused.retryAfterMs !== undefined && refused.retryAfterMs > 0);
        held.release();
        expectOk(await first);
        expectOk(await call(fresh.api, sample, anew()));
      });

      it('gives a request without a deadline the default one, and none a longer one than the longest', async () => {
        await using fresh = await world({ defaultDeadlineMs: 40, maxDeadlineMs: 40 });
        for (const options of [{}, { timeoutMs: 100_000 }]) {
          const arrival = fresh.gw.runtime.holdNext();
          const reply = expectError(await call(fresh.api, sample, anew(), options), 'deadline_exceeded');
          assert.match(reply.message, /40 ms/);
          await (await arrival).aborted;
        }
      });

      it('aborts the runtime when the client goes away', async () => {
        const arrival = w.gw.runtime.holdNext();
        const client = new AbortController();
        const reply = call(w.api, sample, anew(), { signal: client.signal });
        const held = await arrival;
        client.abort();
        await held.aborted;
        expectFailure(await reply);
      });

      it('ends what is still under way when the drain has taken too long', async () => {
        await using fresh = await world();
        const arrival = fresh.gw.runtime.holdNext();
        const first = call(fresh.api, sample, anew());
        const held = await arrival;
        const closed = fresh.gw.gateway.close({ timeoutMs: 0 });
        expectError(await first, 'unavailable');
        await held.aborted;
        assert.equal(await closed, 'timed_out');
      });
    });
  }

  describe(`${name}: predicting actions`, () => {
    it('makes a request id when the client gives none', async () => {
      await using w = await world();
      const response = expectOk(await w.api.call('PredictAction', aRequest()));
      assert.match(String(response['request_id']), UUID);
    });

    it('hands every field on to the runtime', async () => {
      await using w = await world();
      expectOk(await w.api.call('PredictAction', aFullRequest()));
      const { state, options } = w.gw.runtime.calls[0] ?? {};
      assert.deepEqual(state, FULL_STATE);
      const { deadlineMs: _deadline, signal: _signal, onRoute: _onRoute, ...rest } = options ?? {};
      assert.deepEqual(rest, {
        model: 'fake:1',
        stickyKey: 's',
        temperature: 0.5,
        seed: 4_294_967_295,
        maxTextBytes: 100,
        candidates: 3,
        rerank: true,
        priority: 9,
        wantThought: true,
        wantPlan: true,
      });
    });

    it('fills what the client leaves out', async () => {
      await using w = await world();
      expectOk(await w.api.call('PredictAction', { user_request: 'x', app: { process_name: 'WinWord.exe' } }));
      expectOk(await w.api.call('PredictAction', { user_request: 'x' }));
      const [word, other] = w.gw.runtime.calls;
      assert.ok(word?.state.allowedFunctions.includes('insert_table'));
      assert.ok(!other?.state.allowedFunctions.includes('insert_table'));
      const { temperature, seed, maxTextBytes, candidates, rerank, priority } = other?.options ?? {};
      assert.deepEqual([temperature, seed, maxTextBytes, candidates, rerank, priority], [0, 0, 64, 1, false, 0]);
    });

    it('tells several candidates with their rewards, best first', async () => {
      await using w = await world();
      const options = { candidates: 5, rerank: true };
      const response = expectOk(await w.api.call('PredictAction', aRequest({ options })));
      const candidate = { action: CLICK_BODY, confidence: CONFIDENCE, probability: 0.061728, policy: NO_RULE };
      const other = { ...CLICK_BODY, control_id: '1', control_name: 'Bold' };
      assert.deepEqual(response['candidates'], [
        { ...candidate, reward: { raw: 1, score: 0.731059 } },
        { ...candidate, action: other, reward: { raw: 0, score: 0.5 } },
      ]);
      assert.deepEqual(response['action'], CLICK_BODY);
      assert.deepEqual(response['reward'], { raw: 1, score: 0.731059 });
    });

    it('sends no choice ahead where there will be several', async () => {
      await using w = await world();
      const { messages } = await w.api.stream('PredictActionStream', aRequest({ options: { candidates: 2 } }));
      assert.deepEqual(
        messages.map((message) => Object.keys(message)),
        [['response']],
      );
    });

    it('tells what the policy says', async () => {
      await using w = await world();
      const controls = [{ id: '1', name: 'Send', type: 'Button' }];
      const response = expectOk(await w.api.call('PredictAction', aRequest({ controls })));
      assert.equal(response['requires_confirmation'], true);
      const { effect, rule } = response['policy'] as Record<string, string>;
      assert.deepEqual([effect, rule], ['confirm', 'send']);
    });

    it('says that a wished thought was written, or that it was not', async () => {
      await using w = await world();
      const options = { want_thought: true, want_plan: true };
      const response = expectOk(await w.api.call('PredictAction', aRequest({ options })));
      assert.equal((response['action'] as Record<string, unknown>)['thought'], 'because');
      assert.deepEqual(response['warnings'], ['options.want_plan: the model wrote none']);
    });

    it('asks for the whole list when it does not have the base of a difference', async () => {
      await using w = await world();
      const request = aRequest({
        session_id: 'unknown',
        controls: [],
        control_changes: { base_hash: 'abc', removed_ids: ['1'] },
      });
      const reply = expectError(await w.api.call('PredictAction', request), 'failed_precondition');
      assert.equal(reply.field, 'control_changes.base_hash');
      assert.match(reply.message, /whole list/);
    });

    it('takes 500 controls and refuses 501', async () => {
      await using w = await world();
      expectOk(await w.api.call('PredictAction', aRequest({ controls: manyControls(500) })));
      const request = aRequest({ controls: manyControls(501) });
      assert.equal(expectError(await w.api.call('PredictAction', request), 'invalid_request').field, 'controls');
    });

    it('refuses a request that is larger than the limit and names the limit', async () => {
      await using w = await world({ maxBodyBytes: 4096 });
      const reply = expectFailure(await w.api.call('PredictAction', aRequest({ subtask: 'x'.repeat(5000) })));
      assert.equal(reply.status, status.payload_too_large);
      assert.match(reply.message, /4096/);
    });
  });

  describe(`${name}: models`, () => {
    it('loads, labels and unloads a version', async () => {
      await using w = await world();
      const second = { name: 'fake', version: '2' };
      const names = async () =>
        (expectOk(await w.api.call('ListModels', {}))['models'] as (typeof FAKE_MODEL_MESSAGE)[]).map(
          ({ version, labels }) => [version, ...labels.map(({ label }) => label)].join(' '),
        );
      expectError(await w.api.call('GetModel', second), 'model_not_found');
      expectOk(await w.api.call('LoadModel', second));
      expectOk(await w.api.call('SetLabel', { ...second, label: 'canary', share: 0.1 }));
      assert.deepEqual(await names(), ['1 stable', '2 canary']);
      assert.equal(expectOk(await w.api.call('GetModel', second))['version'], '2');
      expectOk(await w.api.call('SetLabel', { name: 'fake', label: 'canary' }));
      expectOk(await w.api.call('UnloadModel', second));
      assert.deepEqual(await names(), ['1 stable']);
    });

    it('makes room for the requests of each version that is loaded', async () => {
      await using w = await world({ slots: 1, queueRequests: 0 });
      expectOk(await w.api.call('LoadModel', { name: 'fake', version: '2' }));
      const arrival = w.gw.runtime.holdNext();
      const first = w.api.call('PredictAction', aRequest());
      const held = await arrival;
      expectOk(await w.api.call('PredictAction', aRequest()));
      held.release();
      expectOk(await first);
    });
  });

  function expectError(reply: ApiReply, code: ErrorCode): ApiFailure {
    const failure = expectFailure(reply);
    assert.equal(failure.code, code, failure.message);
    // A stream that has begun has spent its HTTP status.
    assert.equal(failure.status, status[code]);
    return failure;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const NO_RULE = { effect: 'allow', rule: '', reason: '' };

/** What {@link aFullRequest} is for the runtime. */
const FULL_STATE = {
  userRequest: 'make the title bold\nand save',
  subtask: 'make it bold',
  app: { processName: 'WINWORD.EXE', windowTitle: 'Document1 - Word' },
  controls: [
    {
      id: '1',
      name: 'Bold',
      type: 'Button',
      rect: [-10, 0, 30, 40],
      automationId: 'Bold',
      enabled: false,
      selected: true,
    },
    { id: '2', name: '', type: 'Document', enabled: true, selected: false },
  ],
  previousPlan: ['select', 'click'],
  previousActions: [
    {
      function: 'set_edit_text',
      args: { text: 'Zürich 😀', clear_current_text: false, x: 0.5 },
      controlName: 'Search',
      resultStatus: 'failure',
      error: 'not found',
    },
  ],
  allowedFunctions: ['click_input', 'wait'],
};

/** Points in time as {@link TIME}. */
function withoutTimes(message: unknown): unknown {
  const text = JSON.stringify(message).replace(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g, JSON.stringify(TIME));
  return JSON.parse(text);
}

/** A unary call, or a stream as its last message or its failure. */
async function call(
  api: ApiClient,
  { rpc, stream }: RpcSample,
  ...[request, options]: [ApiRequest, CallOptions?]
): Promise<ApiReply> {
  if (stream === undefined) return api.call(rpc, request, options);
  const { messages, failure } = await api.stream(rpc, request, options);
  if (failure !== undefined) return failure;
  assert.deepEqual(messages.length, stream.length);
  return { ok: true, response: messages.at(-1) ?? {} };
}

function hasRequestId({ request }: RpcSample): boolean {
  return 'request_id' in request;
}

function withId(sample: RpcSample, request: ApiRequest, id: string): ApiRequest {
  return hasRequestId(sample) ? { ...request, request_id: id } : request;
}

async function metricLines({ http }: TestGateway, start: string): Promise<readonly string[]> {
  const text = await (await fetch(`${http}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(start));
}

export function expectOk(reply: ApiReply): Record<string, unknown> {
  assert.ok(reply.ok, JSON.stringify(reply));
  return reply.response;
}

export function expectFailure(reply: ApiReply): ApiFailure {
  assert.ok(!reply.ok, JSON.stringify(reply));
  return reply;
}
