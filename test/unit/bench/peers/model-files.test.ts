import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GGML_TYPE, writeGguf } from '../../../../bench/peers/gguf/gguf-file.ts';
import { randomModel } from '../../../../bench/peers/large/random-model.ts';
import { writeOnnx } from '../../../../bench/peers/large/write-onnx.ts';
import { countParameters } from '../../../../bench/peers/weights/decoder-weights.ts';
import { readModelFolder } from '../../../../bench/peers/weights/read-onnx.ts';
import { TINY_CONFIG } from './tiny-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'lam-bench-'));
after(() => rmSync(folder, { recursive: true }));

test('the shipped model is read whole', () => {
  const { config, ...weights } = readModelFolder('models/lam-word/2');
  const manifest = JSON.parse(readFileSync('models/lam-word/2/lam.json', 'utf8')) as {
    parameters: number;
    provenance: { model: { rope_theta: number; ffn_size: number; norm_epsilon: number } };
  };
  const { model } = manifest.provenance;
  assert.equal(countParameters({ config, ...weights }), manifest.parameters);
  assert.equal(config.ropeTheta, model.rope_theta);
  assert.equal(config.ffnSize, model.ffn_size);
  assert.equal(config.normEpsilon, model.norm_epsilon);
});

test('a model that is written as ONNX is read back as it was', () => {
  const weights = randomModel(TINY_CONFIG, { bits: 8, seed: 3, unsaid: [5] });
  const model = join(folder, 'tiny', '1');
  mkdirSync(model, { recursive: true });
  writeOnnx(join(model, 'model.onnx'), weights, { accuracyLevel: 4 });
  const decoder = {
    head_size: TINY_CONFIG.headDim,
    hidden_size: TINY_CONFIG.hiddenSize,
    num_attention_heads: TINY_CONFIG.numHeads,
    num_hidden_layers: TINY_CONFIG.numLayers,
    num_key_value_heads: TINY_CONFIG.numKvHeads,
  };
  const sizes = { context_length: TINY_CONFIG.contextLength, vocab_size: TINY_CONFIG.vocabSize };
  writeFileSync(join(model, 'genai_config.json'), JSON.stringify({ model: { ...sizes, decoder } }));
  assert.deepEqual(readModelFolder(model), { ...weights, config: { ...TINY_CONFIG, name: 'tiny:1' } });
});

test('a GGUF file says where its tensors are, each aligned', () => {
  const path = join(folder, 'file.gguf');
  const tensor = (name: string, bytes: readonly number[]) => ({
    name,
    dimensions: [bytes.length / 4],
    type: GGML_TYPE.F32,
    numBytes: bytes.length,
    data: () => Uint8Array.from(bytes),
  });
  const [one, two] = [
    [1, 2, 3, 4],
    [5, 6, 7, 8, 9, 10, 11, 12],
  ];
  writeGguf(
    path,
    { 'general.architecture': { type: 'string', value: 'llama' }, list: { type: 'int32s', value: [-1, 2] } },
    [tensor('one', one ?? []), tensor('two', two ?? [])],
  );
  const bytes = readFileSync(path);
  assert.equal(bytes.toString('latin1', 0, 4), 'GGUF');
  assert.equal(bytes.readUInt32LE(4), 3);
  assert.deepEqual([bytes.readBigUInt64LE(8), bytes.readBigUInt64LE(16)], [2n, 2n]);
  // Name (its length first), number of dimensions, one dimension, type; then the offset behind the aligned header.
  const at = bytes.indexOf('two') + 3 + 4 + 8 + 4;
  const header = Math.ceil((at + 8) / 32) * 32;
  const offset = Number(bytes.readBigUInt64LE(at));
  assert.equal(offset, 32);
  assert.deepEqual([...bytes.subarray(header, header + 4)], one);
  assert.deepEqual([...bytes.subarray(header + offset, header + offset + 8)], two);
});
