import assert from 'node:assert/strict';
import { timingSafeEqual } from 'node:crypto';
import { test } from 'node:test';
import { hashApiKey, isApiKey, KeyTable, newApiKey } from '../../../../src/server/security/api-keys.ts';

const entry = (key: string, owner: string) => ({ sha256: hashApiKey(key), owner });

test('a key has 256 random bits behind a prefix that scanners know', () => {
  const key = newApiKey();
  assert.match(key, /^lam_/);
  assert.equal(Buffer.from(key.slice(4), 'base64url').byteLength, 32);
  assert.ok(isApiKey(key));
  assert.notEqual(newApiKey(), key);
});

test('what people make up is no key', () => {
  for (const text of ['', 'secret', 'lam_secret', `${newApiKey()}x`, `${newApiKey()}\n`])
    assert.equal(isApiKey(text), false);
});

test('a key is found by its digest', () => {
  const keys = [newApiKey(), newApiKey(), newApiKey()];
  const table = new KeyTable(keys.map((key, i) => entry(key, `owner ${i}`)));
  assert.deepEqual(
    keys.map((key) => table.find(key)),
    ['owner 0', 'owner 1', 'owner 2'],
  );
  assert.equal(table.find(newApiKey()), undefined);
});

test('the same constant-time comparisons are made wherever the key is, and if it is nowhere', () => {
  const keys = [newApiKey(), newApiKey(), newApiKey()];
  let comparisons = 0;
  const counting: typeof timingSafeEqual = (a, b) => {
    comparisons++;
    return timingSafeEqual(a, b);
  };
  const table = new KeyTable(
    keys.map((key) => entry(key, key)),
    counting,
  );
  for (const key of [...keys, newApiKey(), '', 'x'.repeat(10_000)]) {
    comparisons = 0;
    table.find(key);
    assert.equal(comparisons, keys.length);
  }
});
