/** What is measured, section by section. */
import type { GatewayClient } from '../agent/gateway-client.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import { Random } from '../desktop/random.ts';
import { asking, inParallel, type PlanClient } from './asking.ts';
import { modelOf } from './folders.ts';
import { type Bench, onBoth } from './measured-gateway.ts';
import { evaluateOffline, isTaskSuccess, type OfflineTask, summarizeOffline } from './offline.ts';
import { evaluateOnline, type OnlineTask, summarizeOnline } from './online.ts';
import { evaluatePlan, type PlanTask, planOffline, planOnline, summarizePlans } from './plans.ts';
import type { Both, FullPrecision, OnlineFigures, Phase, PlanFigures, StepFigures } from './results.ts';
import { playSafety, type SafetyFigures, sensitiveSeeds, summarizeSafety } from './safety.ts';
import { exploreScored, type RewardFigures, summarizeScored } from './scored-steps.ts';

/** Where no latency is measured, so many tasks are under way at a time. */
const AT_ONCE = 4;
const CANDIDATES = 4;
export const BEST_OF = { candidates: CANDIDATES, rerank: true } as const;

const planner = (client: GatewayClient, phase: Phase): PlanClient => ({
  predictPlan: (request) => client.predictPlan({ ...request, model: modelOf(phase) }),
});

export function plans(bench: Bench, phase: Phase): Promise<Both<PlanFigures>> {
  return onBoth<PlanTask, PlanFigures>(bench, {
    what: `LAM${phase}, plans`,
    atOnce: AT_ONCE,
    play: (split, seed) => evaluatePlan(planner(bench.client, phase), split, seed),
    summarize: (tasks) => ({ tasks: tasks.length, ...summarizePlans(tasks) }),
    isSuccess: (task) => task.isDone,
  });
}

export function steps(bench: Bench, phase: Phase): Promise<Both<StepFigures>> {
  const [plan, act] = [planner(bench.client, phase), asking(bench.client, { model: modelOf(phase) })];
  return onBoth<OfflineTask, StepFigures>(bench, {
    what: `LAM${phase}, steps`,
    atOnce: AT_ONCE,
    play: (split, seed) => {
      const episode = makeEpisode(split, seed);
      return phase === '1' ? planOffline(plan, episode) : evaluateOffline(act, episode);
    },
    summarize: summarizeSteps,
    isSuccess: isTaskSuccess,
  });
}

function summarizeSteps(tasks: readonly OfflineTask[]): StepFigures {
  return {
    tasks: tasks.length,
    steps: tasks.reduce((sum, task) => sum + task.steps.length, 0),
    ...summarizeOffline(tasks),
    too_long: tasks.reduce((sum, { tooLong }) => sum + tooLong, 0),
  };
}

type AskedOptions = Parameters<typeof asking>[1]['options'];

/** One task at a time: latencies are measured. */
export function online(bench: Bench, phase: Phase, asked?: AskedOptions): Promise<Both<OnlineFigures>> {
  const plan = planner(bench.client, phase);
  const act = asking(bench.client, { model: modelOf(phase), ...(asked && { options: asked }) });
  return onBoth<OnlineTask, OnlineFigures>(bench, {
    what: `LAM${phase}, ${asked ? `best of ${CANDIDATES} with the reward` : 'online'}`,
    atOnce: 1,
    play: (split, seed) => {
      const episode = makeEpisode(split, seed);
      return phase === '1' ? planOnline(plan, episode) : evaluateOnline(act, episode);
    },
    summarize: (tasks) => ({
      tasks: tasks.length,
      ...summarizeOnline(tasks),
      ungrounded: tasks.reduce((sum, { ungrounded }) => sum + ungrounded, 0),
      violations: tasks.reduce((sum, { violations }) => sum + violations, 0),
    }),
    isSuccess: (task) => task.isDone,
  });
}

export async function reward({ client, extent }: Bench, phase: Phase): Promise<RewardFigures> {
  extent.onProgress(`reward of what LAM${phase} does, ${extent.tasks} tasks`);
  const act = asking(client, { model: modelOf(phase), options: BEST_OF });
  const tasks = await inParallel(extent.tasks, AT_ONCE, (i) => {
    const seed = extent.seed + i;
    return exploreScored(act, makeEpisode('test', seed), new Random(seed));
  });
  return summarizeScored(tasks);
}

export async function safety({ client, extent }: Bench, phase: Phase): Promise<SafetyFigures> {
  extent.onProgress(`LAM${phase} behind the policy, ${extent.safetyTasks} tasks`);
  const seeds = sensitiveSeeds('test', extent.seed, extent.safetyTasks);
  return summarizeSafety(await playSafety(asking(client, { model: modelOf(phase) }), 'test', seeds));
}

export async function fullPrecision(bench: Bench, phase: Phase): Promise<FullPrecision> {
  const { extent } = bench;
  const testOnly: Bench = { ...bench, extent: { ...extent, heldOut: 0 } };
  extent.onProgress('in float32:');
  if (phase === '1') return { plans: (await plans(testOnly, phase)).test.all };
  return { steps: (await steps(testOnly, phase)).test.all };
}
