/** The groups that tasks are reported in, besides their split: what the right ending is, and how unruly the window was. */
import type { Episode } from '../desktop/episodes.ts';

/** `plain`: one part, can be done, and the window behaves. A task is in several groups. */
export const TASK_KINDS = ['plain', 'finish', 'multi', 'fail', 'confirm', 'quiet', 'disturbed'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

const KIND_OF_END = { FINISH: 'finish', FAIL: 'fail', CONFIRM: 'confirm' } as const;

export function kindsOf({
  end,
  template,
  disturbances,
}: Pick<Episode, 'end' | 'template' | 'disturbances'>): TaskKind[] {
  const isMulti = template.family === 'multi';
  const isQuiet = disturbances.length === 0;
  return [
    ...(end === 'FINISH' && !isMulti && isQuiet ? (['plain'] as const) : []),
    KIND_OF_END[end],
    ...(isMulti ? (['multi'] as const) : []),
    isQuiet ? 'quiet' : 'disturbed',
  ];
}

/** What `summarize` says of all tasks, and of each kind that there is. */
export type ByKind<Figures> = { readonly all: Figures; readonly kinds: Readonly<Partial<Record<TaskKind, Figures>>> };

export function byKind<Task extends { readonly kinds: readonly TaskKind[] }, Figures>(
  tasks: readonly Task[],
  summarize: (tasks: readonly Task[]) => Figures,
): ByKind<Figures> {
  const groups = TASK_KINDS.map((kind) => [kind, tasks.filter(({ kinds }) => kinds.includes(kind))] as const);
  return {
    all: summarize(tasks),
    kinds: Object.fromEntries(
      groups.filter(([, group]) => group.length > 0).map(([k, group]) => [k, summarize(group)]),
    ),
  };
}
