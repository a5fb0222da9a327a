import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SegmentCache } from '../../../../src/runtime/tokenizer/segment-cache.ts';

const tokens = (...ids: number[]) => Int32Array.from(ids);
/** Bytes of an entry with a text of one letter and one token: 320 + 4 + 2. */
const ENTRY = 326;

test('gives back what was kept', () => {
  const cache = new SegmentCache(1 << 20);
  const known = tokens(1, 2);
  cache.set('a', known);
  assert.equal(cache.get('a'), known);
  assert.equal(cache.get('b'), undefined);
});

test('forgets what was not asked for while as much again was kept', () => {
  // Two entries per generation.
  const cache = new SegmentCache(4 * ENTRY);
  for (const text of ['a', 'b', 'c']) cache.set(text, tokens(1));
  assert.ok(cache.get('a'), 'it is in the older generation, and now in the younger one, too');
  for (const text of ['d', 'e']) cache.set(text, tokens(1));
  assert.equal(cache.get('b'), undefined);
  assert.ok(cache.get('e'));
  assert.ok(cache.get('a'));
});

test('does not keep what is larger than a generation', () => {
  const cache = new SegmentCache(4 * ENTRY);
  cache.set('a', tokens(1));
  cache.set('x'.repeat(ENTRY), tokens(1));
  assert.equal(cache.get('x'.repeat(ENTRY)), undefined);
  assert.ok(cache.get('a'));
});
