import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { QuickEncoder } from '../../../../src/runtime/tokenizer/quick-encoder.ts';
import { forSegments, readTokenizerFile } from '../../../../src/runtime/tokenizer/tokenizer-files.ts';

function readModel(folder: string) {
  const read = (name: string) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
  return { file: forSegments(readTokenizerFile(read('tokenizer.json'))), config: read('tokenizer_config.json') };
}

/** The shipped model's splitting, and that of GPT-2's successors, with `'s` and the like, digits and line breaks. */
const SHIPPED = readModel('models/lam-word/2');
const QWEN = readModel('test/fixtures/models/genai-qwen2/1');
const GPT2 = {
  ...SHIPPED,
  file: { ...SHIPPED.file, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true } },
};

const words = fc.constantFrom(
  'Insert',
  ' Table',
  "don't",
  'WE’LL',
  'Größe',
  '保存',
  '🙂👩‍💻',
  '\u00a0',
  '\ufeff',
  '\r\n',
  '  ',
  '12.5',
  '_x_',
);
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.oneof(words, fc.string({ unit: 'grapheme', maxLength: 5 })), { maxLength: 8 })
    .map((parts) => parts.join('')),
);

describe('the quick encoder', () => {
  for (const [title, { file, config }] of Object.entries({ SHIPPED, QWEN, GPT2 })) {
    test(`says what the library says: ${title}`, () => {
      const library = new Tokenizer(file, config);
      const quick = QuickEncoder.read(file);
      assert.ok(quick !== undefined);
      let numEncoded = 0;
      const property = fc.property(texts, (text) => {
        const tokens = quick.encode(text);
        if (tokens === undefined) return;
        numEncoded++;
        assert.deepEqual([...tokens], library.encode(text, { add_special_tokens: false }).ids);
      });
      fc.assert(property, { numRuns: 500 });
      assert.ok(numEncoded > 400, `only ${numEncoded} of 500 were encoded`);
    });
  }

  test('leaves words that are too long to the library, in time that does not grow with their length', () => {
    const quick = QuickEncoder.read(SHIPPED.file);
    assert.ok(quick?.encode(`a ${'b'.repeat(63)}`) !== undefined);
    assert.equal(quick.encode('b'.repeat(65)), undefined);
    assert.equal(quick.encode('保'.repeat(22)), undefined, '66 bytes');
    assert.equal(quick.encode('b'.repeat(1_000_000)), undefined);
  });

  const { model, pre_tokenizer: preTokenizer } = SHIPPED.file as typeof SHIPPED.file & {
    readonly pre_tokenizer: object;
  };
  const { A: _, ...vocab } = model['vocab'] as Record<string, number>;
  for (const [title, file] of Object.entries({
    'another kind of vocabulary': { ...SHIPPED.file, model: { ...model, byte_fallback: true } },
    'words that are tokens by themselves': { ...SHIPPED.file, model: { ...model, ignore_merges: true } },
    'merging by chance': { ...SHIPPED.file, model: { ...model, dropout: 0.1 } },
    'a byte without a token': { ...SHIPPED.file, model: { ...model, vocab } },
    'a merge into nothing': { ...SHIPPED.file, model: { ...model, merges: [['☃', 'A']] } },
    'a space in front': { ...SHIPPED.file, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } },
    'a text that is not split': { ...SHIPPED.file, pre_tokenizer: null },
    'separators that are dropped': {
      ...SHIPPED.file,
      pre_tokenizer: JSON.parse(JSON.stringify(preTokenizer).replace('Isolated', 'Removed')),
    },
  })) {
    test(`leaves to the library: ${title}`, () => assert.equal(QuickEncoder.read(file), undefined));
  }

  test('leaves texts with something between the words to the library', () => {
    const lettersOnly = JSON.parse(JSON.stringify(preTokenizer).replace(/"Regex":"[^"]*"/, '"Regex":"[a-z]+"'));
    const quick = QuickEncoder.read({ ...SHIPPED.file, pre_tokenizer: lettersOnly });
    assert.ok(quick?.encode('ab') !== undefined);
    assert.equal(quick.encode('a b'), undefined);
  });
});
