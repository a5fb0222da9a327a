/** What both protocols promise, as one suite: run against each by api-http.test.ts and api-grpc.test.ts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ErrorCode, GatewayError } from '../../src/runtime/index.ts';
import type { Config } from '../../src/server/config.ts';
import type { ApiClient, ApiReply } from '../support/api-clients.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';
import { aFullRequest, aRequest, INVALID_REQUESTS, manyControls } from './requests.ts';

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

  describe(`${name}: PredictAction`, () => {
    it('answers with an action on one of the controls', async () => {
      await using w = await world();
      const response = expectOk(await w.api.predict(aRequest({ request_id: 'r-1' })));
      assert.equal(response['request_id'], 'r-1');
      assert.equal(response['model'], 'fake');
      assert.equal(response['grounded'], true);
      assert.deepEqual(response['action'], {
        thought: '',
        observation: '',
        control_id: '2',
        control_name: 'Body',
        function: 'click_input',
        args: { button: 'right', double: true },
        status: 'CONTINUE',
        plan: [],
        comment: '',
        result: '',
      });
    });

    it('makes a request id when the client gives none', async () => {
      await using w = await world();
      const response = expectOk(await w.api.predict(aRequest()));
      assert.match(String(response['request_id']), /^[0-9a-f-]{36}$/);
    });

    it('hands every field on to the runtime', async () => {
      await using w = await world();
      expectOk(await w.api.predict(aFullRequest()));
      const call = w.gw.runtime.calls[0];
      assert.deepEqual(call?.state, {
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
      });
      const { model, temperature, seed, maxTextBytes } = call.options;
      assert.deepEqual([model, temperature, seed, maxTextBytes], ['fake:1', 0.5, 4_294_967_295, 100]);
    });

    it('fills what the client leaves out', async () => {
      await using w = await world();
      expectOk(await w.api.predict({ user_request: 'x', app: { process_name: 'WinWord.exe' } }));
      expectOk(await w.api.predict({ user_request: 'x' }));
      const [word, other] = w.gw.runtime.calls;
      assert.ok(word?.state.allowedFunctions.includes('insert_table'));
      assert.ok(!other?.state.allowedFunctions.includes('insert_table'));
      assert.deepEqual([other?.options.temperature, other?.options.seed, other?.options.maxTextBytes], [0, 0, 64]);
    });

    it('takes 500 controls and refuses 501', async () => {
      await using w = await world();
      expectOk(await w.api.predict(aRequest({ controls: manyControls(500) })));
      const reply = expectError(await w.api.predict(aRequest({ controls: manyControls(501) })), 'invalid_request');
      assert.equal(reply.field, 'controls');
    });

    it('refuses a request that is larger than the limit and names the limit', async () => {
      await using w = await world({ maxBodyBytes: 4096 });
      const reply = await w.api.predict(aRequest({ subtask: 'x'.repeat(5000) }));
      assert.ok(!reply.ok);
      assert.equal(reply.status, status.payload_too_large);
      assert.match(reply.message, /4096/);
    });
  });

  describe(`${name}: what is refused`, () => {
    let w: World;
    before(async () => {
      w = await world();
    });
    after(() => w[Symbol.asyncDispose]());

    for (const { title, request, field } of INVALID_REQUESTS) {
      it(`${title}, by the name of the field: ${field}`, async () => {
        const reply = expectError(await w.api.predict({ ...request, request_id: 'r-2' }), 'invalid_request');
        assert.equal(reply.field, field);
        assert.ok(reply.message.startsWith(`${field}: `), reply.message);
        assert.equal(reply.requestId, 'r-2');
        assert.equal(w.gw.runtime.calls.length, 0);
      });
    }
  });

  describe(`${name}: errors`, () => {
    const codes = Object.keys(status) as ErrorCode[];
    for (const code of codes.filter((c) => c !== 'internal')) {
      it(`tells ${code} of the runtime as status ${status[code]}`, async () => {
        await using w = await world();
        w.gw.runtime.failNext(new GatewayError(code, 'because', { field: 'model', retryAfterMs: 1250 }));
        const reply = expectError(await w.api.predict(aRequest({ request_id: 'r-3' })), code);
        const { message, field, requestId, retryAfterMs } = reply;
        assert.deepEqual([message, field, requestId, retryAfterMs], ['because', 'model', 'r-3', 1250]);
      });
    }

    it('hides the message of an internal error and tells the request id', async () => {
      await using w = await world();
      w.gw.runtime.failNext(new TypeError('secret'));
      const reply = expectError(await w.api.predict(aRequest({ request_id: 'r-4' })), 'internal');
      assert.doesNotMatch(reply.message, /secret/);
      assert.match(reply.message, /r-4/);
    });

    it('adds a retry hint where the runtime gives none', async () => {
      await using w = await world();
      w.gw.runtime.failNext(new GatewayError('overloaded', 'full'));
      const reply = expectError(await w.api.predict(aRequest()), 'overloaded');
      assert.ok(reply.retryAfterMs !== undefined && reply.retryAfterMs > 0);
    });

    it('refuses bytes that are not a request', async () => {
      await using w = await world();
      for (const bytes of [Buffer.from([0xff, 0xff, 0xff]), Buffer.from('{'), Buffer.from('\u0000')]) {
        expectError(await w.api.predictRaw(bytes), 'invalid_request');
      }
    });
  });

  describe(`${name}: overload, deadline, cancellation`, () => {
    it('refuses at once what it cannot hold, with a hint, and goes on serving', async () => {
      await using w = await world({ slots: 1, queueRequests: 0 });
      const arrival = w.gw.runtime.holdNext();
      const first = w.api.predict(aRequest());
      const held = await arrival;
      const refused = expectError(await w.api.predict(aRequest()), 'overloaded');
      assert.ok(refused.retryAfterMs !== undefined && refused.retryAfterMs > 0);
      held.release();
      expectOk(await first);
      expectOk(await w.api.predict(aRequest()));
    });

    it('ends a request at the deadline of its client', async () => {
      await using w = await world();
      const arrival = w.gw.runtime.holdNext();
      const reply = await w.api.predict(aRequest(), { timeoutMs: 60 });
      assert.ok(!reply.ok);
      assert.equal(reply.status, status.deadline_exceeded);
      await (await arrival).aborted;
    });

    it('gives a request without a deadline the default one', async () => {
      await using w = await world({ defaultDeadlineMs: 40 });
      const arrival = w.gw.runtime.holdNext();
      const reply = expectError(await w.api.predict(aRequest()), 'deadline_exceeded');
      assert.match(reply.message, /40 ms/);
      await (await arrival).aborted;
    });

    it('lets no request go past the longest deadline', async () => {
      await using w = await world({ maxDeadlineMs: 40 });
      const arrival = w.gw.runtime.holdNext();
      expectError(await w.api.predict(aRequest(), { timeoutMs: 100_000 }), 'deadline_exceeded');
      await (await arrival).aborted;
    });

    it('aborts the runtime when the client goes away', async () => {
      await using w = await world();
      const arrival = w.gw.runtime.holdNext();
      const client = new AbortController();
      const reply = w.api.predict(aRequest(), { signal: client.signal });
      const held = await arrival;
      client.abort();
      await held.aborted;
      assert.equal(expectFailure(await reply).code, 'cancelled');
    });

    it('refuses new requests while it drains, and finishes the one under way', async () => {
      await using w = await world();
      const arrival = w.gw.runtime.holdNext();
      const first = w.api.predict(aRequest());
      const held = await arrival;
      const closed = w.gw.gateway.close({ timeoutMs: 60_000 });
      const refused = expectError(await w.api.predict(aRequest()), 'unavailable');
      assert.ok(refused.retryAfterMs !== undefined && refused.retryAfterMs > 0);
      held.release();
      expectOk(await first);
      assert.equal(await closed, 'drained');
    });

    it('ends what is still under way when the drain has taken too long', async () => {
      await using w = await world();
      const arrival = w.gw.runtime.holdNext();
      const first = w.api.predict(aRequest());
      const held = await arrival;
      const closed = w.gw.gateway.close({ timeoutMs: 0 });
      expectError(await first, 'unavailable');
      await held.aborted;
      assert.equal(await closed, 'timed_out');
    });
  });

  describe(`${name}: models`, () => {
    it('lists what is loaded', async () => {
      await using w = await world();
      assert.deepEqual(await w.api.models(), {
        models: [
          {
            name: 'fake',
            version: '1',
            role: 'action',
            dialect: 'compact',
            context_length: 1024,
            parameters: 1_234_567,
            quantization: 'none',
            state: 'ready',
            reason: '',
          },
        ],
      });
    });
  });

  function expectError(reply: ApiReply, code: ErrorCode): Extract<ApiReply, { ok: false }> {
    const failure = expectFailure(reply);
    assert.equal(failure.code, code, failure.message);
    assert.equal(failure.status, status[code]);
    return failure;
  }
}

export function expectOk(reply: ApiReply): Record<string, unknown> {
  assert.ok(reply.ok, JSON.stringify(reply));
  return reply.response;
}

export function expectFailure(reply: ApiReply): Extract<ApiReply, { ok: false }> {
  assert.ok(!reply.ok, JSON.stringify(reply));
  return reply;
}
