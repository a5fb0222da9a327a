import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { checkDecoderSignature, type DecoderSignature } from '../../../../src/runtime/ort/decoder-signature.ts';
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
    checkDecoderSignature(signature, CONFIG);
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
  assert.match(message, /input input_ids int64\[\?, \?\] is missing/);
  assert.match(message, /input past_key_values\.0\.value is other\[\?, 2, \?, 16\], not float32\[\?, 2, \?, 16\]/);
  assert.match(message, /input image is unexpected/);
  assert.match(message, /output present\.0\.value float32\[\?, 2, \?, 16\] is missing/);
});

test('a row of logits for every token, not just the last, does not fit', () => {
  const message = problemsOf(withTensor('outputs', { name: 'logits', type: 'float32', shape: [-1, -1, 400] }));
  assert.match(message, /output logits is float32\[\?, \?, 400\], not float32\[\?, 1, 400\]/);
});

test('another vocabulary does not fit', () => {
  const message = problemsOf(withTensor('outputs', { name: 'logits', type: 'float32', shape: [-1, 1, 401] }));
  assert.match(message, /logits is float32\[\?, 1, 401\]/);
});
