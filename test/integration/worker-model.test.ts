/** An engine thread with a real model: the tiny one of random weights, through ONNX Runtime. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { choiceNode } from '../../src/runtime/grammar/builder.ts';
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import { EngineClient } from '../../src/runtime/worker/client.ts';
import { aRequest, GENEROUS } from '../support/engine-builders.ts';
import { grammarOf } from '../support/engine-grammars.ts';
import { never } from '../support/engine-worker.ts';

const FOLDER = 'test/fixtures/models/tiny/1';

function readJson(name: string) {
  return JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
}

test('a crowd of requests gets what each gets alone, and the model is released', async () => {
  const manifest = readJson('lam.json');
  const tokenizer = new SegmentTokenizer(readJson('tokenizer.json'), readJson('tokenizer_config.json'));
  const client = await EngineClient.start({
    model: 'tiny',
    version: '1',
    tokenBytes: tokenizer.tokenBytes,
    runner: {
      type: 'decoder',
      options: {
        modelPath: `${FOLDER}/model.onnx`,
        config: {
          numLayers: manifest.num_layers,
          numKvHeads: manifest.num_kv_heads,
          headDim: manifest.head_dim,
          vocabSize: manifest.vocab_size,
          maxLength: manifest.context_length,
        },
        numSlots: 4,
        threads: 1,
      },
    },
    // Small enough that prompts are cut into chunks while other sequences decode.
    scheduler: { ...GENEROUS, maxStepTokens: 24, maxChunkTokens: 16 },
  });
  const end = tokenizer.specialId('<|end|>');
  const [bold, save] = [tokenizer.encodeText('Bold'), tokenizer.encodeText('Save')];
  const grammar = grammarOf([
    choiceNode(
      'control',
      [bold, save].map((name) => ({ tokens: [...name, tokenizer.specialId('<|fn|>')], next: 1 })),
    ),
    { type: 'text', field: 'args', minBytes: 0, maxBytes: 16, next: 2 },
    choiceNode('args', [{ tokens: [end], next: 3 }]),
    { type: 'end' },
  ]);
  const requests = Array.from({ length: 10 }, (_, seed) =>
    aRequest({
      promptTokens: Int32Array.from({ length: 3 + 5 * seed }, (_, i) => (7 * i + seed) % manifest.vocab_size),
      grammar,
      sampling: { temperature: seed % 2, seed },
    }),
  );
  const together = await Promise.all(requests.map((request) => client.generate(request, never())));
  for (const [i, request] of requests.entries()) {
    const alone = await client.generate(request, never());
    assert.deepEqual(together[i]?.tokens, alone.tokens);
    assert.equal(alone.tokens.at(-1), end);
  }
  assert.ok((await client.stats()).nativeHandles > 0);
  await client.close();
  assert.deepEqual(await client.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
});
