/** The command line of `npm run eval`. */
import { parseArgs } from 'node:util';
import { SPLITS, type Split } from '../desktop/tasks/draw.ts';
import { PHASES, type Phase, SECTIONS, type Section } from './results.ts';

export const USAGE = `Usage: npm run --silent eval -- [options]

One model, offline and online:
  --split ${SPLITS.join('|')}   templates, phrasings and values of that split (default test)
  --tasks N            tasks, going through the templates in turn (default 200; of the report 400)
  --held-out N         as many tasks of templates that were never trained on, reported apart (default: a quarter of
                       --tasks for the split test, else none; of the report two fifths of --tasks: 160)
  --seed N             the first task's seed (default 1)
  --model NAME:VERSION (default: the gateway's)
  --best-of N          online, the action is the best of N candidates by probability and reward
  --policy none|builtin   of the gateway that is started: without a policy a CONFIRM is the model's own answer (default none)
  --models-dir DIR     of the gateway that is started (default models)
  --grpc HOST:PORT     evaluate the gateway that runs there, with whatever policy it has
  --json               one JSON object on stdout instead of a table

The whole report, all models, as markdown and plots:
  --report             measures, and writes report.md, results.json and *.svg; with --tasks, --held-out, --seed, --models-dir
  --out DIR            where they go (default docs/evaluation); sections that are in DIR/results.json and not measured are kept
  --sections a,b       of ${SECTIONS.join(', ')} (default all)
  --phases a,b         of ${PHASES.join(', ')}: LAM1 to LAM4 (default all that are there)
  --safety-tasks N     tasks that end in FAIL or CONFIRM (default 2.5 times --tasks: 1000)
  --full-precision DIR a models directory with the same weights in float32 (models/training/full_precision.py)
  --records DIR        the work folder of the training, for the table of data sizes
  --render             measures nothing: writes the report from DIR/results.json
`;

export type SimpleOptions = {
  readonly mode: 'simple';
  readonly split: Split;
  readonly tasks: number;
  readonly heldOut: number;
  readonly seed: number;
  readonly model: string | undefined;
  readonly bestOf: number;
  readonly hasPolicy: boolean;
  readonly modelsDir: string;
  readonly grpc: string | undefined;
  readonly asJson: boolean;
};

export type ReportOptions = {
  readonly mode: 'report';
  readonly tasks: number;
  readonly heldOut: number;
  readonly safetyTasks: number;
  readonly seed: number;
  readonly modelsDir: string;
  readonly fullPrecisionDir: string | null;
  readonly recordsDir: string | null;
  readonly sections: readonly Section[];
  readonly phases: readonly Phase[];
  readonly out: string;
};

const FLAGS = {
  split: { type: 'string', default: 'test' },
  tasks: { type: 'string' },
  'held-out': { type: 'string' },
  seed: { type: 'string', default: '1' },
  model: { type: 'string' },
  'best-of': { type: 'string', default: '1' },
  policy: { type: 'string', default: 'none' },
  'models-dir': { type: 'string', default: 'models' },
  grpc: { type: 'string' },
  json: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
  render: { type: 'boolean', default: false },
  out: { type: 'string', default: 'docs/evaluation' },
  sections: { type: 'string', default: SECTIONS.join(',') },
  phases: { type: 'string', default: PHASES.join(',') },
  'safety-tasks': { type: 'string' },
  'full-precision': { type: 'string' },
  records: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const REPORT_TASKS = 400;
const SIMPLE_TASKS = 200;

/** An option that is unknown or has a wrong value. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Throws a {@link UsageError} that names the option which is wrong. */
export function readOptions(words: readonly string[]): SimpleOptions | ReportOptions | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  const isReport = values.report || values.render;
  const tasks = whole('tasks', values.tasks ?? String(isReport ? REPORT_TASKS : SIMPLE_TASKS), 1);
  const seed = whole('seed', values.seed, 0);
  const heldOut = (byDefault: number): number => whole('held-out', values['held-out'] ?? String(byDefault), 0);
  const split = oneOf('split', values.split, SPLITS);
  if (isReport) {
    return {
      mode: 'report',
      tasks,
      heldOut: heldOut(Math.ceil(tasks * 0.4)),
      safetyTasks: whole('safety-tasks', values['safety-tasks'] ?? String(Math.ceil(tasks * 2.5)), 1),
      seed,
      modelsDir: values['models-dir'],
      fullPrecisionDir: values['full-precision'] ?? null,
      recordsDir: values.records ?? null,
      sections: values.render ? [] : listOf('sections', values.sections, SECTIONS),
      phases: listOf('phases', values.phases, PHASES),
      out: values.out,
    };
  }
  return {
    mode: 'simple',
    split,
    tasks,
    heldOut: heldOut(split === 'test' ? Math.ceil(tasks / 4) : 0),
    seed,
    model: values.model,
    bestOf: whole('best-of', values['best-of'], 1),
    hasPolicy: oneOf('policy', values.policy, ['none', 'builtin']) === 'builtin',
    modelsDir: values['models-dir'],
    grpc: values.grpc,
    asJson: values.json,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: FLAGS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`--${name}: expected a whole number, at least ${least}, not ${JSON.stringify(text)}`);
}

function oneOf<T extends string>(name: string, text: string, all: readonly T[]): T {
  const found = all.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${name}: expected one of ${all.join(', ')}, not ${JSON.stringify(text)}`);
}

function listOf<T extends string>(name: string, text: string, all: readonly T[]): T[] {
  return text.split(',').map((word) => oneOf(name, word.trim(), all));
}
