import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Patterns, parsePattern } from '../../../../src/server/policy/patterns.ts';
import { readings } from '../../../../src/server/policy/words.ts';

const matches = (pattern: string, text: string) => new Patterns([pattern]).matches(readings(text));

test('a pattern matches whole words, one after another, anywhere', () => {
  assert.ok(matches('delete', 'Permanently delete...'));
  assert.ok(matches('Empty Recycle-Bin', 'empty recycle bin now'));
  for (const other of ['Undelete', 'Deleted Items', 'de lete', '']) assert.ok(!matches('delete', other), other);
  assert.ok(!matches('empty recycle bin', 'recycle bin empty'));
});

test('anchors hold it to the start and the end', () => {
  assert.ok(matches('^close$', 'Close'));
  assert.ok(matches('^close$', '&Close\tAlt+F4'));
  assert.ok(!matches('^close$', 'Close Header and Footer'));
  assert.ok(matches('^close', 'Close Header and Footer'));
  assert.ok(!matches('^header', 'Close Header and Footer'));
  assert.ok(matches('footer$', 'Close Header and Footer'));
});

test('wildcards stand for characters of one word', () => {
  assert.ok(matches('whatsapp*', 'WhatsAppDesktop.exe'));
  assert.ok(matches('*删除*', '永久删除文件'));
  assert.ok(matches('b?ld', 'Bold'));
  assert.ok(!matches('b?ld', 'build'));
  assert.ok(matches('a*b*c', 'axxbxbxc'));
  assert.ok(!matches('a*b*c', 'axxbxbxcd'));
  assert.ok(!matches('delete*', 'del ete'));
  assert.ok(matches('*', 'x') && !matches('*', '...'));
});

test('a pattern without a word is refused', () => {
  for (const source of ['', '^$', ' ... ', '\u200b']) assert.throws(() => parsePattern(source), RangeError);
});

test('a pattern made to be slow is not', () => {
  const text = 'a'.repeat(100_000);
  // Exponential for a matcher that tries all ways to divide the text: it would not come back.
  assert.ok(!matches(`${'a*'.repeat(90)}b`, text));
});
