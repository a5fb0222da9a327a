import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { GatewayError } from '../../../../src/runtime/index.ts';
import { FileKeys, RemoteKeys } from '../../../../src/server/security/jwks.ts';
import { isToken, type TokenRules, TokenVerifier } from '../../../../src/server/security/tokens.ts';
import { type Claims, TestIssuer } from '../../../support/test-issuer.ts';

const RULES: TokenRules = {
  jwtIssuer: 'https://issuer.test',
  jwtAudience: 'lam-gateway',
  jwtAlgorithms: ['ES256'],
  jwtScopesClaim: 'scope',
  jwtScopePrefix: '',
  jwtClockSkewMs: 30_000,
};
const NOW_MS = Date.UTC(2027, 0, 1);
const NOW_S = NOW_MS / 1000;
const logger = pino({ level: 'silent' });

/** A folder with the issuer's keys in a file. */
async function withKeys(run: (issuer: TestIssuer, path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lam-jwks-'));
  try {
    const issuer = await TestIssuer.create(NOW_S);
    const path = join(folder, 'jwks.json');
    writeFileSync(path, issuer.jwks());
    await run(issuer, path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function refusal(promise: Promise<unknown>): Promise<GatewayError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  }
  assert.fail('not refused');
}

test('a token of the issuer, for us and in its time, is accepted with its scopes', async () => {
  await withKeys(async (issuer, path) => {
    const verifier = new TokenVerifier(RULES, new FileKeys(path));
    const verify = async (claims: Claims) => verifier.verify(await issuer.token(claims), NOW_MS);
    assert.deepEqual(await verify({ scope: 'predict openid' }), { name: 'token:desk-17', scopes: ['predict'] });
    assert.deepEqual((await verify({ scp: ['scrape', 'operate'] })).scopes, ['operate', 'scrape']);
    assert.deepEqual((await verify({ scope: 'Predict predict2' })).scopes, []);
    assert.deepEqual((await verify({ scope: 7 })).scopes, []);
    const slightlyExpired = await verify({ exp: NOW_S - 29 });
    assert.equal(slightlyExpired.name, 'token:desk-17');
  });
});

test('the claim of scopes and what precedes them can be set', async () => {
  await withKeys(async (issuer, path) => {
    const rules = { ...RULES, jwtScopesClaim: 'roles', jwtScopePrefix: 'lam:' };
    const verifier = new TokenVerifier(rules, new FileKeys(path));
    const { scopes } = await verifier.verify(await issuer.token({ roles: ['lam:predict', 'operate'] }), NOW_MS);
    assert.deepEqual(scopes, ['predict']);
  });
});

test('an expired, early, foreign, unsigned or altered token is refused, and nothing of it is repeated', async () => {
  await withKeys(async (issuer, path) => {
    const verifier = new TokenVerifier(RULES, new FileKeys(path));
    const other = await TestIssuer.create(NOW_S);
    const sound = await issuer.token({});
    const [header = '', payload = '', signature = ''] = sound.split('.');
    const promoted = Buffer.from(JSON.stringify({ ...issuer.claims({}), scope: 'operate' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const [token, reason] of [
      [await issuer.token({ exp: NOW_S - 31 }), /expired/],
      [await issuer.token({ nbf: NOW_S + 31 }), /claim nbf/],
      [await issuer.token({ iss: 'https://other.test' }), /claim iss/],
      [await issuer.token({ aud: 'another-service' }), /claim aud/],
      [await issuer.token({ exp: undefined }), /claim exp/],
      [await issuer.token({ sub: undefined }), /claim sub/],
      [await issuer.token({ sub: 'a\nb' }), /subject/],
      [await issuer.token({ sub: 'x'.repeat(129) }), /subject/],
      [await other.token({}), /key that is not known/],
      [await other.token({}, issuer.keyId), /not valid/],
      [`${header}.${promoted}.${signature}`, /not valid/],
      [`${none}.${payload}.${signature}`, /algorithm/],
      [await issuer.sharedSecretToken({}), /algorithm/],
      ['a.b.c', /not valid/],
    ] as const) {
      const error = await refusal(verifier.verify(token, NOW_MS));
      assert.equal(error.code, 'unauthenticated');
      assert.match(error.message, reason);
      for (const part of token.split('.')) assert.ok(part.length < 4 || !error.message.includes(part));
    }
  });
});

test('what is a token by its form is not too long', async () => {
  assert.ok(isToken('a.b.c'));
  for (const text of ['a.b', 'a.b.c.d.e', 'a..c', 'a.b.', `${'a'.repeat(8192)}.b.c`, 'a.b.c\n']) {
    assert.equal(isToken(text), false, text.slice(0, 20));
  }
});

test('a file of keys is read again; a bad one is refused and the old keys stay', async () => {
  await withKeys(async (issuer, path) => {
    const keys = new FileKeys(path);
    const verifier = new TokenVerifier(RULES, keys);
    const next = await TestIssuer.create(NOW_S);
    for (const text of ['{', '{}', '{"keys":[]}', await next.privateJwks()]) {
      writeFileSync(path, text);
      await assert.rejects(keys.reload(), (error: Error) => error.message.startsWith(path));
      await verifier.verify(await issuer.token({}), NOW_MS);
    }
    writeFileSync(path, next.jwks());
    await keys.reload();
    await verifier.verify(await next.token({}), NOW_MS);
    assert.match((await refusal(verifier.verify(await issuer.token({}), NOW_MS))).message, /not known/);
    assert.throws(() => new FileKeys(`${path}.missing`), /ENOENT/);
  });
});

/** An issuer of tokens on HTTP whose answer a test decides, and a clock that it moves. */
async function remote() {
  const issuer = await TestIssuer.create(NOW_S);
  const state = { nowMs: NOW_MS, questions: 0, status: 200, body: issuer.jwks() };
  const server = createServer((_request, response) => {
    state.questions++;
    response.writeHead(state.status, { location: '/elsewhere' }).end(state.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const keys = new RemoteKeys({ url, logger, now: () => state.nowMs });
  const verifier = new TokenVerifier(RULES, keys);
  return {
    issuer,
    state,
    keys,
    verify: async (signer = issuer) => verifier.verify(await signer.token({ exp: NOW_S + 1e6 }), NOW_MS),
    [Symbol.dispose]: () => void server.close(),
  };
}

test('keys are asked for once, and again when they are old', async () => {
  using r = await remote();
  await Promise.all([r.verify(), r.verify(), r.verify()]);
  await r.verify();
  assert.equal(r.state.questions, 1);
  r.state.nowMs += 601_000;
  await r.verify();
  await r.keys.reload();
  assert.ok(r.state.questions >= 2);
});

test('a new signing key is found by asking again, but not at the will of whoever sends tokens', async () => {
  using r = await remote();
  await r.verify();
  const next = await TestIssuer.create(NOW_S);
  assert.equal((await refusal(r.verify(next))).code, 'unauthenticated');
  assert.equal(r.state.questions, 1, 'asked a moment ago');
  r.state.nowMs += 31_000;
  r.state.body = next.jwks();
  await r.verify(next);
  assert.equal(r.state.questions, 2);
});

test('while the issuer is down, known keys are good for an hour, and no token is accepted after that', async () => {
  using r = await remote();
  await r.verify();
  r.state.status = 500;
  r.state.nowMs += 3_500_000;
  await r.verify();
  await assert.rejects(r.keys.reload(), /no answer/);
  r.state.nowMs += 200_000;
  const error = await refusal(r.verify());
  assert.equal(error.code, 'unavailable');
  assert.ok((error.details.retryAfterMs ?? 0) > 0);
  r.state.status = 200;
  r.state.nowMs += 31_000;
  await r.verify();
});

test('an issuer that has never answered, redirects, or answers no keys makes tokens unavailable, not valid', async () => {
  for (const [status, body] of [
    [302, ''],
    [200, 'x'.repeat((1 << 20) + 1)],
    [200, '{"keys":[]}'],
    [200, '<html>'],
  ] as const) {
    using r = await remote();
    Object.assign(r.state, { status, body });
    assert.equal((await refusal(r.verify())).code, 'unavailable');
  }
});
