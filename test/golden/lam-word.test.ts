/** The shipped model against PyTorch, and against itself under other cuts of the same work. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createDecoderRunner, type DecoderRunner } from '../../src/runtime/ort/decoder-runner.ts';
import { anEntry, argmax, folderConfig, largestDifference, runRow, runRows } from '../unit/runtime/ort/tiny-model.ts';

type Golden = {
  readonly prompts: readonly {
    readonly ids: readonly number[];
    /** PyTorch with the weights as they were trained, and as they are stored. */
    readonly logits_fp32: readonly number[];
    readonly logits_dequantized: readonly number[];
    readonly greedy: readonly number[];
  }[];
};

const FOLDER = 'models/lam-word/2';
const { prompts }: Golden = JSON.parse(readFileSync('test/golden/lam-word-2.json', 'utf8'));
const { quantization } = JSON.parse(readFileSync(`${FOLDER}/lam.json`, 'utf8'));
/** Between two ways to compute the same sums in float32. */
const SAME = 1e-3;

function shippedRunner(): DecoderRunner {
  return createDecoderRunner({
    modelPath: `${FOLDER}/model.onnx`,
    config: folderConfig(FOLDER),
    numSlots: 8,
    threads: 1,
  });
}

test('there are prompts to compare', () => assert.ok(prompts.length >= 4));

test('served logits are those of PyTorch with the stored weights', (t) => {
  using runner = shippedRunner();
  for (const { ids, logits_dequantized } of prompts) {
    const difference = largestDifference(runRow(runner, anEntry(0, ids)), logits_dequantized);
    t.diagnostic(`${ids.length} tokens: largest difference ${difference.toExponential(1)}`);
    assert.ok(difference < SAME);
  }
});

test('served logits are those of the trained model within the error that lam.json states', (t) => {
  using runner = shippedRunner();
  for (const { ids, logits_fp32 } of prompts) {
    const difference = largestDifference(runRow(runner, anEntry(0, ids)), logits_fp32);
    t.diagnostic(`${ids.length} tokens: ${difference.toFixed(4)}, stated ${quantization.max_logit_error}`);
    assert.ok(difference <= quantization.max_logit_error);
  }
});

test('the greedy continuation is that of PyTorch', () => {
  using runner = shippedRunner();
  for (const { ids, greedy } of prompts) {
    const tokens: number[] = [];
    let row = runRow(runner, anEntry(0, ids));
    while (tokens.length < greedy.length) {
      const token = argmax(row);
      row = runRow(runner, anEntry(0, [token], { start: ids.length + tokens.length }));
      tokens.push(token);
    }
    assert.deepEqual(tokens, greedy);
  }
});

test('alone, in chunks of 16 and in a batch of 8 the logits are the same', (t) => {
  using runner = shippedRunner();
  const sequences = Array.from({ length: 8 }, (_, slot) => {
    const { ids = [] } = prompts[slot % prompts.length] ?? {};
    return ids.slice(0, ids.length - 5 * slot);
  });
  const alone = sequences.map((ids) => runRow(runner, anEntry(0, ids)));
  for (const [slot, ids] of sequences.entries()) {
    for (let start = 0; start < ids.length - 1; start += 16) {
      const chunk = ids.slice(start, Math.min(start + 16, ids.length - 1));
      runRows(runner, anEntry(slot, chunk, { start, wantsLogits: false }));
    }
  }
  const last = sequences.map((ids, slot) => anEntry(slot, ids.slice(-1), { start: ids.length - 1 }));
  for (const [slot, row] of runRows(runner, ...last).entries()) {
    assert.ok(row !== undefined);
    const difference = largestDifference(row, alone[slot] ?? []);
    t.diagnostic(`slot ${slot}: ${difference.toExponential(1)}`);
    assert.ok(difference < SAME);
    assert.equal(argmax(row), argmax(alone[slot] ?? new Float32Array(0)));
  }
});
