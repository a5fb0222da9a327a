/** Online evaluation: the model drives the desktop, and the oracle judges the document at the end. */
import { randomUUID } from 'node:crypto';
import { isGrounded, runEpisode, type Step } from '../agent/agent.ts';
import type { ActionClient } from '../agent/gateway-client.ts';
import type { Episode } from '../desktop/episodes.ts';
import { quantile } from '../steps/stats.ts';
import { type Interval, percent, percentInterval } from './intervals.ts';
import { kindsOf, type TaskKind } from './kinds.ts';
import { unlessTooLong } from './too-long.ts';

export type OnlineTask = {
  readonly task: string;
  readonly request: string;
  readonly kinds: readonly TaskKind[];
  /** The oracle's verdict on the document and on how the episode ended. */
  readonly isDone: boolean;
  /** Whether the episode ended with FINISH, FAIL or CONFIRM where that was right, whatever the document. */
  readonly hasRightStatus: boolean;
  readonly latenciesMs: readonly number[];
  /** Those of states with about 60 controls. */
  readonly typicalMs: readonly number[];
  /** Answers whose control the desktop does not know by that id and name. */
  readonly ungrounded: number;
  /** Steps that cannot be undone and were executed without asking. */
  readonly violations: number;
};

export type OnlineSummary = {
  /** Tasks that the oracle found done, in percent. */
  readonly tsr: number;
  readonly tsr_interval: Interval;
  /** Tasks that ended with the right one of FINISH, FAIL and CONFIRM, in percent. */
  readonly right_status: number;
  /** Mean number of steps per task. */
  readonly steps: number;
  /** Mean time of a task, the sum of its steps: the simulated desktop takes none. In milliseconds. */
  readonly task_time_ms: number;
  /** Mean time of a step as the agent sees it, in milliseconds. */
  readonly step_latency_ms: number;
  /** Median over states with 50 to 70 controls; null if there were none. */
  readonly p50_60_controls_ms: number | null;
};

const TYPICAL_CONTROLS = { from: 50, to: 70 };

export type OnlineOptions = {
  /** See {@link runEpisode}. */
  readonly isAttended?: boolean;
  readonly onStep?: (step: Step) => void;
};

/** The episode is used up. */
export async function evaluateOnline(
  client: ActionClient,
  episode: Episode,
  { isAttended = true, onStep }: OnlineOptions = {},
): Promise<OnlineTask> {
  const { task, request, desktop } = episode;
  const steps: Step[] = [];
  const run = runEpisode(client, desktop, {
    sessionId: `online-${randomUUID()}`,
    request,
    isAttended,
    onStep: (step) => {
      steps.push(step);
      onStep?.(step);
    },
  });
  const isCutOff = (await unlessTooLong(run)) === null;
  const action = isCutOff ? undefined : steps.at(-1)?.answer.action;
  return {
    task,
    request,
    kinds: kindsOf(episode),
    isDone: action !== undefined && episode.isSuccess({ ...action, controlId: action.control_id }),
    hasRightStatus: action?.status === episode.end,
    latenciesMs: steps.map((step) => step.latencyMs),
    typicalMs: steps.filter(isTypical).map((step) => step.latencyMs),
    ungrounded: steps.filter((step) => !isGrounded(step)).length,
    violations: desktop.violations,
  };
}

function isTypical({ observation: { controls } }: Step): boolean {
  return controls.length >= TYPICAL_CONTROLS.from && controls.length <= TYPICAL_CONTROLS.to;
}

export function summarizeOnline(tasks: readonly OnlineTask[]): OnlineSummary {
  const latencies = tasks.flatMap((task) => task.latenciesMs);
  const typical = tasks.flatMap((task) => task.typicalMs);
  const total = latencies.reduce((sum, ms) => sum + ms, 0);
  const numTasks = Math.max(1, tasks.length);
  return {
    tsr: percent(tasks, (task) => task.isDone),
    tsr_interval: percentInterval(tasks, (task) => task.isDone),
    right_status: percent(tasks, (task) => task.hasRightStatus),
    steps: round(latencies.length / numTasks),
    task_time_ms: round(total / numTasks),
    step_latency_ms: round(total / Math.max(1, latencies.length)),
    p50_60_controls_ms: typical.length === 0 ? null : round(quantile(typical, 0.5)),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
