/** Table 2, plans, and Table 3, steps. */
import { type Cell, one, reproduce, table, withInterval } from './markdown.ts';
import { PAPER_PLANS, PAPER_STEPS } from './paper.ts';
import { PHASES, type PlanFigures, type Results, type SplitFigures, type StepFigures } from './results.ts';

const PLAN_HEAD = ['', 'tasks', 'TSR', 'step precision', 'step recall', "the expert's plan"];

export function plansSection({ plans }: Results): string | null {
  const measured = plans?.['1'];
  if (measured === undefined) return null;
  const { test, held_out } = measured.result;
  const row = (name: string, figures: PlanFigures): Cell[] => [
    name,
    figures.tasks,
    withInterval(figures.tsr, figures.tsr_interval),
    one(figures.step_precision),
    one(figures.step_recall),
    one(figures.same_plan),
  ];
  const kinds = (['finish', 'multi', 'fail', 'confirm'] as const).flatMap((kind) => {
    const figures = test.kinds[kind];
    return figures ? [row(`LAM1, test, ${KIND_NAMES[kind]}`, figures)] : [];
  });
  const rows = [
    row('**LAM1, test**', test.all),
    ...kinds,
    ...(held_out ? [row('**LAM1, held-out templates**', held_out.all)] : []),
    ...PAPER_PLANS.map(([name, tsr, precision, recall]) => [
      `${name}, the paper's tasks`,
      '15,334',
      ...[tsr, precision, recall].map((value) => one(value)),
      null,
    ]),
  ];
  return `## Plans (Table 2)

TSR: the plan is carried out by the expert's executor in a window as Word opens it, and the oracle judges the document and the ending (the
paper: GPT-4o judges the plan's text). A step counts as matched if it equals one of the expert's, up to case, white space and punctuation (the
paper: GPT-4o matches them). A plan takes ${one(test.all.plan_latency_ms)} ms to make, with four requests at a time.

${table(PLAN_HEAD, rows)}

${reproduce(`--sections plans --phases 1 --tasks ${measured.tasks} --seed ${measured.seed}`)}`;
}

const KIND_NAMES = {
  finish: 'to be done',
  multi: 'of several parts',
  fail: 'cannot be done',
  confirm: 'to be confirmed',
};
const STEP_HEAD = ['', 'tasks', 'object', 'operation', 'status', 'SSR', 'SSR with arguments', 'TSR'];

export function stepsSection({ steps }: Results): string | null {
  const measured = PHASES.flatMap((phase) => {
    const found = steps?.[phase];
    return found ? [{ phase, ...found }] : [];
  });
  const [first] = measured;
  if (first === undefined) return null;
  const row = (name: string, figures: SplitFigures<StepFigures> | null): Cell[][] =>
    figures === null ? [] : [stepRow(name, figures.all)];
  const rows = [
    ...measured.flatMap(({ phase, result }) => row(`**LAM${phase}, test**`, result.test)),
    ...measured.flatMap(({ phase, result }) => row(`LAM${phase}, held-out templates`, result.held_out)),
    ...PAPER_STEPS.map(([name, object, operation, status, ssr, tsr]) => [
      `${name}, the paper's tasks`,
      435,
      ...[object, operation, status, ssr].map((value) => one(value)),
      null,
      one(tsr),
    ]),
  ];
  const tooLong = measured.reduce((sum, { result }) => sum + result.test.all.too_long, 0);
  return `## Steps, offline (Table 3)

The expert's trajectories are given, and each model is asked in each of their states: ${first.result.test.all.steps} on the test split. LAM1 is
its plan, line by line. ${tooLong} states did not fit the context; they count as wrong.

${table(STEP_HEAD, rows)}

![Accuracy by phase](steps.svg)

${reproduce(`--sections steps --tasks ${first.tasks} --seed ${first.seed}`)}; of one phase alone, add \`--phases 4\``;
}

function stepRow(name: string, figures: StepFigures): Cell[] {
  const { tasks, object_acc, operation_acc, status_acc, ssr, ssr_args, tsr, tsr_interval } = figures;
  const shares = [object_acc, operation_acc, status_acc, ssr, ssr_args].map((value) => one(value));
  return [name, tasks, ...shares, withInterval(tsr, tsr_interval)];
}
