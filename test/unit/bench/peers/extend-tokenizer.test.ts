import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeEpisode } from '../../../../bench/desktop/episodes.ts';
import { extendTokenizer, partialTokens, type TokenizerFile } from '../../../../bench/peers/large/extend-tokenizer.ts';
import { readTokenizer } from '../../../../bench/steps/work.ts';
import { SegmentTokenizer } from '../../../../src/runtime/tokenizer/tokenizer.ts';

const FOLDER = 'models/lam-word/2';

test('a larger vocabulary tokenizes the texts of the benchmark as before', () => {
  const file = JSON.parse(readFileSync(`${FOLDER}/tokenizer.json`, 'utf8')) as TokenizerFile;
  const config = JSON.parse(readFileSync(`${FOLDER}/tokenizer_config.json`, 'utf8')) as object;
  const large = new SegmentTokenizer(extendTokenizer(file, 20_000), config);
  const small = readTokenizer(FOLDER);
  assert.equal(large.vocabSize, 20_000);
  const { request, desktop } = makeEpisode('test', 12);
  for (const text of [request, ...desktop.observe().controls.map(({ name }) => name)]) {
    assert.deepEqual(large.encodeText(text), small.encodeText(text));
  }
});

test('all tokens that are added are whole characters, and those that are none are known', () => {
  const file = JSON.parse(readFileSync(`${FOLDER}/tokenizer.json`, 'utf8')) as TokenizerFile;
  const config = JSON.parse(readFileSync(`${FOLDER}/tokenizer_config.json`, 'utf8')) as object;
  const large = new SegmentTokenizer(extendTokenizer(file, 20_000), config);
  const isWhole = (token: number) =>
    Buffer.from(large.tokenBytes[token] ?? [])
      .toString('utf8')
      .includes('\ufffd') === false;
  const parts = Array.from({ length: 20_000 }, (_, token) => token).filter((token) => !isWhole(token));
  assert.deepEqual(
    parts,
    [...partialTokens(file)].sort((a, b) => a - b),
  );
});

test('a vocabulary that cannot be filled is refused', () => {
  const file: TokenizerFile = { model: { vocab: { a: 0 }, merges: [] } };
  assert.throws(() => extendTokenizer(file, 100), /1 tokens, not 100/);
});
