import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFUSED } from '../../../../src/runtime/grammar/byte-automaton.ts';
import { JSON_STRING } from '../../../../src/runtime/grammar/json-string.ts';

function stateAfter(text: string): number {
  let state = JSON_STRING.start;
  for (const byte of new TextEncoder().encode(text)) {
    if (state === REFUSED) return REFUSED;
    state = JSON_STRING.step(state, byte);
  }
  return state;
}

const isInside = (text: string) => JSON_STRING.isAccepting(stateAfter(text));

test('whatever JSON.stringify writes for texts of one line or several is taken', () => {
  for (const value of [
    '',
    'Bold',
    'C:\\new\\',
    '"a" and \'b\'',
    'two\nlines\tand a tab',
    '😀 שלום e\u0301',
    '\\"',
    '/',
  ]) {
    assert.ok(isInside(JSON.stringify(value).slice(1, -1)), value);
  }
});

test('a quotation mark ends a string, so it is not within one', () => {
  assert.equal(stateAfter('a"'), REFUSED);
  assert.equal(stateAfter('\\\\"'), REFUSED);
  assert.ok(isInside('a\\"'));
});

test('every text is written in one way only', () => {
  for (const other of ['\\u0041', '\\/', '\\b', '\\r', '\\x', "\\'", '\n', '\t', '\u007f']) {
    assert.equal(stateAfter(other), REFUSED, JSON.stringify(other));
  }
});

test('an escape that has begun lacks one byte, a character as many as in plain text', () => {
  const afterEmojiByte = JSON_STRING.step(JSON_STRING.start, 0xf0);
  assert.deepEqual(
    [stateAfter('a'), stateAfter('a\\'), stateAfter('a\\\\'), afterEmojiByte].map((s) => JSON_STRING.missingBytes(s)),
    [0, 1, 0, 3],
  );
  assert.ok(!isInside('a\\'));
});
