/** Which failures the log tells of, and how often. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { type ErrorCode, GatewayError } from '../../../src/runtime/index.ts';
import { FailureLog } from '../../../src/server/failure-log.ts';
import { rpcs } from '../../../src/server/rpcs.ts';
import type { Principal } from '../../../src/server/security/principal.ts';
import { testDispatcher } from '../../support/test-dispatcher.ts';

function world() {
  const lines: Record<string, unknown>[] = [];
  let nowMs = 0;
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const log = new FailureLog(logger, () => nowMs);
  const rpc = rpcs.find(({ name }) => name === 'PredictAction');
  assert.ok(rpc);
  const { begin } = testDispatcher();
  const fail = (code: ErrorCode, caller = '') => {
    const call = begin(rpc);
    call.report.model = 'word';
    if (caller !== '') call.principal = { name: caller, kind: 'api_key', scopes: [], limits: {} } satisfies Principal;
    log.onFailure(new GatewayError(code, 'why'), call);
    call.scope[Symbol.dispose]();
    return call.scope.requestId;
  };
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { lines, fail, wait };
}

test('what is too late or not served is told with its reason, one line in ten seconds for each code', () => {
  const { lines, fail, wait } = world();
  const id = fail('deadline_exceeded', 'desks');
  fail('deadline_exceeded');
  fail('unavailable');
  wait(9_999);
  fail('deadline_exceeded');
  wait(1);
  fail('deadline_exceeded');
  assert.deepEqual(
    lines.map(({ event, code, omitted }) => [event, code, omitted]),
    [
      ['request_failed', 'deadline_exceeded', 0],
      ['request_failed', 'unavailable', 0],
      ['request_failed', 'deadline_exceeded', 2],
    ],
  );
  const { level, request_id, caller, model, reason } = lines[0] ?? {};
  assert.deepEqual([level, request_id, caller, model, reason], [40, id, 'desks', 'word', 'why']);
});

test('every caller who is held back is named, once a minute; without a name by the address', () => {
  const { lines, fail, wait } = world();
  for (const caller of ['a', 'a', 'b', '', '']) fail('rate_limited', caller);
  wait(60_000);
  fail('rate_limited', 'a');
  assert.deepEqual(
    lines.map(({ event, caller, address, omitted }) => [event, caller, address, omitted]),
    [
      ['rate_limited', 'a', '127.0.0.1', 0],
      ['rate_limited', 'b', '127.0.0.1', 0],
      ['rate_limited', '', '127.0.0.1', 0],
      ['rate_limited', 'a', '127.0.0.1', 1],
    ],
  );
});

test('every bug is told, mistakes of clients are not', () => {
  const { lines, fail } = world();
  for (const code of ['internal', 'internal', 'backend_failed', 'invalid_request', 'cancelled'] as const) fail(code);
  assert.deepEqual(
    lines.map(({ level, code }) => [level, code]),
    [
      [50, 'internal'],
      [50, 'internal'],
      [50, 'backend_failed'],
    ],
  );
});
