/** Several versions in one runtime, with real models: loaded, shared, replaced, broken and unloaded while requests run. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GatewayError, Prediction, Runtime, RuntimeObserver } from '../../src/runtime/index.ts';
import { preferenceOf } from '../../src/runtime/reward/preference.ts';
import { runLoadUnload } from '../support/load-unload.ts';
import { ModelFolders } from '../support/model-folders.ts';
import { open, predict, predictOptions, ThreadWatch } from '../support/open-models.ts';
import { aState } from '../support/states.ts';

async function folders(...versions: readonly string[]): Promise<ModelFolders> {
  const created = await ModelFolders.create();
  for (const version of versions) await created.add('tiny', version);
  return created;
}

/** Asks without a pause until it is told to stop; how each request ended. */
function load(runtime: Runtime, model: string) {
  let isRunning = true;
  const outcomes: (Prediction | GatewayError)[] = [];
  const workers = Array.from({ length: 4 }, async () => {
    while (isRunning) outcomes.push(await predict(runtime, { model }).catch((error: GatewayError) => error));
  });
  return {
    async stop() {
      isRunning = false;
      await Promise.all(workers);
      return outcomes;
    },
  };
}

describe('several versions', () => {
  test('answer side by side, and the newest one where only the name is given', async () => {
    await using root = await folders('1', '2');
    await using runtime = await open({ modelsDir: root.root });
    const versions = ['tiny:1', 'tiny:2', 'tiny', ''].map(async (model) => (await predict(runtime, { model })).version);
    assert.deepEqual(await Promise.all(versions), ['1', '2', '2', '2']);
    assert.deepEqual(
      runtime.memory().models.map(({ name, version }) => `${name}:${version}`),
      ['tiny:1', 'tiny:2'],
    );
  });

  test('are told to expect a request, or nobody is where nobody could answer it', async () => {
    await using root = await folders('1', '2');
    await using runtime = await open({ modelsDir: root.root });
    for (const model of ['tiny:1', '', 'nobody', 'tiny:3']) runtime.expectAction({ model });
    assert.equal((await predict(runtime, { model: 'tiny:1' })).version, '1');
    await runtime.unloadModel('tiny', '1');
    runtime.expectAction({ model: 'tiny:1' });
    const { activeRequests, slotsInUse } = await runtime.stats();
    assert.deepEqual([activeRequests, slotsInUse], [0, 0]);
  });

  test('share the traffic by labels, an episode always on the same one', async () => {
    await using root = await folders('1', '2');
    await using runtime = await open({ modelsDir: root.root });
    await runtime.setLabel({ name: 'tiny', label: 'stable', version: '1', share: 0.75 });
    await runtime.setLabel({ name: 'tiny', label: 'canary', version: '2', share: 0.25 });
    const versionOf = async (episode: number) =>
      (await predict(runtime, { model: 'tiny', stickyKey: `episode ${episode}` })).version;
    const episodes = Array.from({ length: 40 }, (_, i) => i);
    const first = await Promise.all(episodes.map(versionOf));
    assert.deepEqual(await Promise.all(episodes.map(versionOf)), first);
    assert.deepEqual([...new Set(first)].sort(), ['1', '2']);
    assert.equal((await predict(runtime, { model: 'tiny:canary' })).version, '2');
    assert.deepEqual(
      runtime.models().map(({ labels }) => labels),
      [[{ label: 'stable', share: 0.75 }], [{ label: 'canary', share: 0.25 }]],
    );
  });
});

