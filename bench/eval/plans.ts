/** Plans: how good they are as such (the paper's Table 2), and what comes of them when they act. */
import { performance } from 'node:perf_hooks';
import { type Episode, makeEpisode } from '../desktop/episodes.ts';
import { parseStep, performPlan, planFor } from '../desktop/plans.ts';
import { rollOut, type Step } from '../desktop/rollout.ts';
import type { Split } from '../desktop/tasks/draw.ts';
import type { PlanClient } from './asking.ts';
import { type Interval, percent, percentInterval, toPercent } from './intervals.ts';
import { kindsOf, type TaskKind } from './kinds.ts';
import { ALL_WRONG, type OfflineTask } from './offline.ts';
import type { OnlineTask } from './online.ts';
import { type StepScore, scoreStep } from './step-score.ts';
import { unlessTooLong } from './too-long.ts';

/** A plan, and how long it took to make. */
export type MadePlan = { readonly plan: readonly string[]; readonly latencyMs: number };

export type PlanTask = {
  readonly task: string;
  readonly kinds: readonly TaskKind[];
  /** The oracle's verdict on the plan carried out in a window as Word opens it. */
  readonly isDone: boolean;
  /** Whether it is the expert's plan, word for word. */
  readonly isSame: boolean;
  /** Steps of the plan, of the expert's, and of both. */
  readonly predicted: number;
  readonly reference: number;
  readonly matched: number;
  readonly latencyMs: number;
};

/** Percent, but for the times. */
export type PlanSummary = {
  readonly tsr: number;
  readonly tsr_interval: Interval;
  /** Share of the plans' steps that the expert's plans have. */
  readonly step_precision: number;
  /** Share of the expert's steps that the plans have. */
  readonly step_recall: number;
  readonly same_plan: number;
  /** Mean time in which a plan is made. */
  readonly plan_latency_ms: number;
};

/** An empty plan where the task does not fit the model's context. */
export async function makePlan(client: PlanClient, episode: Episode): Promise<MadePlan> {
  const { processName, windowTitle } = episode.desktop.observe().app;
  const startMs = performance.now();
  const app = { process_name: processName, window_title: windowTitle };
  const answer = await unlessTooLong(client.predictPlan({ user_request: episode.request, app }));
  return { plan: answer?.plan ?? [], latencyMs: performance.now() - startMs };
}

/** Carries out a plan where nothing gets in its way, and compares it with the expert's. */
export async function evaluatePlan(client: PlanClient, split: Split, seed: number): Promise<PlanTask> {
  const episode = makeEpisode(split, seed, { isCalm: true });
  const { plan, latencyMs } = await makePlan(client, episode);
  const reference = planFor(split, seed);
  return {
    task: episode.task,
    kinds: kindsOf(episode),
    isDone: episode.isSuccess(performPlan(episode.desktop, plan)),
    isSame: JSON.stringify(plan) === JSON.stringify(reference),
    predicted: plan.length,
    reference: reference.length,
    matched: matchSteps(plan, reference),
    latencyMs,
  };
}

/**
 * How many steps of two plans are the same, in whatever order; each counts once. Case, white space, the kind of quotation marks, a
 * number in front and a full stop behind make no difference.
 */
export function matchSteps(plan: readonly string[], reference: readonly string[]): number {
  const left = reference.map(normalizeStep);
  let matched = 0;
  for (const step of plan.map(normalizeStep)) {
    const index = left.indexOf(step);
    if (index < 0) continue;
    left.splice(index, 1);
    matched++;
  }
  return matched;
}

export function normalizeStep(words: string): string {
  return words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[“”„«»‘’']/gu, '"')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^\d+[.)] /u, '')
    .replace(/\.$/u, '');
}

export function summarizePlans(tasks: readonly PlanTask[]): PlanSummary {
  const sum = (of: (task: PlanTask) => number): number => tasks.reduce((total, task) => total + of(task), 0);
  const matched = sum((task) => task.matched);
  return {
    tsr: percent(tasks, (task) => task.isDone),
    tsr_interval: percentInterval(tasks, (task) => task.isDone),
    step_precision: toPercent(
      matched /
        Math.max(
          1,
          sum((task) => task.predicted),
        ),
    ),
    step_recall: toPercent(
      matched /
        Math.max(
          1,
          sum((task) => task.reference),
        ),
    ),
    same_plan: percent(tasks, (task) => task.isSame),
    plan_latency_ms: Math.round((100 * sum((task) => task.latencyMs)) / Math.max(1, tasks.length)) / 100,
  };
}

/** The plan as actions, offline: its n-th line is the answer in the expert's n-th state. The episode is used up. */
export async function planOffline(client: PlanClient, episode: Episode): Promise<OfflineTask> {
  const { plan } = await makePlan(client, episode);
  const steps = rollOut(episode).map((step, i) => scorePlanStep(plan, i, step));
  return { task: episode.task, kinds: kindsOf(episode), steps, tooLong: 0 };
}

/** The last line ends the task, unless its words end it in another way. */
function scorePlanStep(plan: readonly string[], index: number, step: Step): StepScore {
  const words = plan[index];
  const action = words === undefined ? null : parseStep(words, step.observation);
  if (action === null) return ALL_WRONG;
  const isLast = index === plan.length - 1 && action.status === 'CONTINUE';
  const { controlId: control_id, controlName: control_name, function: name, args } = action;
  const status = isLast ? 'FINISH' : action.status;
  return scoreStep(step, { action: { control_id, control_name, function: name, args, status } });
}

/** The plan as actions, online: carried out blindly in the window as it is. The episode is used up. */
export async function planOnline(client: PlanClient, episode: Episode): Promise<OnlineTask> {
  const { plan, latencyMs } = await makePlan(client, episode);
  const { task, request, desktop } = episode;
  const ending = performPlan(desktop, plan);
  const count = Math.max(1, desktop.history.length + (ending?.status === 'FINISH' ? 0 : 1));
  return {
    task,
    request,
    kinds: kindsOf(episode),
    isDone: episode.isSuccess(ending),
    hasRightStatus: ending?.status === episode.end,
    // One plan for all steps: each has its share of the time.
    latenciesMs: Array.from({ length: count }, () => latencyMs / count),
    typicalMs: [],
    ungrounded: 0,
    violations: desktop.violations,
  };
}
