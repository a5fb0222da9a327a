/**
 * Folders as onnxruntime-genai's model builder writes them, one per graph shape, against logits that NumPy computed from the same
 * weights (golden.json of each); then against themselves: chunks, batches and saved KV make no difference.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseGenaiConfig } from '../../src/runtime/models/genai-config.ts';
import {
  createDecoderRunner,
  type DecoderRunner,
  type DecoderRunnerOptions,
} from '../../src/runtime/ort/decoder-runner.ts';
import { liveHandlesByKind } from '../../src/runtime/ort/handles.ts';
import { anEntry, largestDifference, runRow, runRows } from '../unit/runtime/ort/tiny-model.ts';

type Golden = {
  /** Largest difference of a logit to the reference. */
  readonly tolerance: number;
  readonly prompt: readonly number[];
  /** What the reference goes on with. */
  readonly greedy: readonly number[];
  /** After the prompt, and after each token of `greedy`. */
  readonly logits: readonly (readonly number[])[];
};

const SHAPES = ['llama', 'mistral', 'qwen2', 'qwen3', 'phi3', 'positions', 'half', 'growing', 'chat'];

function readJson(shape: string, file: string) {
  return JSON.parse(readFileSync(join('test/fixtures/models', `genai-${shape}`, '1', file), 'utf8'));
}

function load(shape: string, options: Partial<DecoderRunnerOptions> = {}): DecoderRunner {
  const folder = join('test/fixtures/models', `genai-${shape}`, '1');
  const { decoder, fileName } = parseGenaiConfig('genai_config.json', readJson(shape, 'genai_config.json'));
  return createDecoderRunner({
    modelPath: join(folder, fileName),
    config: decoder,
    numSlots: 4,
    threads: 1,
    ...options,
  });
}

for (const shape of SHAPES) {
  const golden: Golden = readJson(shape, 'golden.json');
  const { prompt, greedy, tolerance } = golden;

  const assertRow = (row: ArrayLike<number> | undefined, index: number, message: string) => {
    const difference = largestDifference(row ?? [], golden.logits[index] ?? []);
    assert.ok(difference <= tolerance, `${message}: logits differ by ${difference}`);
  };

  test(`${shape}: logits after the prompt and after each further token are the reference's`, () => {
    using runner = load(shape);
    assertRow(runRow(runner, anEntry(0, prompt)), 0, 'prompt');
    for (const [i, token] of greedy.entries()) {
      assertRow(runRow(runner, anEntry(0, [token], { start: prompt.length + i })), i + 1, `token ${i}`);
    }
  });

  test(`${shape}: a prompt in chunks, and token by token`, () => {
    for (const size of [16, 7, 1]) {
      using runner = load(shape);
      let row: Float32Array | undefined;
      for (let start = 0; start < prompt.length; start += size) {
        row = runRow(runner, anEntry(2, prompt.slice(start, start + size), { start }));
      }
      assertRow(row, 0, `chunks of ${size}`);
    }
    using parts = load(shape, { maxChunkTokens: 9 });
    assertRow(runRow(parts, anEntry(1, prompt)), 0, 'parts of 9');
  });

  test(`${shape}: rows of different lengths in one step`, () => {
    using runner = load(shape);
    const all = [...prompt, ...greedy];
    const lengths = [prompt.length, prompt.length + 2, prompt.length + 5];
    for (const [slot, length] of lengths.entries()) {
      runRows(runner, anEntry(slot, all.slice(0, length - 1), { wantsLogits: false }));
    }
    const entries = lengths.map((length, slot) => anEntry(slot, all.slice(length - 1, length), { start: length - 1 }));
    const rows = runRows(runner, ...entries.toReversed()).toReversed();
    for (const [slot, length] of lengths.entries()) assertRow(rows[slot], length - prompt.length, `slot ${slot}`);
  });

  // On the CPU, a device's memory is the CPU's as well, but it is allocated, divided and copied as on any other.
  for (const kvMemory of ['host', 'device'] as const)
    test(`${shape}: KV in ${kvMemory} memory that was saved, restored and copied is as good as computed`, () => {
      using runner = load(shape, { kvMemory });
      runRows(runner, anEntry(0, prompt));
      const blocks = [0, 16].map((start) => runner.saveKv(0, start, 16));
      runRows(runner, anEntry(1, prompt.toReversed()));
      for (const [i, block] of blocks.entries()) runner.restoreKv(1, 16 * i, block);
      assertRow(runRow(runner, anEntry(1, prompt.slice(32), { start: 32 })), 0, 'restored');
      runner.copyKv(1, 3, prompt.length);
      const rows = runRows(
        runner,
        ...[1, 3].map((slot) => anEntry(slot, greedy.slice(0, 1), { start: prompt.length })),
      );
      for (const [i, row] of rows.entries()) assertRow(row, 1, `copy ${i}`);
      for (const block of blocks) block[Symbol.dispose]();
    });

  test(`${shape}: a slot that held another sequence, and one that goes back`, () => {
    using runner = load(shape, { numSlots: 1 });
    runRows(runner, anEntry(0, prompt.toReversed()));
    assertRow(runRow(runner, anEntry(0, prompt)), 0, 'another sequence');
    runRows(runner, anEntry(0, [1, 2, 3], { start: prompt.length }));
    assertRow(runRow(runner, anEntry(0, greedy.slice(0, 1), { start: prompt.length })), 1, 'three tokens back');
  });

  test(`${shape}: nothing is left of it`, () => {
    for (const kvMemory of ['host', 'device'] as const) {
      const runner = load(shape, { kvMemory });
      runRows(runner, anEntry(0, prompt));
      runner[Symbol.dispose]();
    }
    assert.deepEqual(liveHandlesByKind(), {});
  });
}
