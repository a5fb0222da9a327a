/** A client that keeps its connection is told to look for another gateway while this one drains. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRequest } from '../contract/requests.ts';
import { testGateway } from '../support/test-gateway.ts';

test('answers of a draining gateway end their connections, those before do not', async () => {
  await using gw = await testGateway();
  const ask = () =>
    fetch(`${gw.http}/v1/actions:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(aRequest()),
    });
  assert.equal((await ask()).headers.get('connection'), 'keep-alive');
  const arrived = gw.runtime.holdNext();
  const underWay = ask();
  const held = await arrived;
  const closed = gw.gateway.close({ timeoutMs: 10_000 });
  const refused = await ask();
  assert.deepEqual([refused.status, refused.headers.get('connection')], [503, 'close']);
  (await held).release();
  const answered = await underWay;
  assert.deepEqual([answered.status, answered.headers.get('connection')], [200, 'close']);
  assert.equal(await closed, 'drained');
});
