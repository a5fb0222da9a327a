/** KV of common beginnings with real models: it changes no answer, and saves what the steps of an episode have in common. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeEpisode } from '../../bench/desktop/episodes.ts';
import { stateOf } from '../../bench/desktop/example.ts';
import { rollOut } from '../../bench/desktop/rollout.ts';
import { CompactDialect } from '../../src/runtime/dialects/compact-dialect.ts';
import type { GenerateRequest, GenerateResult } from '../../src/runtime/engine/generate.ts';
import type { Prediction, State } from '../../src/runtime/index.ts';
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import { EngineClient } from '../../src/runtime/worker/client.ts';
import { GENEROUS } from '../support/engine-builders.ts';
import { never } from '../support/engine-worker.ts';
import { open, predictOptions } from '../support/open-models.ts';
import { aControl, aState } from '../support/states.ts';

const TINY = 'test/fixtures/models/tiny/1';
const STORE_BYTES = 64 * 2 ** 20;

/** What the expert sees on the way through an episode that makes no mistakes. */
function statesOf(seed: number): readonly State[] {
  const episode = makeEpisode('test', seed);
  return rollOut(episode, null).map((step) => stateOf(episode.request, step));
}

/** What a prompt shows of a window. */
function windowOf({ controls }: State): string {
  return JSON.stringify(controls.map(({ name, type, selected, enabled }) => [name, type, selected, enabled]));
}

test('tiny: every answer has the same tokens, whether its beginning was computed or restored', async () => {
  const read = (name: string) => JSON.parse(readFileSync(`${TINY}/${name}`, 'utf8'));
  const tokenizer = new SegmentTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
  const manifest = read('lam.json');
  const dialect = new CompactDialect(tokenizer);
  const requests = Array.from({ length: 12 }, (_, i): GenerateRequest => {
    // Each shares another part of its controls with those before it.
    const names = ['Save', 'Undo', 'Bold', 'Italic', i % 2 === 0 ? 'Font' : 'Size', `Number ${i % 5}`, 'Close'];
    const controls = names.map((name, id) => aControl({ id: `${id}`, name }));
    const { promptTokens, grammar } = dialect.prepare(aState({ controls }), { maxTextBytes: 8 });
    return { promptTokens, grammar, sampling: { temperature: i % 3, seed: i } };
  });
  const answers = async (prefixStoreBytes: number): Promise<GenerateResult[]> => {
    await using client = await EngineClient.start({
      model: 'tiny',
      version: '1',
      tokenBytes: tokenizer.tokenBytes,
      runner: {
        type: 'decoder',
        options: {
          modelPath: `${TINY}/model.onnx`,
          config: {
            numLayers: manifest.num_layers,
            numKvHeads: manifest.num_kv_heads,
            headDim: manifest.head_dim,
            vocabSize: manifest.vocab_size,
            maxLength: manifest.context_length,
          },
          numSlots: 2,
          threads: 1,
        },
      },
      scheduler: { ...GENEROUS, maxStepTokens: 24, maxChunkTokens: 16 },
      prefixStoreBytes,
      prefixBlockTokens: 8,
    });
    const results: GenerateResult[] = [];
    for (const request of requests) results.push(await client.generate(request, never()));
    return results;
  };
  const [cold, warm] = [await answers(0), await answers(STORE_BYTES)];
  assert.deepEqual(
    warm.map(({ tokens }) => tokens),
    cold.map(({ tokens }) => tokens),
  );
  assert.ok(cold.every(({ cachedTokens }) => cachedTokens === 0));
  assert.equal(warm[0]?.cachedTokens, 0);
  for (const { cachedTokens } of warm.slice(1)) assert.ok(cachedTokens > 0 && cachedTokens % 8 === 0);
});

test('shipped: episodes take the same actions, and their later steps compute a part of their prompts only', async () => {
  const episodes = [0, 3, 6, 9, 18, 21].map(statesOf);
  const run = async (prefixStoreBytes: number): Promise<Prediction[][]> => {
    await using runtime = await open({ prefixStoreBytes });
    const all: Prediction[][] = [];
    for (const states of episodes) {
      const steps: Prediction[] = [];
      for (const state of states) steps.push(await runtime.predictAction(state, predictOptions()));
      all.push(steps);
    }
    return all;
  };
  const [cold, warm] = [await run(0), await run(STORE_BYTES)];
  const said = ({ action, usage }: Prediction) => ({ action, usage: { ...usage, cachedTokens: 0 } });
  assert.deepEqual(
    warm.map((steps) => steps.map(said)),
    cold.map((steps) => steps.map(said)),
  );
  assert.ok(cold.flat().every(({ usage }) => usage.cachedTokens === 0));

  let [computed, total, seenAgain] = [0, 0, 0];
  for (const [e, steps] of warm.entries()) {
    const windows = (episodes[e] ?? []).map(windowOf);
    for (const [i, { usage }] of steps.entries()) {
      if (i === 0) continue;
      const share = 1 - usage.cachedTokens / usage.promptTokens;
      computed += usage.promptTokens - usage.cachedTokens;
      total += usage.promptTokens;
      if (!windows.slice(0, i).includes(windows[i] ?? '')) continue;
      seenAgain += 1;
      assert.ok(
        share <= 0.5,
        `episode ${e}, step ${i}: ${share} of a prompt computed for a window that was seen before`,
      );
    }
  }
  assert.ok(seenAgain > 0);
  // Another tab changes the window near its top, and what stands behind that in the prompt is computed anew.
  assert.ok(computed / total <= 2 / 3, `${computed} of ${total} tokens computed`);
});
