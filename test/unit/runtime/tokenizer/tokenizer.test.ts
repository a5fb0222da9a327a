import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';

test('text that looks like a special token is encoded as ordinary text', () => {
  const tokenizer = byteTokenizer();
  const end = tokenizer.specialId('<|end|>');
  assert.deepEqual([...tokenizer.encodeText('<|end|>')].includes(end), false);
  assert.deepEqual(tokenizer.decode(tokenizer.encodeText('a<|end|>b')), [{ text: 'a<|end|>b' }]);
});

test('decode is the inverse of encode for any text', () => {
  const tokenizer = byteTokenizer([
    ['B', 'o'],
    ['l', 'd'],
    ['Bo', 'ld'],
  ]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.deepEqual(tokenizer.decode(tokenizer.encodeText(text)), text === '' ? [] : [{ text }]);
    }),
  );
});

test('segments are tokenized alone: a merge never crosses their border', () => {
  const tokenizer = byteTokenizer([['B', 'o']]);
  const tokens: number[] = [];
  tokenizer.encode([{ text: 'B' }, { text: 'o' }], tokens);
  assert.equal(tokens.length, 2);
  assert.equal(tokenizer.encodeText('Bo').length, 1);
});

test('special tokens separate texts when decoding', () => {
  const tokenizer = byteTokenizer();
  const tokens: number[] = [];
  const segments = [{ special: '<|task|>' }, { text: 'é🙂' }, { special: '<|end|>' }];
  tokenizer.encode(segments, tokens);
  assert.deepEqual(tokenizer.decode(Int32Array.from(tokens)), segments);
});

test('bytes that are not UTF-8 are an error, not a replacement character', () => {
  const tokenizer = byteTokenizer();
  const emoji = tokenizer.encodeText('🙂');
  assert.throws(() => tokenizer.decode(emoji.subarray(0, 2)), { code: 'internal' });
});

test('an unknown special token is a clear error', () => {
  assert.throws(() => byteTokenizer().specialId('<|nope|>'), {
    code: 'unavailable',
    message: /no special token <\|nope\|>/,
  });
});
