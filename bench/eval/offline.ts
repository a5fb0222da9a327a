/** Offline evaluation: the expert's trajectories are given, the model is asked in each of their states. */
import { toPredictRequest } from '../agent/agent-state.ts';
import type { ActionClient } from '../agent/gateway-client.ts';
import type { Episode } from '../desktop/episodes.ts';
import { rollOut } from '../desktop/rollout.ts';
import { type Interval, percent, percentInterval } from './intervals.ts';
import { kindsOf, type TaskKind } from './kinds.ts';
import { isStepSuccess, type StepScore, scoreStep } from './step-score.ts';
import { unlessTooLong } from './too-long.ts';

export type OfflineTask = {
  readonly task: string;
  /** The groups that the task is reported in. */
  readonly kinds: readonly TaskKind[];
  readonly steps: readonly StepScore[];
  /** Steps that the model was not asked for, because the state does not fit its context; they count as wrong. */
  readonly tooLong: number;
};

/** Percent, of steps or (tsr) of tasks. */
export type OfflineSummary = {
  readonly object_acc: number;
  readonly operation_acc: number;
  readonly status_acc: number;
  /** Object, operation and status right. */
  readonly ssr: number;
  /** The arguments right as well. */
  readonly ssr_args: number;
  /** Tasks of which every step succeeded, by `ssr`. */
  readonly tsr: number;
  readonly tsr_interval: Interval;
};

export const ALL_WRONG: StepScore = { object: false, operation: false, status: false, args: false };

/** The episode is used up. */
export async function evaluateOffline(client: ActionClient, episode: Episode): Promise<OfflineTask> {
  const steps: StepScore[] = [];
  let tooLong = 0;
  for (const step of rollOut(episode)) {
    // No episode: each step is asked for on its own, as if those before it had gone as the expert wanted.
    const state = { sessionId: '', request: episode.request, ...step };
    const answer = await unlessTooLong(client.predictAction(toPredictRequest(state)));
    if (answer === null) tooLong++;
    steps.push(answer === null ? ALL_WRONG : scoreStep(step, answer));
  }
  return { task: episode.task, kinds: kindsOf(episode), steps, tooLong };
}

export const isTaskSuccess = ({ steps }: OfflineTask): boolean => steps.every(isStepSuccess);

export function summarizeOffline(tasks: readonly OfflineTask[]): OfflineSummary {
  const steps = tasks.flatMap((task) => task.steps);
  return {
    object_acc: percent(steps, (step) => step.object),
    operation_acc: percent(steps, (step) => step.operation),
    status_acc: percent(steps, (step) => step.status),
    ssr: percent(steps, isStepSuccess),
    ssr_args: percent(steps, (step) => isStepSuccess(step) && step.args),
    tsr: percent(tasks, isTaskSuccess),
    tsr_interval: percentInterval(tasks, isTaskSuccess),
  };
}
