import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hasher } from '../../../../src/server/audit/hashes.ts';

const KEY = Buffer.from('a key that an operator keeps');

test('with the same key, the same content has the same hash, whatever the order of fields', () => {
  const [a, b] = [new Hasher(KEY), new Hasher(KEY)];
  assert.equal(a.hash('Send'), b.hash('Send'));
  assert.equal(a.hash({ x: 1, y: { p: 1, q: 2 } }), b.hash({ y: { q: 2, p: 1 }, x: 1 }));
  assert.notEqual(a.hash({ x: [1, 2] }), a.hash({ x: [2, 1] }));
  assert.equal(a.keyId, b.keyId);
  assert.equal(a.hash(''), '');
});

test('without a key, hashes of two files have nothing in common', () => {
  const [a, b] = [new Hasher(), new Hasher()];
  assert.notEqual(a.hash('Send'), b.hash('Send'));
  assert.notEqual(a.keyId, b.keyId);
  assert.match(a.hash('Send'), /^[0-9a-f]{32}$/);
});
