import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_NAMES } from '../../../../src/runtime/decoder-config.ts';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { parseGenaiConfig } from '../../../../src/runtime/models/genai-config.ts';

const TEXT = readFileSync('test/fixtures/models/genai-qwen2/1/genai_config.json', 'utf8');

/** A folder's file, changed. */
// biome-ignore lint/suspicious/noExplicitAny: each test breaks it in another place
function changed(change: (config: any) => void): unknown {
  const config = JSON.parse(TEXT);
  change(config);
  return config;
}

function problemOf(content: unknown): string {
  try {
    parseGenaiConfig('genai_config.json', content);
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === 'unavailable', String(error));
    assert.match(error.message, /^genai_config\.json: /);
    return error.message;
  }
  return '';
}

test('a file of the model builder becomes the sizes of a decoder', () => {
  const { decoder, ...rest } = parseGenaiConfig('genai_config.json', JSON.parse(TEXT));
  assert.deepEqual(rest, { type: 'qwen2', fileName: 'model.onnx', hiddenSize: 32, numHeads: 4, endTokens: [382, 380] });
  assert.deepEqual(decoder, {
    numLayers: 2,
    numKvHeads: 2,
    headDim: 16,
    vocabSize: 384,
    maxLength: 128,
    sharesKvBuffer: true,
    names: DEFAULT_NAMES,
  });
});

test('what the builder leaves out in older versions has the same meaning as there', () => {
  const content = changed(({ model, search }) => {
    model.decoder.outputs = {};
    model.decoder.inputs = { input_ids: 'tokens' };
    model.eos_token_id = 7;
    delete model.pad_token_id;
    delete search.past_present_share_buffer;
  });
  const { decoder, endTokens } = parseGenaiConfig('genai_config.json', content);
  assert.deepEqual(decoder.names, { ...DEFAULT_NAMES, inputIds: 'tokens' });
  assert.equal(decoder.sharesKvBuffer, false);
  assert.deepEqual(endTokens, [7]);
});

const WRONG: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  'no object': ['{}', /expected object/],
  'no layers': [changed(({ model }) => delete model.decoder.num_hidden_layers), /model\.decoder\.num_hidden_layers/],
  'no whole number of heads': [
    changed(({ model }) => (model.decoder.num_key_value_heads = 1.5)),
    /num_key_value_heads/,
  ],
  'heads that cannot be shared': [changed(({ model }) => (model.decoder.num_key_value_heads = 3)), /4 attention heads/],
  'a name without the layer': [changed(({ model }) => (model.decoder.inputs.past_key_names = 'past')), /needs a %d/],
  'a file elsewhere': [changed(({ model }) => (model.decoder.filename = '../model.onnx')), /plain file name/],
  'an end token below 0': [changed(({ model }) => (model.eos_token_id = [-1])), /eos_token_id/],
  'an encoder': [changed(({ model }) => (model.encoder = {})), /the part "encoder" cannot be served/],
  'a pipeline': [changed(({ model }) => (model.decoder.pipeline = [])), /a pipeline/],
  'embeddings elsewhere': [
    changed(({ model }) => (model.decoder.inputs = { inputs_embeds: 'inputs_embeds' })),
    /a graph without embeddings/,
  ],
  'paged attention': [changed(({ model }) => (model.decoder.inputs.block_table = 'block_table')), /PagedAttention/],
};
for (const [name, [content, problem]] of Object.entries(WRONG)) {
  test(`a file with ${name} is refused, and the reason names it`, () => assert.match(problemOf(content), problem));
}

test('whatever is in the file, it is refused with a reason or read', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (content) => assert.notEqual(problemOf(content), '')),
    { numRuns: 200 },
  );
});
