import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_NAMES } from '../../../../src/runtime/decoder-config.ts';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { type DecoderSignature, readDecoderLayout } from '../../../../src/runtime/ort/decoder-signature.ts';
import type { TensorSpec } from '../../../../src/runtime/ort/tensor-spec.ts';

const CONFIG = { numLayers: 1, numKvHeads: 2, headDim: 16, vocabSize: 400, maxLength: 256 };

const FITTING: DecoderSignature = {
  inputs: [
    { name: 'input_ids', type: 'int64', shape: [-1, -1] },
    { name: 'attention_mask', type: 'int64', shape: [-1, -1] },
    { name: 'past_key_values.0.key', type: 'float32', shape: [-1, 2, -1, 16] },
    { name: 'past_key_values.0.value', type: 'float32', shape: [-1, 2, -1, 16] },
  ],
  outputs: [
    { name: 'logits', type: 'float32', shape: [-1, 1, 400] },
    { name: 'present.0.key', type: 'float32', shape: [-1, 2, -1, 16] },
    { name: 'present.0.value', type: 'float32', shape: [-1, 2, -1, 16] },
  ],
};

/** The fitting signature with one tensor put in place of its namesake, or added. */
function withTensor(side: keyof DecoderSignature, spec: TensorSpec): DecoderSignature {
  return { ...FITTING, [side]: [...FITTING[side].filter(({ name }) => name !== spec.name), spec] };
}

function problemsOf(signature: DecoderSignature): string {
  try {
    readDecoderLayout(signature, CONFIG);
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === 'backend_failed');
    return error.message;
  }
  return '';
}

test('a decoder fits, with positions too, and with sizes that are open', () => {
  assert.equal(problemsOf(FITTING), '');
  assert.equal(problemsOf(withTensor('inputs', { name: 'position_ids', type: 'int64', shape: [-1, -1] })), '');
  assert.equal(problemsOf(withTensor('outputs', { name: 'logits', type: 'float32', shape: [-1, 1, -1] })), '');
});

test('everything that does not fit is named', () => {
  const message = problemsOf({
    inputs: [
      ...FITTING.inputs.slice(1, 3),
      { name: 'past_key_values.0.value', type: 'other', shape: [-1, 2, -1, 16] },
      { name: 'image', type: 'float32', shape: [-1] },
    ],
    outputs: FITTING.outputs.slice(0, 2),
  });
  assert.match(message, /input input_ids int64 or int32\[\?, \?\] is missing/);
  assert.match(message, /input past_key_values\.0\.value is other\[\?, 2, \?, 16\], not float32\[\?, 2, \?, 16\]/);
  assert.match(message, /input image is unexpected/);
  assert.match(message, /output present\.0\.value float32\[\?, 2, \?, 16\] is missing/);
});

test('what graphs do differently is read from the graph', () => {
  assert.deepEqual(readDecoderLayout(FITTING, CONFIG), {
    idType: 'int64',
    maskType: 'int64',
    positionType: undefined,
    kvType: 'float32',
    logitsType: 'float32',
    logitsOf: 'last',
  });
  const halves = (specs: readonly TensorSpec[]) =>
    specs.map((spec) => (spec.name.includes('.0.') ? { ...spec, type: 'float16' as const } : spec));
  const other: DecoderSignature = {
    inputs: [
      { name: 'input_ids', type: 'int32', shape: [-1, -1] },
      { name: 'position_ids', type: 'int64', shape: [-1, -1] },
      ...halves(FITTING.inputs.slice(1)),
    ],
    outputs: [{ name: 'logits', type: 'float16', shape: [-1, -1, 400] }, ...halves(FITTING.outputs.slice(1))],
  };
  assert.deepEqual(readDecoderLayout(other, CONFIG), {
    idType: 'int32',
    maskType: 'int64',
    positionType: 'int64',
    kvType: 'float16',
    logitsType: 'float16',
    logitsOf: 'all',
  });
});

test('KV of two types does not fit', () => {
  const message = problemsOf(
    withTensor('outputs', { name: 'present.0.value', type: 'float16', shape: [-1, 2, -1, 16] }),
  );
  assert.match(message, /output present\.0\.value is float16\[\?, 2, \?, 16\], not float32\[\?, 2, \?, 16\]/);
});

test('other names are those of the configuration', () => {
  const rename = (specs: readonly TensorSpec[]) =>
    specs.map((spec) => ({ ...spec, name: spec.name.replaceAll('.', '_') }));
  const names = { ...DEFAULT_NAMES, pastKey: 'past_key_values_%d_key', pastValue: 'past_key_values_%d_value' };
  const config = { ...CONFIG, names: { ...names, presentKey: 'present_%d_key', presentValue: 'present_%d_value' } };
  const renamed = { inputs: rename(FITTING.inputs), outputs: rename(FITTING.outputs) };
  assert.equal(readDecoderLayout(renamed, config).kvType, 'float32');
  assert.match(problemsOf(renamed), /input past_key_values\.0\.key .* is missing/);
});

test('another vocabulary does not fit', () => {
  const message = problemsOf(withTensor('outputs', { name: 'logits', type: 'float32', shape: [-1, 1, 401] }));
  assert.match(message, /logits is float32\[\?, 1, 401\]/);
});
