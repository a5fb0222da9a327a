import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SegmentTokenizer } from '../../../../src/runtime/tokenizer/tokenizer.ts';
import { byteTokenizer, pieceTokenizer } from '../../../support/byte-tokenizer.ts';

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

test('a SentencePiece tokenizer gives back what it got, without the space that it puts in front', () => {
  const tokenizer = pieceTokenizer([
    ['▁', 'B'],
    ['B', 'o'],
    ['l', 'd'],
  ]);
  assert.deepEqual(tokenizer.decode(tokenizer.encodeText('Bold')), [{ text: 'Bold' }]);
  // Two merges, and no `▁` in front.
  assert.equal(tokenizer.encodeText('Bold').length, 2);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const expected = text.replaceAll('▁', ' ');
      assert.deepEqual(tokenizer.decode(tokenizer.encodeText(text)), expected === '' ? [] : [{ text: expected }]);
    }),
  );
});

const model = { type: 'BPE', vocab: {}, merges: [] };
const PARTS = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };

const BROKEN: readonly (readonly [string, object, object, RegExp])[] = [
  ['without a model', { ...PARTS }, {}, /tokenizer\.json: .*model/s],
  ['of another kind', { ...PARTS, model: { ...model, type: 'Unigram' } }, {}, /model\.type: Unigram is not supported/],
  ['without its parts', { model }, {}, /tokenizer\.json: /],
  ['with a token that has no bytes', { ...PARTS, model: { ...model, vocab: { '☃': 0 } } }, {}, /"☃" is not byte-level/],
  ['that drops characters', { ...PARTS, model: { ...model, vocab: { A: 0 } } }, {}, /does not come back/],
  ['with a strange configuration', { ...PARTS, model }, { bos_token: 7 }, /tokenizer_config\.json: .*bos_token/s],
];

for (const [what, file, config, message] of BROKEN) {
  test(`a tokenizer ${what} is refused when it is loaded`, () => {
    assert.throws(() => new SegmentTokenizer(file, config), { code: 'unavailable', message });
  });
}

test('the chat template and the first token are read in all of their forms', () => {
  const specials = ['<s>'];
  const read = (config: object) => byteTokenizer([], { specials, config }).config;
  assert.deepEqual(read({}), { bosToken: undefined, addsBos: false, chatTemplate: '' });
  assert.deepEqual(read({ bos_token: { content: '<s>' }, add_bos_token: true, chat_template: 'x' }), {
    bosToken: '<s>',
    addsBos: true,
    chatTemplate: 'x',
  });
  const templates = [
    { name: 'tool_use', template: 'a' },
    { name: 'default', template: 'b' },
  ];
  assert.equal(read({ chat_template: templates }).chatTemplate, 'b');
  assert.equal(read({ chat_template: [], bos_token: null }).chatTemplate, '');
  const inFile = byteTokenizer([], { config: { chat_template: 'a' }, chatTemplate: 'b' });
  assert.equal(inFile.config.chatTemplate, 'b');
});
