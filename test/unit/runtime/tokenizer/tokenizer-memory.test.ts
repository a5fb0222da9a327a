/** What the tokenizer keeps is bounded, however many texts it has seen. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SegmentTokenizer } from '../../../../src/runtime/tokenizer/tokenizer.ts';

const NUM_TEXTS = 50_000;
const MIB = 2 ** 20;

/** Of what is still referred to, in bytes. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

test('tens of thousands of texts leave a few megabytes behind', () => {
  const folder = 'test/fixtures/models/tiny/1';
  const read = (name: string) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
  const tokenizer = new SegmentTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
  const before = heapInUse();
  for (let i = 0; i < NUM_TEXTS; i++) tokenizer.encodeText(`Cell ${i}`);
  const grown = heapInUse() - before;
  assert.ok(grown < 8 * MIB, `${(grown / MIB).toFixed(1)} MiB more after ${NUM_TEXTS} texts`);
  assert.ok(tokenizer.encodeText('Cell 1').length > 0);
});
