/**
 * Evaluates a plan model: `node dist/bench/desktop/try-plans.js --models DIR --model NAME:VERSION --split test --episodes N`.
 * Each plan is made from the task alone, carried out in a window as Word opens it, and the result judged by the oracle. The
 * last line on stdout is a summary in JSON.
 */
import { parseArgs } from 'node:util';
import { openRuntime } from '../../src/runtime/index.ts';
import { type Episode, makeEpisode } from './episodes.ts';
import { performPlan, planFor } from './plans.ts';
import { SPLITS } from './tasks/draw.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    model: { type: 'string' },
    split: { type: 'string', default: 'test' },
    episodes: { type: 'string', default: '200' },
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
  },
});
const split = SPLITS.find((candidate) => candidate === values.split);
const [episodes, first, threads] = [values.episodes, values.seed, values.threads].map(Number) as [
  ...[number, number, number],
];
const { models, model } = values;
if (
  models === undefined ||
  model === undefined ||
  split === undefined ||
  ![episodes, first, threads].every(Number.isInteger)
) {
  process.stderr.write(
    `Usage: try-plans.js --models DIR --model NAME:VERSION [--split ${SPLITS.join('|')}] [--episodes N]\n`,
  );
  process.exit(2);
}

await using runtime = await openRuntime({
  modelsDir: models,
  threads,
  executionProviders: ['cpu'],
  slots: 8,
  queueRequests: episodes,
  queueTokens: 10_000_000,
  stepTokens: 1024,
  chunkTokens: 256,
});
const tried = await Promise.all(
  Array.from({ length: episodes }, (_, i) => tryPlan(makeEpisode(split, first + i, { isCalm: true }), first + i)),
);
const share = (holds: (one: (typeof tried)[number]) => boolean) =>
  Math.round((10_000 * tried.filter(holds).length) / Math.max(1, episodes)) / 100;
process.stdout.write(
  `${JSON.stringify({ episodes, tsr: share(({ isSuccess }) => isSuccess), same_plan: share(({ isSame }) => isSame) })}\n`,
);

async function tryPlan(episode: Episode, seed: number) {
  const { app } = episode.desktop.observe();
  const signal = new AbortController().signal;
  const { plan } = await runtime.predictPlan({ userRequest: episode.request, app }, { model: model as string, signal });
  const isSame = JSON.stringify(plan) === JSON.stringify(planFor(split as NonNullable<typeof split>, seed));
  return { isSame, isSuccess: episode.isSuccess(performPlan(episode.desktop, plan)) };
}
