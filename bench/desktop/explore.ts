/**
 * Lets a model play episodes and writes its trajectories with the oracle's verdict:
 * `node dist/bench/desktop/explore.js --models DIR --model NAME:VERSION --split train --episodes N --out FILE`.
 * JSON Lines, one step a line: a training example whose answer is what was executed, `reward` 1 or -1 for all steps of an
 * episode that succeeded or failed, `right` if the expert would have done the same here, and the model's `candidates`.
 * The last line on stdout is a summary in JSON. With temperature 0 that is an evaluation.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openRuntime, type Runtime } from '../../src/runtime/index.ts';
import { type ExploredEpisode, type Explorer, explore } from './exploration.ts';
import { SPLITS } from './tasks/draw.ts';

const USAGE = `Usage: explore.js --models DIR --model NAME:VERSION [options]
  --split ${SPLITS.join('|')}   (default train)
  --episodes N       episodes, going through the templates in turn (default 100)
  --seed N           the first episode's seed (default 0)
  --seeds FILE       a JSON list of seeds in place of --episodes and --seed
  --attempts N       times that each episode is played (default 1)
  --temperature T    of the choice among the candidates; 0 takes the first (default 0)
  --candidates N     actions that the model proposes in each state (default 1)
  --rerank           orders the candidates by the reward model in DIR
  --threads N        (default 2)
  --out FILE         where the trajectories go; without it, only the summary is made
`;
const PARALLEL_EPISODES = 8;

function readOptions() {
  const { values } = parseArgs({
    options: {
      models: { type: 'string' },
      model: { type: 'string' },
      split: { type: 'string', default: 'train' },
      episodes: { type: 'string', default: '100' },
      seed: { type: 'string', default: '0' },
      seeds: { type: 'string' },
      attempts: { type: 'string', default: '1' },
      temperature: { type: 'string', default: '0' },
      candidates: { type: 'string', default: '1' },
      rerank: { type: 'boolean', default: false },
      threads: { type: 'string', default: '2' },
      out: { type: 'string' },
    },
  });
  const { models, model, rerank, out } = values;
  const split = SPLITS.find((candidate) => candidate === values.split);
  const numbers = [
    values.episodes,
    values.seed,
    values.attempts,
    values.temperature,
    values.candidates,
    values.threads,
  ];
  const [episodes, first, attempts, temperature, candidates, threads] = numbers.map(Number) as [
    ...[number, number, number, number, number, number],
  ];
  const areWhole = [episodes, first, attempts, candidates, threads].every((count) => Number.isInteger(count));
  if (models === undefined || model === undefined || split === undefined || !areWhole || !(temperature >= 0)) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  const seeds =
    values.seeds === undefined
      ? Array.from({ length: episodes }, (_, i) => first + i)
      : (JSON.parse(readFileSync(values.seeds, 'utf8')) as number[]);
  return { models, model, split, seeds, attempts, temperature, candidates, rerank, threads, out };
}

async function main(): Promise<void> {
  const { models, threads, seeds, attempts, out, ...settings } = readOptions();
  await using runtime = await openModels(models, threads);
  const explorer: Explorer = { runtime, ...settings };
  const jobs = seeds.flatMap((seed) => Array.from({ length: attempts }, (_, attempt) => ({ seed, attempt })));
  const played: ExploredEpisode[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      played[index] = await explore(explorer, jobs[index] as (typeof jobs)[number]);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_EPISODES }, work));
  if (out !== undefined) writeTrajectories(out, played);
  process.stdout.write(`${JSON.stringify(summarize(played))}\n`);
}

function openModels(modelsDir: string, threads: number): Promise<Runtime> {
  return openRuntime({
    modelsDir,
    threads,
    executionProviders: ['cpu'],
    slots: 16,
    queueRequests: 256,
    queueTokens: 1_000_000,
    stepTokens: 1024,
    chunkTokens: 256,
  });
}

/** In the order of the seeds, whatever ended first. */
function writeTrajectories(path: string, played: readonly ExploredEpisode[]): void {
  const file = openSync(path, 'w');
  for (const { steps } of played) for (const step of steps) writeSync(file, `${JSON.stringify(step)}\n`);
  closeSync(file);
}

function summarize(played: readonly ExploredEpisode[]): object {
  const steps = played.flatMap((episode) => episode.steps);
  const share = <T>(items: readonly T[], holds: (item: T) => boolean) =>
    Math.round((10_000 * items.filter(holds).length) / Math.max(1, items.length)) / 100;
  return {
    episodes: played.length,
    tsr: share(played, ({ isSuccess }) => isSuccess),
    steps: steps.length,
    steps_right: share(steps, ({ right }) => right),
    too_long: played.filter(({ isCutOff }) => isCutOff).length,
    violations: played.reduce((sum, { violations }) => sum + violations, 0),
  };
}

await main();
