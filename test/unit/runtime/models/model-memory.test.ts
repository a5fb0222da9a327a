import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelMemory } from '../../../../src/runtime/models/model-memory.ts';
import { readModelSpec } from '../../../../src/runtime/models/model-spec.ts';

const SETTINGS = {
  slots: 3,
  threads: 1,
  executionProviders: ['cpu'],
  queueRequests: 1,
  queueTokens: 1,
  stepTokens: 8,
  chunkTokens: 8,
  prefixStoreBytes: 1_000,
};

function specOf(name: string, maxContextTokens = 8_192) {
  return readModelSpec({ name, version: '1', path: `test/fixtures/models/${name}/1` }, maxContextTokens);
}

test('a decoder takes its weights, KV for every slot at full length, and its prefix store', async () => {
  const spec = await specOf('tiny');
  const { numLayers, numKvHeads, headDim, maxLength } = spec.decoder;
  const kvBytes = 3 * maxLength * 2 * numLayers * numKvHeads * headDim * 4;
  const { weightsBytes, ...memory } = modelMemory(spec, SETTINGS);
  assert.ok(weightsBytes > 100_000);
  assert.deepEqual(memory, {
    name: 'tiny',
    version: '1',
    kvBytes,
    prefixStoreBytes: 1_000,
    totalBytes: weightsBytes + kvBytes + 1_000,
  });
});

test('half the numbers take half the KV, and so does half the context', async () => {
  const [whole, half] = [
    modelMemory(await specOf('genai-llama'), SETTINGS),
    modelMemory(await specOf('genai-half'), SETTINGS),
  ];
  assert.equal(half.kvBytes * 2, whole.kvBytes);
  const { decoder } = await specOf('tiny');
  const shorter = modelMemory(await specOf('tiny', decoder.maxLength / 2), SETTINGS);
  assert.equal(shorter.kvBytes * 2, modelMemory(await specOf('tiny'), SETTINGS).kvBytes);
});

test('a reward model keeps no KV', async () => {
  const memory = modelMemory(await specOf('tiny-reward'), SETTINGS);
  assert.deepEqual([memory.kvBytes, memory.prefixStoreBytes], [0, 0]);
});
