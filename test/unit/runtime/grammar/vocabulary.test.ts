import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFUSED } from '../../../../src/runtime/grammar/byte-automaton.ts';
import { TokenList } from '../../../../src/runtime/grammar/token-list.ts';
import { UTF8 } from '../../../../src/runtime/grammar/utf8.ts';
import { Vocabulary } from '../../../../src/runtime/grammar/vocabulary.ts';
import { ByteVocabulary } from './byte-vocabulary.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Takes the letters a to z only, at most `max` of them. */
const letters = (max: number) => ({
  start: 0,
  step: (state: number, byte: number) => (state < max && byte >= 0x61 && byte <= 0x7a ? state + 1 : REFUSED),
  isAccepting: () => true,
});

function collected(vocabulary: Vocabulary, automaton = letters(9)): number[] {
  const list = new TokenList();
  vocabulary.trie.collect({ automaton, state: automaton.start }, list);
  return [...list.tokens.subarray(0, list.count)];
}

test('the trie finds the tokens that an automaton takes, in the order of their bytes', () => {
  const tokens = ['b', 'abc', 'a', 'ab1', 'zz', 'ab', '9', 'abd', ''].map(bytes);
  assert.deepEqual(collected(new Vocabulary({ tokens })), [2, 5, 1, 7, 0, 4]);
  assert.deepEqual(collected(new Vocabulary({ tokens }), letters(2)), [2, 5, 0, 4]);
  assert.deepEqual(collected(new Vocabulary({ tokens }), letters(0)), []);
});

test('a walk stops when it has found enough', () => {
  const vocabulary = new Vocabulary({ tokens: ['b', 'abc', 'a', 'ab'].map(bytes) });
  const list = new TokenList();
  vocabulary.trie.collect({ automaton: letters(9), state: 0, enough: 2 }, list);
  assert.deepEqual([...list.tokens.subarray(0, list.count)], [2, 3]);
});

test('tokens of equal bytes are all found', () => {
  const tokens = ['ab', 'a', 'ab', 'b', 'a'].map(bytes);
  assert.deepEqual(collected(new Vocabulary({ tokens })), [1, 4, 0, 2, 3]);
});

test('special, unused and unknown tokens are no text', () => {
  const vocabulary = new Vocabulary({ tokens: [undefined, bytes('a'), new Uint8Array(0)] });
  assert.deepEqual(
    [-1, 0, 1, 2, 3].map((token) => vocabulary.isText(token)),
    [false, false, true, false, false],
  );
  assert.deepEqual(collected(vocabulary), [1]);
});

test('an empty vocabulary has nothing to say', () => {
  const vocabulary = new Vocabulary({ tokens: [] });
  assert.deepEqual(collected(vocabulary), []);
  assert.deepEqual([vocabulary.size, vocabulary.longestToken, vocabulary.spellsText], [0, 0, false]);
});

test('a token is walked byte by byte and refused where a byte is', () => {
  const vocabulary = new Vocabulary({ tokens: [bytes('abc'), bytes('a1c')] });
  assert.equal(vocabulary.walk(letters(9), 0, 0), 3);
  assert.equal(vocabulary.walk(letters(9), 0, 1), REFUSED);
  assert.equal(vocabulary.walk(UTF8, UTF8.start, 1), UTF8.start);
});

test('a vocabulary says what it can spell', () => {
  const full = new ByteVocabulary(['ab', '😀']).tokens;
  assert.ok(new Vocabulary({ tokens: full }).spellsText);
  assert.ok(new Vocabulary({ tokens: full }).spellsNumbers);
  const without = (byte: number) => full.map((token) => (token?.length === 1 && token[0] === byte ? undefined : token));
  assert.ok(new Vocabulary({ tokens: without(0x0a) }).spellsText);
  assert.ok(!new Vocabulary({ tokens: without(0x9f) }).spellsText);
  assert.ok(new Vocabulary({ tokens: without(0x9f) }).spellsNumbers);
  assert.ok(!new Vocabulary({ tokens: without(0x2d) }).spellsNumbers);
});
