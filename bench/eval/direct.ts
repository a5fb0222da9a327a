/**
 * Offline evaluation without a gateway, as training needs it many times:
 * `node dist/bench/eval/direct.js --models DIR --model NAME:VERSION --split test --tasks N`. The model is asked in each state of the
 * expert's trajectories. The last line on stdout is a summary in JSON.
 */
import { parseArgs } from 'node:util';
import { GatewayError, openRuntime, type Runtime } from '../../src/runtime/index.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import { stateOf } from '../desktop/example.ts';
import { rollOut, type Step } from '../desktop/rollout.ts';
import { SPLITS, type Split } from '../desktop/tasks/draw.ts';
import { kindsOf } from './kinds.ts';
import { type OfflineTask, summarizeOffline } from './offline.ts';
import { type Answer, type StepScore, scoreStep } from './step-score.ts';

const MAX_TEXT_BYTES = 64;
const PARALLEL_TASKS = 8;
const ALL_WRONG: StepScore = { object: false, operation: false, status: false, args: false };

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    model: { type: 'string' },
    split: { type: 'string', default: 'test' },
    tasks: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
  },
});
const split = SPLITS.find((candidate) => candidate === values.split);
const [numTasks, firstSeed, threads] = [values.tasks, values.seed, values.threads].map(Number) as [
  ...[number, number, number],
];
const { models: modelsDir, model } = values;
const areWhole = [numTasks, firstSeed, threads].every(Number.isInteger);
if (modelsDir === undefined || model === undefined || split === undefined || !areWhole) {
  process.stderr.write(
    `Usage: direct.js --models DIR --model NAME:VERSION [--split ${SPLITS.join('|')}] [--tasks N] [--seed N] [--threads N]\n`,
  );
  process.exit(2);
}

await using runtime = await openRuntime({
  modelsDir,
  threads,
  executionProviders: ['cpu'],
  slots: PARALLEL_TASKS,
  queueRequests: 256,
  queueTokens: 1_000_000,
  stepTokens: 1024,
  chunkTokens: 256,
});
const tasks: OfflineTask[] = [];
let next = 0;
const work = async (of: Split, name: string): Promise<void> => {
  for (let i = next++; i < numTasks; i = next++)
    tasks[i] = await judge(runtime, { model: name, of, seed: firstSeed + i });
};
await Promise.all(Array.from({ length: PARALLEL_TASKS }, () => work(split, model)));
const numSteps = tasks.reduce((sum, task) => sum + task.steps.length, 0);
const tooLong = tasks.reduce((sum, task) => sum + task.tooLong, 0);
process.stdout.write(
  `${JSON.stringify({ tasks: numTasks, steps: numSteps, too_long: tooLong, ...summarizeOffline(tasks) })}\n`,
);

type Job = { readonly model: string; readonly of: Split; readonly seed: number };

async function judge(of: Runtime, job: Job): Promise<OfflineTask> {
  const episode = makeEpisode(job.of, job.seed);
  const steps: StepScore[] = [];
  let tooLong = 0;
  for (const step of rollOut(episode)) {
    const answer = await answerOf(of, { model: job.model, request: episode.request, step });
    if (answer === null) tooLong++;
    steps.push(answer === null ? ALL_WRONG : scoreStep(step, answer));
  }
  return { task: episode.task, kinds: kindsOf(episode), steps, tooLong };
}

type Question = { readonly model: string; readonly request: string; readonly step: Step };

/** In the form that the gateway gives it; null if the state does not fit the model's context. */
async function answerOf(of: Runtime, { model: name, request, step }: Question): Promise<Answer | null> {
  const signal = new AbortController().signal;
  const options = { model: name, temperature: 0, seed: 0, maxTextBytes: MAX_TEXT_BYTES, signal };
  try {
    const { action } = await of.predictAction(stateOf(request, step), options);
    return { action: { ...action, control_id: action.controlId, control_name: action.controlName } };
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'context_length') return null;
    throw error;
  }
}
