/** The tiny model folder with random weights, and plans over it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecoderConfig } from '../../../../src/runtime/decoder-config.ts';
import {
  createDecoderRunner,
  type DecoderRunner,
  type DecoderRunnerOptions,
} from '../../../../src/runtime/ort/decoder-runner.ts';
import type { StepEntry, StepPlan } from '../../../../src/runtime/scheduler/step-plan.ts';

export const TINY_FOLDER = 'test/fixtures/models/tiny/1';
export const TINY_MODEL = `${TINY_FOLDER}/model.onnx`;

export const tinyConfig = (): DecoderConfig => folderConfig(TINY_FOLDER);

/** Sizes of a model, from the lam.json of its folder. */
export function folderConfig(folder: string): DecoderConfig {
  const lam = JSON.parse(readFileSync(`${folder}/lam.json`, 'utf8'));
  return {
    numLayers: lam.num_layers,
    numKvHeads: lam.num_kv_heads,
    headDim: lam.head_dim,
    vocabSize: lam.vocab_size,
    maxLength: lam.context_length,
  };
}

/** A runner of the tiny model with 8 slots and 1 thread, unless told otherwise. */
export function tinyRunner(options: Partial<DecoderRunnerOptions> = {}): DecoderRunner {
  return createDecoderRunner({ modelPath: TINY_MODEL, config: tinyConfig(), numSlots: 8, threads: 1, ...options });
}

/**
 * A runner of the same model with float activations. The served one rounds them to 8 bit, so that the last bit of a sum, which
 * depends on how many rows were computed together, now and then becomes a difference of 0.1 in a logit. Here it stays 2e-5.
 */
export function exactRunner(options: Partial<DecoderRunnerOptions> = {}): DecoderRunner {
  exactModel ??= writeExactModel();
  return tinyRunner({ modelPath: exactModel, ...options });
}

let exactModel: string | undefined;

/** Sets `accuracy_level` of all matrix products to 0, in place: the attribute's name, then field 3 (its integer), then 4. */
function writeExactModel(): string {
  const graph = readFileSync(TINY_MODEL);
  const attribute = Buffer.concat([Buffer.from('accuracy_level'), Buffer.from([0x18, 4])]);
  for (let at = graph.indexOf(attribute); at >= 0; at = graph.indexOf(attribute, at)) {
    graph[at + attribute.length - 1] = 0;
  }
  return writeModel(graph);
}

/** A file with this graph, until the process ends. */
export function writeModel(graph: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'lam-gateway-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const path = join(folder, 'model.onnx');
  writeFileSync(path, graph);
  return path;
}

/** Tokens for a slot, from position 0 on and with logits unless told otherwise; the slot's number is the sequence's id. */
export function anEntry(slot: number, tokens: Iterable<number>, options: Partial<StepEntry> = {}): StepEntry {
  return { sequenceId: slot, slot, start: 0, tokens: Int32Array.from(tokens), wantsLogits: true, ...options };
}

export function aPlan(...entries: StepEntry[]): StepPlan {
  return { entries, numTokens: entries.reduce((sum, { tokens }) => sum + tokens.length, 0) };
}

/** Copies of the rows of logits after a plan: the runner's own are overwritten by the next one. */
export function runRows(runner: DecoderRunner, ...entries: StepEntry[]): (Float32Array | undefined)[] {
  return runner.run(aPlan(...entries)).logits.map((row) => row?.slice());
}

/** The row of logits after a single entry. */
export function runRow(runner: DecoderRunner, entry: StepEntry): Float32Array {
  const [row] = runRows(runner, entry);
  if (row === undefined) throw new Error('the entry wanted no logits');
  return row;
}

/** `count` tokens that differ from seed to seed. */
export function someTokens(count: number, seed = 1): readonly number[] {
  return Array.from({ length: count }, (_, i) => (i * 37 + seed * 101 + 7) % 400);
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN));
    // A NaN is as far away as can be.
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return largest;
}

export function argmax(row: Float32Array): number {
  return row.indexOf(row.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY));
}
