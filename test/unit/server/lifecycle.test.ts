import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Lifecycle } from '../../../src/server/lifecycle.ts';
import { RequestScope } from '../../../src/server/request-scope.ts';

test('any number of requests under way listen for the end without a warning of a leak', async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => warnings.push(name);
  process.on('warning', onWarning);
  const lifecycle = new Lifecycle();
  const options = { timeoutMs: undefined, deadlines: undefined, endSignal: lifecycle.shutdownSignal };
  const scopes = Array.from({ length: 100 }, () => new RequestScope(options));
  await turn();
  process.off('warning', onWarning);
  assert.deepEqual(warnings, []);
  lifecycle.abortRequests();
  for (const scope of scopes) {
    assert.equal(scope.signal.reason.code, 'unavailable');
    scope[Symbol.dispose]();
  }
});
