/** The same figures by kind of task. */
import { TASK_KINDS, type TaskKind } from './kinds.ts';
import { type Cell, one, reproduce, table } from './markdown.ts';
import { PHASES, type Phase, type Results } from './results.ts';

const NAMES: Readonly<Record<TaskKind, string>> = {
  plain: 'plain: one part, can be done, undisturbed',
  finish: 'can be done (FINISH)',
  multi: 'of several parts',
  fail: 'cannot be done (FAIL)',
  confirm: 'to be confirmed (CONFIRM)',
  quiet: 'undisturbed window',
  disturbed: 'disturbed window',
};

export function kindsSection(results: Results): string | null {
  const phases = PHASES.filter((phase) => results.online?.[phase] !== undefined);
  const last = phases.at(-1);
  if (last === undefined) return null;
  const head = [
    'kind',
    'tasks',
    `SSR, LAM${last}`,
    `right ending, LAM${last}`,
    ...phases.map((phase) => `online TSR, LAM${phase}`),
    ...(results.best_of_4?.[last] ? [`LAM${last}, best of 4`] : []),
  ];
  const tables = (['test', 'held_out'] as const).flatMap((split) => {
    const rows = TASK_KINDS.flatMap((kind) => kindRow(results, { kind, split, phases, last }));
    return rows.length === 0
      ? []
      : [`${split === 'test' ? 'Test split' : 'Held-out templates'}:\n\n${table(head, rows)}`];
  });
  return `## By kind of task

A task is in several groups. Where FAIL or CONFIRM is right, a task is done if the model ends it so, on the right control, with
nothing changed that should not be; *right ending* looks at the status alone.

${tables.join('\n\n')}

${reproduce('--sections steps,online,best-of-4')}`;
}

type Group = {
  readonly kind: TaskKind;
  readonly split: 'test' | 'held_out';
  readonly phases: readonly Phase[];
  readonly last: Phase;
};

function kindRow({ steps, online, best_of_4: best }: Results, { kind, split, phases, last }: Group): Cell[][] {
  const played = online?.[last]?.result[split]?.kinds[kind];
  if (played === undefined) return [];
  const of4 = best?.[last];
  return [
    [
      NAMES[kind],
      played.tasks,
      one(steps?.[last]?.result[split]?.kinds[kind]?.ssr),
      one(played.right_status),
      ...phases.map((phase) => one(online?.[phase]?.result[split]?.kinds[kind]?.tsr)),
      ...(of4 ? [one(of4.result[split]?.kinds[kind]?.tsr)] : []),
    ],
  ];
}
