import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Config, ConfigError, loadConfig } from '../../../../src/server/config.ts';
import { isLoopback, resolveAnonymous } from '../../../../src/server/security/config-keys.ts';
import { redact } from '../../../../src/server/security/redact.ts';

function load(...argv: string[]): Config {
  const command = loadConfig({ argv, env: {}, readFile: () => '{}' });
  assert.equal(command.type, 'serve');
  return command.config;
}

function problem(...argv: string[]): string {
  try {
    load(...argv);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.problems.length, 1, error.message);
    return error.message;
  }
  assert.fail('accepted');
}

test('by default only this machine is served without credentials, and only as long as there are no credentials', () => {
  const config = load();
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.anonymous, 'auto');
  assert.equal(resolveAnonymous(config), 'loopback');
  assert.equal(resolveAnonymous(load('--access-file=a.yaml')), 'never');
  assert.equal(resolveAnonymous(load('--access-file=a.yaml', '--anonymous=loopback')), 'loopback');
});

test('a gateway that others could reach without authentication does not start', () => {
  for (const host of ['0.0.0.0', '::', '192.168.0.5', 'gateway.example']) {
    assert.match(problem(`--host=${host}`), /^host \(flag --host\): others than this machine could call/);
  }
  for (const args of [['--anonymous=any'], ['--access-file=a.yaml']]) load('--host=0.0.0.0', ...args);
  for (const host of ['::1', 'localhost', '127.0.0.2']) load(`--host=${host}`);
  assert.match(problem('--anonymous=never'), /^anonymous .*nobody could call/);
});

test('tokens need an issuer and an audience, keys that nobody can replace on their way, and a key pair', () => {
  const rules = ['--jwt-issuer=i', '--jwt-audience=a'];
  assert.match(problem('--jwt-jwks=f', '--jwt-audience=a'), /^jwtIssuer/);
  assert.match(problem('--jwt-jwks=f', '--jwt-issuer=i'), /^jwtAudience/);
  for (const url of [
    'http://issuer.example/jwks',
    'ftp://localhost/',
    'https://user:pass@issuer.example/',
    'https://',
  ]) {
    assert.match(problem(`--jwt-jwks=${url}`, ...rules), /^jwtJwks/);
  }
  for (const keys of ['jwks.json', 'https://issuer.example/jwks', 'http://127.0.0.1:1/jwks']) {
    load(`--jwt-jwks=${keys}`, ...rules);
  }
  for (const algorithm of ['HS256', 'none'])
    assert.match(problem(`--jwt-algorithms=${algorithm}`), /expected one or more/);
});

test('TLS needs a certificate with its key, and authorities to check clients by', () => {
  assert.match(problem('--tls-cert=c'), /^tlsKey/);
  assert.match(problem('--tls-key=k'), /^tlsCert/);
  assert.match(problem('--tls-cert=c', '--tls-key=k', '--tls-client-auth=require'), /^tlsClientCa/);
  assert.match(problem('--tls-client-ca=a', '--tls-client-auth=require'), /^tlsClientAuth .*no TLS/);
  assert.match(problem('--tls-cert=c', '--tls-key=k', '--tls-client-ca=a'), /^tlsClientCa .*not used/);
  load('--tls-cert=c', '--tls-key=k', '--tls-client-ca=a', '--tls-client-auth=request');
});

test('loopback is known in every spelling that a socket or a person uses', () => {
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST']) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ['', '0.0.0.0', '::', '10.0.0.1', '127.example.com', '127.0.0.1.example.com', '::ffff:10.0.0.1']) {
    assert.equal(isLoopback(host), false, host);
  }
});

test('of URLs, users, passwords and queries are not printed', () => {
  const config = {
    redisUrl: 'rediss://user:hunter2@redis.example:6379/1',
    tokenOnly: 'redis://:hunter2@redis.example',
    query: 'https://otel.example/v1?api-key=hunter2',
    broken: 'redis://user:hunter2@[',
    list: ['https://hunter2@a.example/'],
    plain: 'https://issuer.example/jwks',
    path: '/etc/lam/tls.key',
    slots: 8,
  };
  const printed = redact(config);
  assert.ok(!JSON.stringify(printed).includes('hunter2'));
  assert.match(printed.redisUrl, /^rediss:\/\/.*@redis\.example:6379\/1$/);
  assert.deepEqual(
    [printed.plain, printed.path, printed.slots, printed.broken],
    ['https://issuer.example/jwks', '/etc/lam/tls.key', 8, '***'],
  );
});
