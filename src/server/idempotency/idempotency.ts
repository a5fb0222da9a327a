/**
 * A repeat of a request, by its `request_id`, gets the first one's answer without work. For unary rpcs that take an id
 * from the client. Only answers are remembered, never failures: what failed may be tried again under the same id.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { GatewayError } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { ownerOf } from '../episodes/owner.ts';
import type { Wrapper } from '../hooks.ts';
import { untilAborted } from '../request-scope.ts';
import { messageType } from '../wire/schema.ts';
import { fingerprint } from './fingerprint.ts';
import type { Claim, IdempotencyStore } from './store.ts';

/** How often another process is asked whether it has answered, in milliseconds; doubles each time. */
const POLL_MS = { first: 10, longest: 200 };

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

  async function settle(key: string, token: string, answer: string | undefined): Promise<void> {
    try {
      await store.settle(key, token, answer);
    } catch (err) {
      logger.warn({ event: 'answer_not_kept', err });
    }
  }

  /** The caller's claim is settled before a repeat in this process looks again. */
  async function first(key: string, token: string, next: () => Promise<object>): Promise<object> {
    let settled = () => {};
    underWay.set(key, new Promise((resolve) => (settled = resolve)));
    let text: string | undefined;
    try {
      const answer = await next();
      text = JSON.stringify(answer);
      return answer;
    } finally {
      await settle(key, token, text);
      underWay.delete(key);
      settled();
    }
  }

  return {
    name: 'idempotency',
    async around(call, message, next) {
      const { request_id: requestId } = message as { readonly request_id?: string | null };
      if (!requestId) return next();
      const key = keyOf(call, requestId);
      const print = fingerprint(messageType(`${call.rpc}Request`), message);
      let waitMs = POLL_MS.first;
      for (;;) {
        const found = await claim(key, print);
        switch (found?.type) {
          case undefined:
            return next();
          case 'claimed':
            return first(key, found.token, next);
          case 'answered':
            return repeated(call, found.answer);
          case 'conflict':
            throw new GatewayError('conflict', 'request_id: another request has this id', { field: 'request_id' });
          case 'pending':
            await untilAborted(underWay.get(key) ?? sleep(waitMs), call.scope.signal);
            waitMs = Math.min(waitMs * 2, POLL_MS.longest);
        }
      }
    },
  };
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
