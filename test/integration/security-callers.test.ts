/** Who may call what, how often, and what is told about it: over HTTP and gRPC alike. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { newApiKey } from '../../src/server/security/api-keys.ts';
import { aRequest } from '../contract/requests.ts';
import { ROUTES, type RpcName } from '../support/rpc-routes.ts';
import { bearer, callAs, fetchFrom, PROTOCOLS, TestAccess } from '../support/secure-calls.ts';
import { testConfig, testGateway } from '../support/test-gateway.ts';
import { TestIssuer } from '../support/test-issuer.ts';

const PREDICT = { rpc: 'PredictAction', request: aRequest() } as const;
const OPERATOR_RPCS: readonly RpcName[] = ['LoadModel', 'UnloadModel', 'SetLabel'];

for (const protocol of PROTOCOLS) {
  test(`${protocol}: a known key is served from either header, anything else is unauthenticated`, async () => {
    using access = new TestAccess({
      agent: { scopes: ['predict'] },
      old: { scopes: ['predict'], expires: '2020-01-01T00:00:00Z' },
    });
    await using gw = await testGateway({ config: { accessFile: access.path } });
    const codeOf = async (headers: Record<string, string>) =>
      (await callAs(protocol, gw, { ...PREDICT, headers })).code;
    const { agent, old } = access.keys;
    assert.equal(await codeOf({ authorization: `Bearer ${agent}` }), 'ok');
    assert.equal(await codeOf({ 'x-api-key': agent }), 'ok');
    for (const headers of [
      {},
      { authorization: `Bearer ${newApiKey()}` },
      { authorization: `Bearer ${agent.slice(0, -1)}` },
      { authorization: `Bearer ${old}` },
      { authorization: `Basic ${agent}` },
      { authorization: 'Bearer a.b.c' },
      { 'x-api-key': '' },
      { authorization: `Bearer ${agent}`, 'x-api-key': newApiKey() },
    ]) {
      assert.equal(await codeOf(headers), 'unauthenticated');
    }
    assert.equal(gw.runtime.calls.length, 2);
  });

  test(`${protocol}: a scope permits what it names and nothing else, for every rpc`, async () => {
    using access = new TestAccess({
      predict: { scopes: ['predict'] },
      operate: { scopes: ['operate'] },
      scrape: { scopes: ['scrape'] },
    });
    await using gw = await testGateway({ config: { accessFile: access.path } });
    for (const rpc of Object.keys(ROUTES) as RpcName[]) {
      const needed = OPERATOR_RPCS.includes(rpc) ? 'operate' : 'predict';
      for (const scope of ['predict', 'operate', 'scrape'] as const) {
        const { code } = await callAs(protocol, gw, { rpc, ...bearer(access.keys[scope]) });
        assert.equal(code === 'permission_denied', scope !== needed, `${rpc} with ${scope}: ${code}`);
        assert.notEqual(code, 'unauthenticated');
      }
    }
    assert.deepEqual(gw.runtime.changes, []);
  });

  test(`${protocol}: without credentials, whoever calls through a proxy is refused, and so is everybody if it is set so`, async () => {
    await using open = await testGateway();
    assert.equal((await callAs(protocol, open, PREDICT)).code, 'ok');
    const headers = { 'x-forwarded-for': '10.0.0.1' };
    assert.equal((await callAs(protocol, open, { ...PREDICT, headers })).code, 'unauthenticated');
    using access = new TestAccess({ agent: { scopes: ['predict'] } });
    await using local = await testGateway({
      config: { accessFile: access.path, anonymous: 'loopback', anonymousScopes: ['scrape'] },
    });
    assert.equal((await callAs(protocol, local, PREDICT)).code, 'permission_denied');
    assert.equal((await callAs(protocol, local, { ...PREDICT, ...bearer(newApiKey()) })).code, 'unauthenticated');
  });

  test(`${protocol}: a caller over its rate or over its calls at once is told when to come back; others are served`, async () => {
    using access = new TestAccess({
      slow: { scopes: ['predict'], requestsPerMinute: 1 },
      narrow: { scopes: ['predict'], maxConcurrent: 1 },
      other: { scopes: ['predict'] },
    });
    await using gw = await testGateway({ config: { accessFile: access.path } });
    const predict = (name: keyof typeof access.keys) =>
      callAs(protocol, gw, { ...PREDICT, ...bearer(access.keys[name]) });
    assert.equal((await predict('slow')).code, 'ok');
    const late = await predict('slow');
    assert.equal(late.code, 'rate_limited');
    assert.ok((late.retryAfterMs ?? 0) > 30_000);

    const arrival = gw.runtime.holdNext();
    const first = predict('narrow');
    const held = await arrival;
    assert.equal((await predict('narrow')).code, 'rate_limited');
    assert.equal((await predict('other')).code, 'ok');
    held.release();
    assert.equal((await first).code, 'ok');
    assert.equal((await predict('narrow')).code, 'ok');
    gw.runtime.failNext(new Error('broken'));
    assert.equal((await predict('narrow')).code, 'internal');
    assert.equal((await predict('narrow')).code, 'ok', 'a call that failed has ended too');
    assert.equal(gw.gateway.security.activeCalls('narrow'), 0);
  });

  test(`${protocol}: guessing is answered more slowly and logged once in a while, but a right key always works`, async () => {
    using access = new TestAccess({ agent: { scopes: ['predict'] } });
    const lines: string[] = [];
    const config = { accessFile: access.path, authFailuresPerMinute: 3 };
    await using gw = await testGateway({ config, log: (line) => lines.push(line) });
    const codes: string[] = [];
    for (let i = 0; i < 6; i++) codes.push((await callAs(protocol, gw, { ...PREDICT, ...bearer(newApiKey()) })).code);
    assert.deepEqual(codes, [...Array(3).fill('unauthenticated'), ...Array(3).fill('rate_limited')]);
    assert.equal((await callAs(protocol, gw, { ...PREDICT, ...bearer(access.keys.agent) })).code, 'ok');
    assert.equal(lines.filter((line) => line.includes('authentication_failed')).length, 3);
  });

  test(`${protocol}: a token of the issuer is served with its scopes; while its keys are not known it is not refused as wrong`, async () => {
    const issuer = await TestIssuer.create(Math.floor(Date.now() / 1000));
    using access = new TestAccess({});
    writeFileSync(access.path, issuer.jwks());
    const config = { jwtJwks: access.path, jwtIssuer: 'https://issuer.test', jwtAudience: 'lam-gateway' };
    await using gw = await testGateway({ config });
    const codeOf = async (token: string, rpc: RpcName = 'PredictAction') =>
      (await callAs(protocol, gw, { rpc, request: aRequest(), ...bearer(token) })).code;
    assert.equal(await codeOf(await issuer.token({})), 'ok');
    assert.equal(await codeOf(await issuer.token({ scope: 'scrape' })), 'permission_denied');
    assert.equal(await codeOf(await issuer.token({ exp: 1 })), 'unauthenticated');
    assert.equal(await codeOf(await issuer.sharedSecretToken({})), 'unauthenticated');
    await using lost = await testGateway({ config: { ...config, jwtJwks: 'http://127.0.0.1:1/jwks' } });
    const reply = await callAs(protocol, lost, { ...PREDICT, ...bearer(await issuer.token({})) });
    assert.equal(reply.code, 'unavailable');
    assert.ok((reply.retryAfterMs ?? 0) > 0);
  });

  test(`${protocol}: a key that is taken out of the file is refused after a reload; a broken file changes nothing`, async () => {
    using access = new TestAccess({ agent: { scopes: ['predict'] } });
    const config = { accessFile: access.path };
    const lines: string[] = [];
    await using gw = await testGateway({ config, log: (line) => lines.push(line) });
    const codeOf = async () => (await callAs(protocol, gw, { ...PREDICT, ...bearer(access.keys.agent) })).code;
    access.write(`keys: [ ${access.keys.agent}`);
    assert.deepEqual(await gw.gateway.reload(() => testConfig(config)), ['access_file']);
    assert.equal(await codeOf(), 'ok');
    assert.ok(lines.some((line) => line.includes('reload_failed')));
    assert.ok(!lines.join('').includes(access.keys.agent), 'what was pasted into the file is not repeated');
    access.write('keys: []');
    assert.deepEqual(await gw.gateway.reload(() => testConfig(config)), []);
    assert.equal(await codeOf(), 'unauthenticated');
  });

  test(`${protocol}: the log at its most talkative holds no credential and nothing of what was asked`, async () => {
    using access = new TestAccess({ agent: { scopes: ['predict'] } });
    const lines: string[] = [];
    await using gw = await testGateway({ config: { accessFile: access.path }, log: (line) => lines.push(line) });
    const wrong = newApiKey();
    const [task, control, title] = ['send the secret plan', 'Blueprint button', 'Salaries - Excel'];
    const request = aRequest({
      request_id: 'r-1',
      user_request: task,
      app: { process_name: 'EXCEL.EXE', window_title: title },
      controls: [{ id: '1', name: control, type: 'Button' }],
    });
    await callAs(protocol, gw, { rpc: 'PredictAction', request, ...bearer(access.keys.agent) });
    await callAs(protocol, gw, { rpc: 'PredictAction', request, ...bearer(wrong) });
    gw.runtime.failNext(new Error('broken'));
    await callAs(protocol, gw, {
      rpc: 'PredictAction',
      request: { ...request, request_id: 'r-2' },
      ...bearer(access.keys.agent),
    });
    const log = lines.join('');
    for (const event of ['request_finished', 'authentication_failed', 'request_failed'])
      assert.ok(log.includes(event), event);
    for (const secret of [access.keys.agent, wrong, task, control, title]) assert.ok(!log.includes(secret), secret);
  });

  test(`${protocol}: line breaks in ids cannot write lines of the log`, async () => {
    const lines: string[] = [];
    await using gw = await testGateway({ log: (line) => lines.push(line) });
    for (const field of ['request_id', 'session_id', 'client_id', 'model']) {
      const request = aRequest({ [field]: 'x\n{"event":"forged"}' });
      assert.equal((await callAs(protocol, gw, { rpc: 'PredictAction', request })).code, 'invalid_request');
    }
    for (const line of lines) {
      assert.equal(line.indexOf('\n'), line.length - 1);
      assert.notEqual((JSON.parse(line) as { event: string }).event, 'forged');
    }
  });
}

test('without a key only the probes are answered; metrics need the scope scrape', async () => {
  using access = new TestAccess({ agent: { scopes: ['predict'] }, monitor: { scopes: ['scrape'] } });
  await using gw = await testGateway({ config: { accessFile: access.path } });
  const statusOf = async (path: string, key?: string) =>
    (await fetchFrom(gw, { path, ...(key !== undefined && bearer(key)) })).status;
  assert.deepEqual([await statusOf('/livez'), await statusOf('/readyz')], [200, 200]);
  assert.equal(await statusOf('/metrics'), 401);
  assert.equal(await statusOf('/metrics', access.keys.agent), 403);
  assert.equal(await statusOf('/metrics', access.keys.monitor), 200);
  const denied = await fetchFrom(gw, { path: '/metrics', ...bearer(access.keys.agent ?? '') });
  const error = { code: 'permission_denied', message: 'this caller may not scrape' };
  assert.deepEqual(JSON.parse(denied.text), { error }, 'no call, no request id');
  const refused = await fetchFrom(gw, { path: '/metrics' });
  assert.equal(refused.headers['www-authenticate'], 'Bearer');
  await using open = await testGateway();
  assert.equal((await fetchFrom(open, { path: '/metrics' })).status, 200);
});

test('a page whose host name was made to point here gets nothing (DNS rebinding)', async () => {
  await using gw = await testGateway();
  const headers = { host: 'evil.example:8080' };
  assert.equal((await callAs('http', gw, { ...PREDICT, headers })).code, 'unauthenticated');
  assert.equal((await fetchFrom(gw, { path: '/metrics', headers })).status, 401);
});
