/** The shipped model's graph for blocks of prompts: near the decoder's own, and the same however a prompt is cut at blocks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createDecoderRunner, type DecoderRunner } from '../../src/runtime/ort/decoder-runner.ts';
import type { StepEntry } from '../../src/runtime/scheduler/step-plan.ts';
import { anEntry, folderConfig, largestDifference, runRow, runRows } from '../unit/runtime/ort/tiny-model.ts';

const FOLDER = 'models/lam-word/2';
const { prefill } = JSON.parse(readFileSync(`${FOLDER}/lam.json`, 'utf8'));
const BLOCK: number = prefill.block_tokens;
const golden = JSON.parse(readFileSync('test/golden/lam-word-2.json', 'utf8'));
const prompts: readonly { readonly ids: readonly number[]; readonly logits_fp32: readonly number[] }[] =
  golden.prompts.filter(({ ids }: { ids: readonly number[] }) => ids.length > 2 * BLOCK);

function runnerWithPrefill(): DecoderRunner {
  return createDecoderRunner({
    modelPath: `${FOLDER}/model.onnx`,
    prefill: { graphPath: `${FOLDER}/${prefill.file}`, blockTokens: BLOCK },
    config: folderConfig(FOLDER),
    numSlots: 4,
    threads: 1,
  });
}

/** Positions `start .. end` of a prompt, as the scheduler plans them. */
function part(slot: number, ids: readonly number[], [start, end]: readonly [number, number]): StepEntry {
  const entry = { ...anEntry(slot, ids.slice(start, end)), start, wantsLogits: end === ids.length };
  return { ...entry, prefillTokens: Math.min(end, ids.length - 1) - start };
}

const whole = (slot: number, ids: readonly number[]): StepEntry => part(slot, ids, [0, ids.length]);

test('there are prompts of several blocks', () => assert.ok(prompts.length >= 2));

test('logits are those of the trained model within the error that lam.json states', (t) => {
  using runner = runnerWithPrefill();
  for (const { ids, logits_fp32 } of prompts) {
    const difference = largestDifference(runRow(runner, whole(0, ids)), logits_fp32);
    t.diagnostic(`${ids.length} tokens: ${difference.toFixed(4)}, stated ${prefill.max_logit_error}`);
    assert.ok(difference <= prefill.max_logit_error);
  }
});

test('blocks are computed by it, not by the decoder', () => {
  using runner = runnerWithPrefill();
  const { ids } = prompts[0] as (typeof prompts)[number];
  const byBlocks = Float32Array.from(runRow(runner, whole(0, ids)));
  assert.ok(largestDifference(runRow(runner, { ...whole(1, ids), prefillTokens: 0 }), byBlocks) > 1e-3);
});

test('cut at a block, among others, or begun with saved KV, a prompt gives the very same logits', () => {
  using runner = runnerWithPrefill();
  for (const { ids } of prompts) {
    const expected = Float32Array.from(runRow(runner, whole(0, ids)));
    const border = BLOCK * Math.floor((ids.length - 1) / BLOCK);
    runRows(runner, part(1, ids, [0, BLOCK]), whole(0, ids));
    if (border > BLOCK) runRows(runner, part(1, ids, [BLOCK, border]));
    assert.deepEqual(runRow(runner, part(1, ids, [border, ids.length])), expected);

    using block = runner.saveKv(0, 0, BLOCK);
    runner.restoreKv(2, 0, block);
    assert.deepEqual(runRow(runner, part(2, ids, [BLOCK, ids.length])), expected);
  }
});
