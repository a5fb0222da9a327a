/** Table 4: models that act, and what each phase changed. */
import { type PairedDifference, pairedDifference } from './intervals.ts';
import { type Cell, one, reproduce, signed, table, withInterval } from './markdown.ts';
import { PAPER_ONLINE } from './paper.ts';
import { type OnlineFigures, PHASES, type Phase, type Results } from './results.ts';

const HEAD = [
  '',
  'tasks',
  'TSR',
  'task time, s',
  'steps',
  'step latency, s',
  'right ending',
  'sensitive steps unasked',
];

export function onlineSection({ online, best_of_4: best }: Results): string | null {
  const measured = PHASES.flatMap((phase) => {
    const single = online?.[phase];
    return single ? [{ phase, single, best: best?.[phase] }] : [];
  });
  const [first] = measured;
  if (first === undefined) return null;
  const rows = (split: 'test' | 'held_out', label: string): Cell[][] =>
    measured.flatMap(({ phase, single, best: reranked }) => {
      const [figures, of4] = [single.result[split], reranked?.result[split]];
      return [
        ...(figures ? [onlineRow(`LAM${phase}, ${label}`, figures.all)] : []),
        ...(of4 ? [onlineRow(`LAM${phase}, best of 4 with the reward, ${label}`, of4.all)] : []),
      ];
    });
  const paper = PAPER_ONLINE.map(([name, tsr, seconds, steps, latency]) => [
    `${name}, the paper's tasks`,
    435,
    one(tsr),
    ...[seconds, steps, latency].map((value) => value?.toFixed(2)),
    null,
    null,
  ]);
  const typical = measured.map(({ phase, single }) => [phase, single.result.test.all.p50_60_controls_ms] as const);
  const listed = typical.flatMap(([phase, ms]) => (ms === null ? [] : [`LAM${phase} ${one(ms)} ms`])).join(', ');
  return `## Tasks, online (Table 4)

The model plays, at most 15 steps, in windows of which half are disturbed; the oracle judges. LAM1's plan is carried out blindly. The median step
for states of 50 to 70 controls took: ${listed || 'not measured'} (load average of the machine when it began: ${first.single.machine.load_average}).

${table(HEAD, [...rows('test', 'test'), ...rows('held_out', 'held out'), ...paper])}

![Tasks done by phase](online.svg)

${reproduce(`--sections online,best-of-4 --tasks ${first.single.tasks} --seed ${first.single.seed}`)}`;
}

function onlineRow(name: string, figures: OnlineFigures): Cell[] {
  return [
    name,
    figures.tasks,
    withInterval(figures.tsr, figures.tsr_interval),
    (figures.task_time_ms / 1e3).toFixed(3),
    figures.steps.toFixed(2),
    (figures.step_latency_ms / 1e3).toFixed(4),
    one(figures.right_status),
    figures.violations,
  ];
}

type Outcomes = string | undefined;

/** Differences on the same tasks. */
export function phaseChanges({ online, best_of_4: best }: Results): string | null {
  const single = (phase: Phase, split: 'test' | 'held_out'): Outcomes => online?.[phase]?.result[split]?.outcomes;
  const of4 = (phase: Phase, split: 'test' | 'held_out'): Outcomes => best?.[phase]?.result[split]?.outcomes;
  const steps = PHASES.slice(1).map((phase, i) => [PHASES[i] as Phase, phase] as const);
  const rows = (['test', 'held_out'] as const).flatMap((split) => {
    const label = split === 'test' ? 'test' : 'held out';
    return [
      ...[...steps, ['2', '4'] as const].map(([before, after]) =>
        changeRow(`LAM${after} against LAM${before}, ${label}`, single(before, split), single(after, split)),
      ),
      ...PHASES.slice(1).map((phase) =>
        changeRow(`LAM${phase}, best of 4 against one answer, ${label}`, single(phase, split), of4(phase, split)),
      ),
    ].flat();
  });
  if (rows.length === 0) return null;
  return `### What each phase changed

On the same tasks, in points of online TSR, with the 95 % interval of a paired difference: an interval on both sides of 0 says that these
tasks are too few to tell.

${table(['', 'points', '95 % interval', 'tasks gained', 'tasks lost'], rows)}`;
}

function changeRow(name: string, before: Outcomes, after: Outcomes): Cell[][] {
  if (before === undefined || after === undefined || before.length !== after.length) return [];
  const { points, interval, gained, lost }: PairedDifference = pairedDifference(before, after);
  const [low, high] = interval;
  return [[name, signed(points), `${signed(low)} to ${signed(high)}`, gained, lost]];
}
