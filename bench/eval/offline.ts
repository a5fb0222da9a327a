/** Offline evaluation: the expert's trajectories are given, the model is asked in each of their states. */
import { toPredictRequest } from '../agent/agent-state.ts';
import type { GatewayClient } from '../agent/gateway-client.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import { rollOut } from '../desktop/rollout.ts';
import type { Split } from '../desktop/tasks/draw.ts';
import { isStepSuccess, type StepScore, scoreStep } from './step-score.ts';

export type OfflineTask = { readonly task: string; readonly steps: readonly StepScore[] };

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
};

export async function evaluateOffline(client: GatewayClient, split: Split, seed: number): Promise<OfflineTask> {
  const episode = makeEpisode(split, seed);
  const steps: StepScore[] = [];
  for (const step of rollOut(episode)) {
    // No episode: each step is asked for on its own, as if those before it had gone as the expert wanted.
    const state = { sessionId: '', request: episode.request, ...step };
    steps.push(scoreStep(step, await client.predictAction(toPredictRequest(state))));
  }
  return { task: episode.task, steps };
}

export function summarizeOffline(tasks: readonly OfflineTask[]): OfflineSummary {
  const steps = tasks.flatMap((task) => task.steps);
  return {
    object_acc: percent(steps, (step) => step.object),
    operation_acc: percent(steps, (step) => step.operation),
    status_acc: percent(steps, (step) => step.status),
    ssr: percent(steps, isStepSuccess),
    ssr_args: percent(steps, (step) => isStepSuccess(step) && step.args),
    tsr: percent(tasks, (task) => task.steps.every(isStepSuccess)),
  };
}

/** Share of `items` for which `holds`, in percent with two decimals. */
export function percent<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return Math.round((items.filter(holds).length / Math.max(1, items.length)) * 10_000) / 100;
}
