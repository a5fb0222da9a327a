import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCertificate, readCertificate } from '../../../../src/server/security/certificates.ts';

const rule = (owner: string, match: { readonly subject?: string; readonly san?: string }) => ({
  subject: match.subject,
  san: match.san,
  owner,
});

test('a certificate is known by a whole attribute of its subject or a whole alternative name', () => {
  const rules = [rule('a', { subject: 'CN=desk-17' }), rule('b', { san: 'URI:spiffe://example/desk-18' })];
  const read = (subject: object, subjectaltname = '') => {
    const certificate = readCertificate({ subject, subjectaltname });
    assert.ok(certificate);
    return findCertificate(rules, certificate);
  };
  assert.equal(read({ O: 'x', CN: 'desk-17' }), 'a');
  assert.equal(read({ CN: ['other', 'desk-17'] }), 'a');
  assert.equal(read({ CN: 'x' }, 'DNS:a, URI:spiffe://example/desk-18'), 'b');
  for (const [subject, names] of [
    [{ CN: 'desk-170' }, ''],
    [{ CN: 'x\nCN=desk-17' }, ''],
    [{ O: 'desk-17' }, ''],
    [{ CN: 'x' }, 'URI:spiffe://example/desk-18/x'],
    [{ CN: 'x' }, 'DNS:"a, URI:spiffe://example/desk-18"'],
  ] as const) {
    assert.equal(read(subject, names), undefined, JSON.stringify(subject));
  }
});

test('no certificate is none', () => {
  assert.equal(readCertificate(undefined), undefined);
  assert.equal(readCertificate({}), undefined);
});
