/** What the log says of what operators do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import type { Call } from '../../../src/server/call.ts';
import { operatorLog } from '../../../src/server/observers.ts';
import { aRequest } from '../../contract/requests.ts';
import { testDispatcher } from '../../support/test-dispatcher.ts';

test('what operators change, or try to, is told with who it was; what agents ask is not', async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const login = {
    name: 'login',
    check: (call: Call) => {
      call.principal = { name: 'ops', kind: 'api_key', scopes: [], limits: {} };
    },
  } as const;
  const { ask } = testDispatcher({ gates: [login], observers: [operatorLog(logger)] });
  await ask('PredictAction', aRequest());
  await ask('LoadModel', { name: 'fake', version: '2' });
  await ask('SetLabel', { name: 'fake', label: 'canary', version: '2', share: 0.25 });
  await assert.rejects(ask('SetLabel', { name: 'nope', label: 'canary', version: '2' }));
  assert.deepEqual(
    lines.map(({ event, rpc, caller, address, model, version, label, share, outcome }) => [
      ...[event, rpc, caller, address],
      ...[model, version, label, share, outcome],
    ]),
    [
      ['operate', 'LoadModel', 'ops', '127.0.0.1', 'fake', '2', undefined, undefined, 'ok'],
      ['operate', 'SetLabel', 'ops', '127.0.0.1', 'fake', '2', 'canary', 0.25, 'ok'],
      ['operate', 'SetLabel', 'ops', '127.0.0.1', 'nope', '2', 'canary', 0, 'model_not_found'],
    ],
  );
});
