/**
 * Writes the data pipeline's records: `node dist/bench/desktop/records-export.js --split train --episodes N --out FOLDER`.
 * JSON Lines in FOLDER: `instantiation`, `execution_pass`, `execution_fail`, `execution_unsure` (UFO's records), `plans` (a task
 * and its numbered steps, with the same task in other words), and `steps_pass`, `steps_fail` (examples for training, as
 * `plans` are).
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Episode, makeEpisode } from './episodes.ts';
import { type Example, mistakesOf, toExamples } from './example.ts';
import { USUAL_MAX_CONTROLS } from './limit.ts';
import { planExamples } from './plan-example.ts';
import { planFor } from './plans.ts';
import { hashText, Random } from './random.ts';
import { type PipelineRun, runPipeline } from './records.ts';
import { servesOthers, sideExamples } from './side-tasks.ts';
import { SPLITS, type Split } from './tasks/draw.ts';

const USAGE = `Usage: records-export.js --out FOLDER [options]
  --split ${SPLITS.join('|')}   (default train)
  --episodes N        episodes, going through the templates in turn (default 1000)
  --seed N            the first episode's seed (default 0)
  --failures SHARE    share of tasks that the expert gets wrong, 0 to 1 (default 0.2)
  --rephrasings N     other wordings of each task in plans.jsonl (default 2)
  --mistakes          in half of the episodes wrong actions happen, which the expert then makes good
  --side-tasks N      other tasks for each screen of steps_pass.jsonl (default 0)
  --max-controls N    what the client sends of a screen (default ${USUAL_MAX_CONTROLS})
`;

const FILES = [
  ...['instantiation', 'execution_pass', 'execution_fail', 'execution_unsure'],
  ...['plans', 'steps_pass', 'steps_fail'],
] as const;
type FileName = (typeof FILES)[number];

function main(): void {
  const { values } = parseArgs({
    options: {
      split: { type: 'string', default: 'train' },
      episodes: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '0' },
      failures: { type: 'string', default: '0.2' },
      rephrasings: { type: 'string', default: '2' },
      mistakes: { type: 'boolean', default: false },
      'side-tasks': { type: 'string', default: '0' },
      'max-controls': { type: 'string', default: String(USUAL_MAX_CONTROLS) },
      out: { type: 'string' },
    },
  });
  const split = SPLITS.find((candidate) => candidate === values.split);
  const [episodes, first, failureRate, count] = [values.episodes, values.seed, values.failures, values.rephrasings].map(
    Number,
  ) as [number, number, number, number];
  const maxControls = Number(values['max-controls']);
  const sideTasks = Number(values['side-tasks']);
  const isUsable =
    maxControls >= 1 &&
    sideTasks >= 0 &&
    episodes >= 1 &&
    Number.isInteger(first) &&
    failureRate >= 0 &&
    failureRate <= 1 &&
    count >= 0;
  if (split === undefined || values.out === undefined || !isUsable) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  const folder = values.out;
  mkdirSync(folder, { recursive: true });
  for (const name of FILES) writeFileSync(join(folder, `${name}.jsonl`), '');
  const write = (name: FileName, lines: readonly unknown[]): void => {
    if (lines.length === 0) return;
    appendFileSync(join(folder, `${name}.jsonl`), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  };
  const job = { split, first, episodes, failureRate, count, makesMistakes: values.mistakes, maxControls, sideTasks };
  const passed = writeEpisodes(job, write);
  process.stdout.write(`${passed} of ${episodes} episodes passed; records in ${folder}\n`);
}

type Job = {
  readonly split: Split;
  readonly first: number;
  readonly episodes: number;
  readonly failureRate: number;
  readonly count: number;
  readonly makesMistakes: boolean;
  readonly maxControls: number;
  readonly sideTasks: number;
};

/** How many passed. */
function writeEpisodes(job: Job, write: (name: FileName, lines: readonly unknown[]) => void): number {
  const { split, first, failureRate, maxControls } = job;
  let passed = 0;
  for (let seed = first; seed < first + job.episodes; seed++) {
    const episode = makeEpisode(split, seed, { maxControls });
    const mistakes = job.makesMistakes ? mistakesOf(split, seed) : null;
    const plan = planFor(split, seed);
    const run = runPipeline(episode, { id: `${split}_${seed}`, seed, failureRate, plan, mistakes });
    const isPass = run.outcome === 'execution_pass';
    if (isPass) passed++;
    write('instantiation', [run.instantiation]);
    write(run.outcome, [run.execution]);
    const examples = toExamples(episode, run.attempt.steps, { split, seed });
    if (isPass) write('steps_pass', job.sideTasks > 0 ? withSideTasks(examples, { episode, run, job }) : examples);
    else write('steps_fail', examples);
    write('plans', planExamples(episode, plan, job.count));
  }
  return passed;
}

type Passed = { readonly episode: Episode; readonly run: PipelineRun; readonly job: Job };

function withSideTasks(examples: readonly Example[], { episode, run, job }: Passed): unknown[] {
  return run.attempt.steps.map((step, i) => {
    const random = new Random(hashText(`side:${examples[i]?.episode}:${i}`));
    const others = servesOthers(step, job.maxControls) && sideExamples({ episode, step }, random, job.sideTasks);
    return { ...examples[i], ...(others && { others }) };
  });
}

main();
