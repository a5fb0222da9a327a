import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/index.ts';
import type { Origin } from '../../../../src/server/call.ts';
import { AnonymousCallers } from '../../../../src/server/security/anonymous.ts';
import { newApiKey } from '../../../../src/server/security/api-keys.ts';
import { readCredential } from '../../../../src/server/security/credentials.ts';
import { testConfig } from '../../../support/test-gateway.ts';

const origin = (headers: Record<string, string> = {}, overrides: Partial<Origin> = {}): Origin => ({
  protocol: 'http',
  header: (name) => headers[name],
  peer: '127.0.0.1:5000',
  ...overrides,
});

function outcome(run: () => unknown): string {
  try {
    run();
    return 'ok';
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error.code;
  }
}

test('without credentials, callers of this machine are served', () => {
  const callers = new AnonymousCallers(testConfig());
  for (const peer of ['127.0.0.1:1', '[::1]:1', '::1:1', '::ffff:127.0.0.1:1']) {
    assert.equal(callers.admit(origin({}, { peer })).name, 'anonymous');
  }
  for (const peer of ['10.0.0.1:1', '[2001:db8::1]:1', '', 'unknown']) {
    assert.equal(
      outcome(() => callers.admit(origin({}, { peer }))),
      'unauthenticated',
      peer,
    );
  }
});

test('what a proxy on this machine passes on is not of this machine', () => {
  const callers = new AnonymousCallers(testConfig());
  for (const name of ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']) {
    assert.equal(
      outcome(() => callers.admit(origin({ [name]: '127.0.0.1' }))),
      'unauthenticated',
    );
  }
});

test('a page whose host name points to this machine is refused (DNS rebinding)', () => {
  const callers = new AnonymousCallers(testConfig());
  for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'lam.localhost', 'desk-17']) {
    assert.equal(
      outcome(() => callers.admit(origin({ host }))),
      'ok',
      host,
    );
  }
  for (const host of ['evil.example:8080', '127.0.0.1.evil.example', 'localhost.evil.example']) {
    assert.equal(
      outcome(() => callers.admit(origin({ host }))),
      'unauthenticated',
      host,
    );
  }
});

test('never is nobody, any is everybody, with the scopes that are configured', () => {
  const never = new AnonymousCallers(testConfig({ anonymous: 'never' }));
  assert.equal(
    outcome(() => never.admit(origin())),
    'unauthenticated',
  );
  const any = new AnonymousCallers(testConfig({ anonymous: 'any', anonymousScopes: ['predict'] }));
  assert.deepEqual(any.admit(origin({ host: 'a.example' }, { peer: '10.0.0.1:1' })).scopes, ['predict']);
});

test('a credential is read from either header, and never guessed', () => {
  const key = newApiKey();
  for (const headers of [
    { authorization: `Bearer ${key}` },
    { authorization: `bearer  ${key} ` },
    { 'x-api-key': key },
    { authorization: `Bearer ${key}`, 'x-api-key': key },
  ]) {
    assert.deepEqual(readCredential(origin(headers)), { type: 'api_key', text: key });
  }
  assert.deepEqual(readCredential(origin({ authorization: 'Bearer a.b.c' })), { type: 'token', text: 'a.b.c' });
  assert.equal(readCredential(origin()), undefined);
  for (const headers of [
    { authorization: `Basic ${key}` },
    { authorization: 'Bearer' },
    { authorization: `Bearer ${key} ${key}` },
    { authorization: '' },
    { 'x-api-key': '' },
    { 'x-api-key': 'a.b.c' },
    { 'x-api-key': `${key}, ${key}` },
    { authorization: `Bearer ${key}`, 'x-api-key': newApiKey() },
  ]) {
    assert.equal(
      outcome(() => readCredential(origin(headers))),
      'unauthenticated',
      Object.keys(headers).join(),
    );
  }
});
