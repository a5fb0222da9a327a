import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { readModelSizes } from '../../../../src/runtime/models/genai-folder.ts';
import { readGraphInputs } from '../../../../src/runtime/models/genai-graph.ts';
import { type ModelSizes, type PlanOptions, planMemory } from '../../../../src/runtime/models/memory-plan.ts';

const GIB = 2 ** 30;
const FIXTURES = 'test/fixtures/models';

/** Mistral 7B in 4 bits. */
const MODEL: ModelSizes = {
  numLayers: 32,
  numHeads: 32,
  numKvHeads: 8,
  headDim: 128,
  hiddenSize: 4096,
  vocabSize: 32768,
  contextLength: 32768,
  kvType: 'float16',
  weightsBytes: 4 * GIB,
};
const OPTIONS: PlanOptions = { context: 8192, prefixStoreBytes: GIB, chunkTokens: 256, holdsScores: false };

test('KV of a 7B model: 128 KiB per token, 1 GiB per 8,192 positions', () => {
  const plan = planMemory(MODEL, { ...OPTIONS, slots: 3 });
  // 2 x 32 layers x 8 heads x 128 numbers x 2 bytes.
  assert.equal(plan.kvBytesPerToken, 131_072);
  assert.equal(plan.kvBytesPerSlot, GIB);
  assert.equal(plan.kvBytes, 3 * GIB);
  assert.equal(plan.logitsBytes, 3 * 32768 * 4);
  assert.equal(planMemory({ ...MODEL, kvType: 'float32' }, OPTIONS).kvBytesPerToken, 262_144);
  assert.equal(plan.fits, undefined);
});

test('as many slots as fit, and not one more', () => {
  const inMemory = (rest: Partial<PlanOptions>) => planMemory(MODEL, { ...OPTIONS, deviceBytes: 16 * GIB, ...rest });
  const { maxSlots = 0, slots, totalBytes, fits } = inMemory({});
  assert.equal(slots, maxSlots);
  assert.equal(fits, true);
  assert.ok(totalBytes <= 16 * GIB && totalBytes + GIB > 16 * GIB);
  assert.equal(inMemory({ slots: maxSlots + 1 }).fits, false);
  assert.equal(inMemory({ deviceBytes: GIB }).maxSlots, 0);
  assert.equal(inMemory({ deviceBytes: GIB }).fits, false);
});

test('memory for the plan of any sizes is what its parts take, and more slots never take less', () => {
  const positive = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(positive(100), positive(32768), positive(4096), (slots, context, chunkTokens) => {
      const options = { ...OPTIONS, slots, context, chunkTokens, holdsScores: true };
      const plan = planMemory(MODEL, options);
      const parts = plan.weightsBytes + plan.kvBytes + plan.prefixStoreBytes + plan.logitsBytes;
      assert.equal(plan.totalBytes, parts + plan.activationBytes + plan.overheadBytes);
      assert.ok(planMemory(MODEL, { ...options, slots: slots + 1 }).totalBytes > plan.totalBytes);
    }),
    { numRuns: 50 },
  );
});

test('a decode step reads the weights once and the KV of each row', () => {
  const { speed = [] } = planMemory(MODEL, { ...OPTIONS, slots: 4, bandwidth: 10 * GIB });
  assert.deepEqual(speed, [
    { rows: 1, stepsPerSecond: 2, tokensPerSecond: 2 },
    { rows: 4, stepsPerSecond: 1.25, tokensPerSecond: 5 },
  ]);
});

test('sizes come from the folder: the type of KV from the graph, weights from the files', () => {
  const half = readModelSizes(`${FIXTURES}/genai-half/1`);
  assert.equal(half.kvType, 'float16');
  assert.equal(half.weightsBytes, readFileSync(`${FIXTURES}/genai-half/1/model.onnx`).length);
  assert.equal(readModelSizes(`${FIXTURES}/genai-half/1`, { kvType: 'float32', weightsBytes: 5 }).weightsBytes, 5);
  // Stored in 8 bits, and floats once it is loaded.
  assert.equal(readModelSizes('models/lam-word/2').weightsBytes, 3_475_712 * 4);
});

test('a folder that does not say what is needed is refused with the option that would', () => {
  const folder = `${FIXTURES}/genai-7b-sizes/1`;
  assert.throws(() => readModelSizes(folder), /the type of KV must be given: --kv-dtype/);
  assert.throws(() => readModelSizes(folder, { kvType: 'float16' }), /--weights or --parameters/);
  assert.equal(readModelSizes(folder, { kvType: 'float16', weightsBytes: 1 }).contextLength, 32768);
  assert.throws(() => readModelSizes('no/such/folder'), /genai_config\.json: it cannot be read/);
});

test('the inputs of a graph are read from its file', () => {
  const inputs = readGraphInputs(`${FIXTURES}/genai-positions/1/model.onnx`);
  assert.equal(inputs.get('position_ids'), 'int64');
  assert.equal(inputs.get('past_key_values.1.value'), 'float32');
  assert.equal(inputs.size, 7);
});

test('a file that is no graph, or a part of one, is refused and never read beyond its end', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lam-gateway-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'model.onnx');
  const graph = readFileSync(`${FIXTURES}/genai-llama/1/model.onnx`);
  const read = (content: Uint8Array) => {
    writeFileSync(path, content);
    try {
      return readGraphInputs(path);
    } catch (error) {
      assert.ok(error instanceof GatewayError && error.code === 'unavailable', String(error));
      return undefined;
    }
  };
  assert.ok(read(graph));
  assert.equal(read(new Uint8Array(0)), undefined);
  assert.equal(read(graph.subarray(0, graph.length / 2)), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void read(bytes)),
    { numRuns: 100 },
  );
});
