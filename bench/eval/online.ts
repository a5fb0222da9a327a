/** Online evaluation: the model drives the desktop, and the oracle judges the document at the end. */
import { randomUUID } from 'node:crypto';
import { isGrounded, runEpisode } from '../agent/agent.ts';
import type { GatewayClient } from '../agent/gateway-client.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import type { Split } from '../desktop/tasks/draw.ts';
import { percent } from './offline.ts';

export type OnlineTask = {
  readonly task: string;
  readonly request: string;
  readonly isDone: boolean;
  readonly latenciesMs: readonly number[];
  /** Answers whose control the desktop does not know by that id and name. */
  readonly ungrounded: number;
};

export type OnlineSummary = {
  /** Tasks that the oracle found done, in percent. */
  readonly tsr: number;
  /** Mean number of steps per task. */
  readonly steps: number;
  /** Mean time of a step as the agent sees it, in milliseconds. */
  readonly step_latency_ms: number;
};

export async function evaluateOnline(client: GatewayClient, split: Split, seed: number): Promise<OnlineTask> {
  const { task, request, desktop, isDone } = makeEpisode(split, seed);
  const steps = await runEpisode(client, desktop, { sessionId: `online-${randomUUID()}`, request });
  return {
    task,
    request,
    isDone: isDone() && steps.at(-1)?.answer.action.status === 'FINISH',
    latenciesMs: steps.map((step) => step.latencyMs),
    ungrounded: steps.filter((step) => !isGrounded(step)).length,
  };
}

export function summarizeOnline(tasks: readonly OnlineTask[]): OnlineSummary {
  const latencies = tasks.flatMap((task) => task.latenciesMs);
  return {
    tsr: percent(tasks, (task) => task.isDone),
    steps: round(latencies.length / Math.max(1, tasks.length)),
    step_latency_ms: round(latencies.reduce((sum, ms) => sum + ms, 0) / Math.max(1, latencies.length)),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