describe('under load', () => {
  test('a reload loses no request, and leaves one thread per version', async () => {
    await using root = await folders('1');
    using watch = new ThreadWatch();
    const runtime = await open({ modelsDir: root.root });
    const traffic = load(runtime, 'tiny:1');
    for (let i = 0; i < 3; i++) assert.equal((await runtime.loadModel('tiny', '1')).state, 'ready');
    const outcomes = await traffic.stop();
    assert.ok(outcomes.length > 10);
    for (const outcome of outcomes) assert.ok(!(outcome instanceof Error), String(outcome));
    await runtime[Symbol.asyncDispose]();
    assert.equal(watch.alive.length, 0);
    assert.deepEqual(await runtime.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
  });

  test('an unload lets requests finish, and later ones are told that the version is gone', async () => {
    await using root = await folders('1', '2');
    await using runtime = await open({ modelsDir: root.root });
    const under = Array.from({ length: 6 }, () => predict(runtime, { model: 'tiny:1' }));
    await runtime.unloadModel('tiny', '1');
    for (const prediction of await Promise.all(under)) assert.equal(prediction.version, '1');
    await assert.rejects(predict(runtime, { model: 'tiny:1' }), { code: 'model_not_found' });
    assert.equal(runtime.memory().models.length, 1);
  });

  test('threads that are killed, twenty times, are replaced: one outcome per request, and ready again each time', async () => {
    await using root = await folders('1');
    using watch = new ThreadWatch();
    await using runtime = await open({ modelsDir: root.root });
    for (let round = 0; round < 20; round++) {
      const ends = Promise.all(
        Array.from({ length: 12 }, () =>
          predict(runtime).then(
            ({ version }) => version,
            ({ code }) => code,
          ),
        ),
      );
      await predict(runtime);
      await watch.alive[0]?.terminate();
      for (const end of await ends) assert.match(end, /^(1|unavailable)$/);
      assert.match(runtime.unreadyReason() ?? '', /^model tiny:1: the engine thread exited/);
      assert.equal(runtime.models()[0]?.state, 'restarting');
      while (runtime.unreadyReason() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal((await predict(runtime)).version, '1');
    }
  });
});

describe('a folder that is broken', () => {
  test('is refused by its checksum, with the file; the version that serves goes on', async () => {
    await using root = await folders('1');
    await using runtime = await open({ modelsDir: root.root });
    await root.corrupt('tiny', '1', 'model.onnx');
    const traffic = load(runtime, 'tiny:1');
    await assert.rejects(runtime.loadModel('tiny', '1'), {
      code: 'unavailable',
      message: /model\.onnx: its sha256 is/,
    });
    for (const outcome of await traffic.stop()) assert.ok(!(outcome instanceof Error), String(outcome));
    assert.equal(runtime.unreadyReason(), undefined);
  });

  test('is not loaded by a restart either, which goes on trying and says why', async () => {
    await using root = await folders('1');
    using watch = new ThreadWatch();
    await using runtime = await open({ modelsDir: root.root });
    await root.corrupt('tiny', '1', 'model.onnx');
    await watch.alive[0]?.terminate();
    while (!runtime.unreadyReason()?.includes('sha256')) await new Promise((resolve) => setTimeout(resolve, 5));
    await root.corrupt('tiny', '1', 'model.onnx');
    while (runtime.unreadyReason() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal((await predict(runtime)).version, '1');
  });

  test('ends the start of the whole, with nothing left behind', async () => {
    await using root = await folders('1', '2');
    await root.corrupt('tiny', '2', 'tokenizer.json');
    using watch = new ThreadWatch();
    await assert.rejects(open({ modelsDir: root.root }), { code: 'unavailable', message: /tokenizer\.json/ });
    assert.equal(watch.alive.length, 0);
  });

  test('under another name than its own is refused', async () => {
    await using root = await ModelFolders.create();
    await root.add('tiny', '1');
    await root.rename('tiny', '1', '3');
    await assert.rejects(open({ modelsDir: root.root }), { message: /it says tiny:1, its folder tiny:3/ });
  });
});

test('a load beyond the memory ceiling is refused with the numbers, and takes nothing', async () => {
  await using root = await folders('1');
  await using plain = await open({ modelsDir: root.root });
  const { totalBytes } = plain.memory();
  await using runtime = await open({ modelsDir: root.root, maxMemoryBytes: Math.floor(totalBytes * 1.5) });
  await root.add('tiny', '2');
  await assert.rejects(runtime.loadModel('tiny', '2'), { code: 'failed_precondition', message: /needs \d+ MiB/ });
  assert.equal(runtime.memory().totalBytes, totalBytes);
  assert.equal((await predict(runtime)).version, '1');
});

describe('the other roles', () => {
  /** An action model, a plan model and a reward model, all of random weights. */
  async function allRoles(): Promise<ModelFolders> {
    const root = await folders('1');
    await root.add('planner', '1', 'test/fixtures/models/tiny-plan/1');
    await root.add('judge', '1', 'test/fixtures/models/tiny-reward/1');
    return root;
  }

  test('a plan model makes plans, a reward model scores actions, each asked only for its own', async () => {
    await using root = await allRoles();
    const batches: number[] = [];
    const observer: RuntimeObserver = { onStep: () => {}, onRewardBatch: ({ pairs }) => batches.push(pairs) };
    await using runtime = await open({ modelsDir: root.root, observer });
    const { plan, model } = await runtime.predictPlan(aState(), predictOptions());
    assert.equal(model, 'planner');
    assert.ok(plan.length > 0);
    const { candidates } = await predict(runtime, { candidates: 3 });
    const actions = candidates.map(({ action }) => action);
    const scores = await runtime.scoreActions(aState(), actions, predictOptions());
    assert.equal(scores.model, 'judge');
    assert.equal(scores.rewards.length, actions.length);
    for (const { raw, score } of scores.rewards) assert.ok(Math.abs(score - 1 / (1 + Math.exp(-raw))) < 1e-9);
    // A thread tells of its steps before it answers this.
    await runtime.stats();
    assert.ok(batches.at(-1) === actions.length);
    await assert.rejects(runtime.predictPlan(aState(), predictOptions({ model: 'tiny' })), { code: 'model_not_found' });
    await assert.rejects(runtime.scoreActions(aState(), [], predictOptions()), { details: { field: 'actions' } });
  });

  test('candidates are distinct, the most probable first, or the best by the reward model', async () => {
    await using root = await allRoles();
    await using runtime = await open({ modelsDir: root.root });
    const { candidates, action } = await predict(runtime, { candidates: 4 });
    assert.ok(candidates.length > 1);
    assert.equal(new Set(candidates.map((candidate) => JSON.stringify(candidate.action))).size, candidates.length);
    const probabilities = candidates.map(({ probability }) => probability);
    assert.deepEqual(
      probabilities,
      probabilities.toSorted((a, b) => b - a),
    );
    assert.deepEqual(candidates[0]?.action, action);

    const ranked = await predict(runtime, { candidates: 4, rerank: true });
    const preferences = ranked.candidates.map(({ probability, reward }) =>
      preferenceOf({ probability, reward: reward ?? { raw: Number.NaN } }),
    );
    assert.deepEqual(
      preferences,
      preferences.toSorted((a, b) => b - a),
    );
    assert.deepEqual(ranked.action, ranked.candidates[0]?.action);
    assert.deepEqual(
      new Set(ranked.candidates.map((candidate) => JSON.stringify(candidate.action))),
      new Set(candidates.map((candidate) => JSON.stringify(candidate.action))),
    );
  });

  test('a reward thread that is killed is replaced', async () => {
    await using root = await allRoles();
    const restarts: string[] = [];
    using watch = new ThreadWatch();
    const observer: RuntimeObserver = { onStep: () => {}, onRestart: ({ model }) => restarts.push(model) };
    await using runtime = await open({ modelsDir: root.root, observer });
    for (const thread of watch.alive) await thread.terminate();
    assert.deepEqual(restarts.toSorted(), ['judge', 'planner', 'tiny']);
    while (runtime.unreadyReason() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    const { action } = await predict(runtime);
    const { rewards } = await runtime.scoreActions(aState(), [action], predictOptions());
    assert.ok(Number.isFinite(rewards[0]?.raw));
  });
});

test('a folder of onnxruntime-genai is found, and needs a context that holds its prompts', async () => {
  await using root = await folders('1');
  await root.add('chat', '1', 'test/fixtures/models/genai-llama/1');
  await assert.rejects(open({ modelsDir: root.root }), {
    code: 'context_length',
    message: /the model's context is 128/,
  });
});

test('ten cycles of loading and unloading leave no native object and no thread', async () => {
  const { nativeHandles, threads, cycles } = await runLoadUnload({ cycles: 10 });
  assert.deepEqual({ nativeHandles, threads, cycles }, { nativeHandles: 0, threads: 0, cycles: 10 });
});
