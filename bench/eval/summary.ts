/** What an evaluation says: one set of figures over all tasks of a split, by kind of task, and by template. */
import { percent } from './intervals.ts';
import { TASK_KINDS, type TaskKind } from './kinds.ts';
import { type OfflineSummary, type OfflineTask, summarizeOffline } from './offline.ts';
import { type OnlineSummary, type OnlineTask, summarizeOnline } from './online.ts';
import { isStepSuccess } from './step-score.ts';

/** Task by task, offline and online of the same seed. */
export type Scores = { readonly offline: readonly OfflineTask[]; readonly online: readonly OnlineTask[] };

export type Figures = OfflineSummary & {
  readonly tasks: number;
  readonly online: OnlineSummary;
  readonly ungrounded: number;
  /** Offline steps whose state does not fit the model's context; they count as wrong. */
  readonly too_long: number;
  /** Steps that cannot be undone and were executed online without asking. */
  readonly sensitive_violations: number;
};

export type TaskFigures = { readonly tasks: number; readonly ssr: number; readonly online_tsr: number };

export type SplitSummary = Figures & {
  readonly kinds: Readonly<Partial<Record<TaskKind, Figures>>>;
  readonly per_task: Readonly<Record<string, TaskFigures>>;
};

export function summarize(scores: Scores): SplitSummary {
  const kinds = TASK_KINDS.map((kind) => [kind, only(scores, (task) => task.kinds.includes(kind))] as const);
  return {
    ...figuresOf(scores),
    kinds: Object.fromEntries(
      kinds.filter(([, some]) => some.offline.length > 0).map(([k, some]) => [k, figuresOf(some)]),
    ),
    per_task: perTask(scores),
  };
}

function figuresOf({ offline, online }: Scores): Figures {
  return {
    tasks: offline.length,
    ...summarizeOffline(offline),
    online: summarizeOnline(online),
    ungrounded: online.reduce((sum, task) => sum + task.ungrounded, 0),
    too_long: offline.reduce((sum, task) => sum + task.tooLong, 0),
    sensitive_violations: online.reduce((sum, task) => sum + task.violations, 0),
  };
}

/** Step success offline and task success online, by template, in the order of their first tasks. */
function perTask(scores: Scores): Record<string, TaskFigures> {
  const names = [...new Set(scores.offline.map(({ task }) => task))];
  return Object.fromEntries(
    names.map((name) => {
      const { offline, online } = only(scores, ({ task }) => task === name);
      const steps = offline.flatMap((task) => task.steps);
      const figures = { ssr: percent(steps, isStepSuccess), online_tsr: percent(online, (run) => run.isDone) };
      return [name, { tasks: offline.length, ...figures }];
    }),
  );
}

function only({ offline, online }: Scores, accepts: (task: OfflineTask | OnlineTask) => boolean): Scores {
  return { offline: offline.filter(accepts), online: online.filter(accepts) };
}

/** A table for people: the figures, each kind in a line, and the templates with failures. */
export function renderTable({ kinds, per_task, ...figures }: SplitSummary, title: string): string {
  const { online, ...rest } = figures;
  const rows = [...Object.entries(rest), ...Object.entries(online).map(([key, value]) => [`online.${key}`, value])];
  const lines = rows.map(
    ([key, value]) => `${String(key).padEnd(28)}${Array.isArray(value) ? value.join(' to ') : value}`,
  );
  const groups = Object.entries(kinds).map(
    ([kind, group]) => `  ${row(kind, [group.tasks, group.ssr, group.tsr, group.online.tsr])}`,
  );
  const failed = Object.entries(per_task)
    .filter(([, { online_tsr }]) => online_tsr < 100)
    .map(([name, task]) => `  ${row(name, [task.tasks, task.ssr, task.online_tsr])}`);
  return [
    title,
    ...lines,
    '',
    `By kind: ${['tasks', 'steps right offline', 'tasks right offline', 'tasks done online'].join(', ')}`,
    ...groups,
    '',
    'Templates with failures: tasks, steps right offline, tasks done online',
    ...failed,
    '',
  ].join('\n');
}

const row = (name: string, [count, ...shares]: readonly number[]): string =>
  name.padEnd(32) + String(count).padEnd(8) + shares.map((share) => `${share} %`.padEnd(10)).join('');
