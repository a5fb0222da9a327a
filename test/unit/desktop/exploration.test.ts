import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { actionOf } from '../../../bench/desktop/example.ts';
import { explore } from '../../../bench/desktop/exploration.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import type { Action, Candidate, Runtime } from '../../../src/runtime/index.ts';

const SURE = { control: 1, function: 1, args: 1, status: 1 };
const GIVE_UP: Action = {
  thought: '',
  controlId: '',
  controlName: '',
  function: '',
  args: {},
  status: 'FAIL',
  plan: [],
};
const PROBABILITIES = [0.75, 0.25] as const;

/** A model that proposes what the expert does in this episode, and giving up as another candidate. */
function expertRuntime(seed: number): Runtime {
  const steps = rollOut(makeEpisode('train', seed));
  const predictAction = async ({ previousActions }: { previousActions: readonly unknown[] }) => {
    const step = steps[previousActions.length];
    assert.ok(step);
    const actions = [actionOf(step.observation, step.decision), GIVE_UP];
    const candidates: Candidate[] = actions.map((action, i) => ({
      action,
      confidence: SURE,
      probability: PROBABILITIES[i] ?? 0,
    }));
    return { candidates };
  };
  return { predictAction } as unknown as Runtime;
}

const SETTINGS = { model: '', split: 'train', candidates: 2, rerank: false } as const;
const play = (seed: number, temperature: number, attempt = 0) =>
  explore({ runtime: expertRuntime(seed), ...SETTINGS, temperature }, { seed, attempt });

/** Short tasks, the ones with a dozen steps and such as have to be given up. */
const SEEDS = Array.from({ length: 24 }, (_, i) => 7 * i);

test('a model that does what the expert does succeeds, and every step of it is worth 1 and right', async () => {
  for (const seed of SEEDS) {
    const { steps, isSuccess, isCutOff } = await play(seed, 0);
    assert.equal(isSuccess, true, `seed ${seed}`);
    assert.equal(isCutOff, false);
    assert.equal(steps.length, rollOut(makeEpisode('train', seed)).length);
    for (const { reward, right, answer, candidates } of steps) {
      assert.equal(reward, 1);
      assert.equal(right, true);
      assert.deepEqual(candidates[0]?.answer, answer);
      assert.deepEqual(
        candidates.map(({ probability }) => probability),
        PROBABILITIES,
      );
    }
  }
});

test('who gives up where that is wrong fails, and every step of it is worth -1, the right ones too', async () => {
  const attempts = await Promise.all(SEEDS.map((seed) => play(seed, 50)));
  const failed = attempts.filter(({ isSuccess }) => !isSuccess);
  assert.ok(failed.length > 0 && failed.length < attempts.length);
  for (const { steps } of failed) {
    assert.ok(steps.every(({ reward }) => reward === -1));
    assert.equal(steps.at(-1)?.right, false);
  }
  assert.ok(failed.some(({ steps }) => steps.some(({ right }) => right)));
});

test('the same attempt is the same trajectory, another attempt may be another', async () => {
  const lengths = async (attempt: number) =>
    Promise.all(SEEDS.map(async (seed) => (await play(seed, 1, attempt)).steps.length));
  assert.deepEqual(await lengths(0), await lengths(0));
  assert.notDeepEqual(await lengths(0), await lengths(1));
});
