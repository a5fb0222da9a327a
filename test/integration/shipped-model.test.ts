/** The shipped models through the whole runtime: the same action whatever else runs, and nothing left behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../bench/desktop/episodes.ts';
import {
  openRuntime,
  type Prediction,
  type Runtime,
  type RuntimeOptions,
  type State,
} from '../../src/runtime/index.ts';
import { aState } from '../support/states.ts';

const OPTIONS: RuntimeOptions = {
  modelsDir: 'models',
  slots: 8,
  threads: 1,
  executionProviders: ['cpu'],
  queueRequests: 64,
  queueTokens: 65_536,
  stepTokens: 512,
  chunkTokens: 256,
};

/** First states of test episodes, so different prompts of different lengths. */
const STATES: readonly State[] = Array.from({ length: 8 }, (_, i) => {
  const { request, desktop } = makeEpisode('test', 10 * i + 1);
  const { app, controls } = desktop.observe();
  return aState({ userRequest: request, app, controls });
});

function predict(runtime: Runtime, state: State, overrides: { temperature?: number } = {}): Promise<Prediction> {
  const signal = new AbortController().signal;
  return runtime.predictAction(state, { model: '', temperature: 0, seed: 7, maxTextBytes: 32, signal, ...overrides });
}

async function predictAlone(runtime: Runtime, overrides: { temperature?: number } = {}): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for (const state of STATES) predictions.push(await predict(runtime, state, overrides));
  return predictions;
}

const actionsOf = (predictions: readonly Prediction[]) => predictions.map(({ action }) => action);

test('alone, eight at once, and prefilled in chunks of 16: the same actions', async () => {
  await using runtime = await openRuntime(OPTIONS);
  const alone = await predictAlone(runtime);
  assert.deepEqual(actionsOf(await Promise.all(STATES.map((state) => predict(runtime, state)))), actionsOf(alone));
  await using chunked = await openRuntime({ ...OPTIONS, chunkTokens: 16, stepTokens: 24 });
  assert.deepEqual(actionsOf(await predictAlone(chunked)), actionsOf(alone));
});

test('a seed gives the same action whatever else runs', async () => {
  await using runtime = await openRuntime(OPTIONS);
  const alone = await predictAlone(runtime, { temperature: 1.5 });
  const together = await Promise.all(STATES.map((state) => predict(runtime, state, { temperature: 1.5 })));
  assert.deepEqual(actionsOf(together), actionsOf(alone));
});

test('usage adds up, every answer is grounded, and no slot stays in use', async () => {
  await using runtime = await openRuntime(OPTIONS);
  for (const { usage, grounded, confidence, timing } of await predictAlone(runtime)) {
    assert.ok(grounded && usage.promptTokens > 50 && usage.generatedTokens > 0 && usage.forcedTokens > 0);
    for (const share of Object.values(confidence)) assert.ok(share > 0 && share <= 1);
    assert.ok(timing.prefillMs + timing.decodeMs <= timing.totalMs);
  }
  const { slotsInUse, activeRequests } = await runtime.stats();
  assert.deepEqual([slotsInUse, activeRequests], [0, 0]);
});

test('a state that does not fit the context is refused with the field that fills it', async () => {
  await using runtime = await openRuntime(OPTIONS);
  const controls = Array.from({ length: 500 }, (_, i) => ({
    id: `${i}`,
    name: `Unusual name ${i * 7919}`,
    type: 'Button',
  }));
  await assert.rejects(predict(runtime, aState({ controls })), {
    code: 'context_length',
    details: { field: 'controls' },
  });
});
