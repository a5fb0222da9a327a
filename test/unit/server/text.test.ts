import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textProblem } from '../../../src/server/text.ts';

test('well-formed strings within the limit are accepted', () => {
  for (const text of ['', 'abc', 'Größe', '太', '😀', 'a\u0085b', '\ufeff']) {
    assert.equal(textProblem(text, 'name', 10), undefined, text);
  }
});

test('white space control characters belong in texts, not in names', () => {
  for (const char of ['\t', '\n', '\v', '\f', '\r']) {
    assert.equal(textProblem(`a${char}b`, 'text', 10), undefined);
    assert.match(textProblem(`a${char}b`, 'name', 10) ?? '', /^control character U\+000[9A-D] at position 1$/);
  }
});

test('other control characters are refused everywhere', () => {
  for (const unit of [0x00, 0x07, 0x08, 0x0e, 0x1b, 0x1f, 0x7f]) {
    assert.match(textProblem(String.fromCharCode(unit), 'text', 10) ?? '', /^control character U\+00/);
  }
});

test('lone surrogates are refused, wherever they stand', () => {
  for (const text of ['\ud83d', '\ude00', 'a\ud83d', '\ud83d\ud83d\ude00', '\ude00\ud83d', '\ud83da']) {
    assert.match(textProblem(text, 'text', 10) ?? '', /^lone surrogate U\+D/, JSON.stringify(text));
  }
});

test('a string is accepted exactly if UTF-8 can carry it', () => {
  const units = fc
    .array(fc.constantFrom('a', '\ud83d', '\ude00', 'ü'), { maxLength: 6 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(units, (text) => {
      const survives = Buffer.from(text, 'utf8').toString('utf8') === text;
      assert.equal(textProblem(text, 'text', 100) === undefined, survives);
    }),
  );
});

test('the limit counts UTF-16 units', () => {
  assert.equal(textProblem('😀😀', 'text', 4), undefined);
  assert.equal(textProblem('😀😀', 'text', 3), '4 characters, at most 3 are allowed');
});
