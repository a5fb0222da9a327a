/**
 * A repeat of a request, by its `request_id`, gets the first one's answer without work. For unary rpcs and PredictActionStream,
 * which take an id from the client. Only answers are remembered, never failures: what failed may be tried again under the same id.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { GatewayError } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { ownerOf } from '../episodes/owner.ts';
import type { Wrapper } from '../hooks.ts';
import { untilAborted } from '../request-scope.ts';
import type { PredictActionResponse, PredictActionUpdate } from '../wire/messages.ts';
import { requestType } from '../wire/schema.ts';
import { fingerprint } from './fingerprint.ts';
import type { Claim, IdempotencyStore } from './store.ts';

/** How often another process is asked whether it has answered, in milliseconds; doubles each time. */
const POLL_MS = { first: 10, longest: 200 };

/**
 * - repeat: has been answered
 * - first: is to be answered; `settle` must follow, with the answer or, if there is none, undefined
 */
type Turn =
  | { readonly type: 'repeat'; readonly answer: object }
  | { readonly type: 'first'; readonly settle: (answer: object | undefined) => Promise<void> };

/** Of a request that nothing is remembered of. */
const UNKNOWN: Turn = { type: 'first', settle: async () => {} };

export function idempotency(store: IdempotencyStore, logger: Logger): Wrapper {
  /** Of this process, by key: settled, whatever the outcome, when a repeat should look again. */
  const underWay = new Map<string, Promise<void>>();

  /** An outage of the store must not stop requests that need no memory: their repeats are then answered anew. */
  async function claim(key: string, print: string): Promise<Claim | undefined> {
    try {
      return await store.claim(key, print);
    } catch (error) {
      if (GatewayError.from(error).code !== 'unavailable') throw error;
      return undefined;
    }
  }

  function first(key: string, token: string): Turn {
    let settled = () => {};
    underWay.set(key, new Promise((resolve) => (settled = resolve)));
    return {
      type: 'first',
      async settle(answer) {
        try {
          await store.settle(key, token, answer && JSON.stringify(answer));
        } catch (err) {
          logger.warn({ event: 'answer_not_kept', err });
        }
        // After the store, so that a repeat in this process finds what is there.
        underWay.delete(key);
        settled();
      },
    };
  }

  /** Waits for a request with the same id that is under way. Throws `conflict` if the id is another request's. */
  async function turnOf(call: Call, message: object): Promise<Turn> {
    const { request_id: requestId } = message as { readonly request_id?: string | null };
    if (!requestId) return UNKNOWN;
    const key = keyOf(call, requestId);
    const print = fingerprint(requestType(call.rpc), message);
    let waitMs = POLL_MS.first;
    for (;;) {
      const found = await claim(key, print);
      switch (found?.type) {
        case undefined:
          return UNKNOWN;
        case 'claimed':
          return first(key, found.token);
        case 'answered':
          return { type: 'repeat', answer: repeated(call, found.answer) };
        case 'conflict':
          throw new GatewayError('conflict', 'request_id: another request has this id', { field: 'request_id' });
        case 'pending':
          await untilAborted(underWay.get(key) ?? sleep(waitMs), call.scope.signal);
          waitMs = Math.min(waitMs * 2, POLL_MS.longest);
      }
    }
  }

  return {
    name: 'idempotency',
    async around(call, message, next) {
      const turn = await turnOf(call, message);
      if (turn.type === 'repeat') return turn.answer;
      let answer: object | undefined;
      try {
        answer = await next();
        return answer;
      } finally {
        await turn.settle(answer);
      }
    },
    /** A repeat gets the response alone: a choice is of use ahead of it only. */
    async *aroundStream(call, message, next) {
      const turn = await turnOf(call, message);
      if (turn.type === 'repeat') {
        yield { response: turn.answer };
        return;
      }
      let isSettled = false;
      try {
        for await (const update of next()) {
          const response = responseOf(update);
          // Ahead of the response: the connection may end with it, and who repeats must find it.
          if (response !== undefined) {
            isSettled = true;
            await turn.settle(response);
          }
          yield update;
        }
      } finally {
        if (!isSettled) await turn.settle(undefined);
      }
    },
  };
}

function responseOf(update: object): PredictActionResponse | undefined {
  return 'response' in update ? (update as Extract<PredictActionUpdate, { response: unknown }>).response : undefined;
}

/** Ids are the caller's own, per rpc. */
function keyOf(call: Call, requestId: string): string {
  return [ownerOf(call), call.rpc, requestId].map(encodeURIComponent).join('/');
}

function repeated(call: Call, text: string): object {
  const answer = JSON.parse(text) as { readonly model?: string; readonly version?: string };
  call.report.model = answer.model ?? '';
  call.report.version = answer.version ?? '';
  return answer;
}
