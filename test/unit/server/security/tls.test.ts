import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type TlsFiles, TlsIdentity } from '../../../../src/server/security/tls.ts';
import { TestAuthority } from '../../../support/test-certificates.ts';

function filesOf(authority: TestAuthority, overrides: Partial<TlsFiles> = {}): TlsFiles {
  const { cert, key } = authority.issue({ name: 'server' });
  return { tlsCert: cert, tlsKey: key, tlsClientCa: authority.ca, tlsClientAuth: 'none', ...overrides };
}

test('client certificates are asked for and required as configured', () => {
  using authority = new TestAuthority();
  for (const [tlsClientAuth, requestCert, rejectUnauthorized] of [
    ['none', false, false],
    ['request', true, false],
    ['require', true, true],
  ] as const) {
    const { serverOptions } = new TlsIdentity(filesOf(authority, { tlsClientAuth }));
    assert.equal(serverOptions.requestCert, requestCert);
    assert.equal(serverOptions.rejectUnauthorized, rejectUnauthorized);
    assert.equal(serverOptions.ca !== undefined, requestCert);
    assert.equal(serverOptions.minVersion, 'TLSv1.2');
  }
});

test('a certificate that is not good is refused with its file, never with the key', () => {
  using authority = new TestAuthority();
  const files = filesOf(authority);
  const key = readFileSync(files.tlsKey, 'utf8');
  const other = authority.issue({ name: 'other' });
  const expired = authority.issue({ name: 'expired', endsInMs: -60_000 });
  const junk = `${authority.folder}/junk.pem`;
  writeFileSync(junk, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  for (const [overrides, message] of [
    [{ tlsKey: other.key }, /server\.key|other\.key: not the key of/],
    [{ tlsCert: expired.cert, tlsKey: expired.key }, /expired\.pem: expired at 20/],
    [{ tlsCert: junk }, /junk\.pem: a certificate in it cannot be read/],
    [{ tlsCert: files.tlsKey }, /server\.key: holds no certificate/],
    [{ tlsKey: files.tlsCert }, /server\.pem: holds no private key/],
    [{ tlsCert: `${junk}.missing` }, /ENOENT/],
    [{ tlsClientAuth: 'require', tlsClientCa: files.tlsKey }, /server\.key: holds no certificate/],
  ] as const) {
    assert.throws(
      () => new TlsIdentity({ ...files, ...overrides }),
      (error: Error) => message.test(error.message) && !error.message.includes(key.split('\n')[1] ?? key),
    );
  }
});

test('a certificate of tomorrow is refused today', () => {
  using authority = new TestAuthority();
  const files = filesOf(authority);
  const lastWeek = Date.now() - 7 * 86_400_000;
  assert.throws(() => new TlsIdentity(files, () => lastWeek), /not valid before/);
});

test('listeners are told of a new certificate; a bad one changes nothing', () => {
  using authority = new TestAuthority();
  const files = filesOf(authority);
  const identity = new TlsIdentity(files);
  const told: unknown[] = [];
  identity.onChange(({ cert }) => told.push(cert));
  const before = identity.serverOptions.cert;
  writeFileSync(files.tlsCert, 'half writt');
  assert.throws(() => identity.reload(), /holds no certificate/);
  assert.deepEqual(told, []);
  assert.equal(identity.serverOptions.cert, before);
  authority.issue({ name: 'server', endsInMs: 7_200_000 });
  identity.reload();
  assert.deepEqual(told, [readFileSync(files.tlsCert, 'utf8')]);
  assert.ok(identity.expiresMs > Date.now() + 7_000_000);
});
