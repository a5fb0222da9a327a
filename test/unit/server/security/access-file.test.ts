import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAccess } from '../../../../src/server/security/access-file.ts';
import { hashApiKey, newApiKey } from '../../../../src/server/security/api-keys.ts';

const digest = (): string => hashApiKey(newApiKey()).toString('hex');

test('YAML and JSON say the same', () => {
  const sha256 = digest();
  const yaml = `
# Agents on desks.
keys:
  - name: desks
    sha256: ${sha256.toUpperCase()}
    scopes: [predict]
    expires: 2027-01-31T00:00:00Z
    requestsPerMinute: 600
certificates:
  - { name: proxy, subject: CN=proxy, scopes: [predict, scrape] }
tokens: { maxConcurrent: 4 }
`;
  const json = JSON.stringify({
    keys: [{ name: 'desks', sha256, scopes: ['predict'], expires: '2027-01-31T00:00:00Z', requestsPerMinute: 600 }],
    certificates: [{ name: 'proxy', subject: 'CN=proxy', scopes: ['predict', 'scrape'] }],
    tokens: { maxConcurrent: 4 },
  });
  const access = parseAccess(yaml);
  assert.deepEqual(access, parseAccess(json));
  assert.equal(access.keys[0]?.sha256.toString('hex'), sha256);
  assert.equal(access.keys[0]?.owner.expiresMs, Date.UTC(2027, 0, 31));
  assert.equal(access.tokenLimits.maxConcurrent, 4);
});

test('an empty file admits nobody', () => {
  assert.deepEqual(parseAccess(''), { keys: [], certificates: [], tokenLimits: {} });
});

test('each mistake is told by its place', () => {
  const key = `{ name: a, sha256: ${digest()}, scopes: [predict] }`;
  for (const [text, problem] of [
    ['keys: [', /^line 1: /],
    ['keys: 1', /^keys: /],
    ['keyes: []', /^file: a field that is not known "keyes"$/],
    [`${newApiKey()}: []`, /^file: a field that is not known$/],
    ['keys: [{ name: a, scopes: [predict] }]', /^keys\.0\.sha256: /],
    [
      `keys: [{ name: a, sha256: ${'g'.repeat(64)}, scopes: [predict] }]`,
      /^keys\.0\.sha256: expected a SHA-256 digest/,
    ],
    [`keys: [{ name: a, sha256: ${digest()}, scopes: [] }]`, /^keys\.0\.scopes: /],
    [`keys: [{ name: a, sha256: ${digest()}, scopes: [admin] }]`, /^keys\.0\.scopes\.0: /],
    [`keys: [{ name: "a\\nb", sha256: ${digest()}, scopes: [predict] }]`, /^keys\.0\.name: /],
    [`keys: [{ name: "token:a", sha256: ${digest()}, scopes: [predict] }]`, /^keys\.0\.name: /],
    [`keys: [{ name: anonymous, sha256: ${digest()}, scopes: [predict] }]`, /^keys\.0\.name: taken/],
    [`keys: [{ name: a, sha256: ${digest()}, scopes: [predict], maxConcurrent: 0 }]`, /^keys\.0\.maxConcurrent: /],
    [`keys: [${key}, ${key}]`, /^keys: the same sha256 twice$/],
    [`keys: [${key}, { name: a, sha256: ${digest()}, scopes: [predict], burst: 1 }]`, /^a: has different limits/],
    ['certificates: [{ name: a, scopes: [predict] }]', /^certificates\.0: one of subject and san$/],
    ['certificates: [{ name: a, subject: CN=a, san: "DNS:a", scopes: [predict] }]', /^certificates\.0: one of/],
    [`a: &a [${'1,'.repeat(10)}]\nb: [*a, *a]`, /alias/i],
    ['keys: !!js/function "x"', /^line 1: /],
    ['x'.repeat((1 << 20) + 1), /^longer than/],
  ] as const) {
    assert.throws(() => parseAccess(text), { message: problem }, text.slice(0, 80));
  }
});

test('a key that was pasted in place of its digest is not repeated in the error', () => {
  const key = newApiKey();
  for (const text of [`keys: [{ name: a, sha256: ${key}, scopes: [predict] }]`, `${key}: 1`, `keys: [ "${key}`]) {
    assert.throws(
      () => parseAccess(text),
      (error: Error) => !error.message.includes(key),
    );
  }
});

test('a caller may have an old and a new key', () => {
  const both = [1, 2].map(() => `{ name: a, sha256: ${digest()}, scopes: [predict], burst: 2 }`);
  assert.equal(parseAccess(`keys: [${both.join()}]`).keys.length, 2);
});
