/** Raises the rate until latency bends: how much load the gateway sustains, and what it does past that. */
import { quantile, round } from '../steps/stats.ts';
import type { Caller, CallOutcome } from './load-client.ts';
import { type OpenLoopOptions, type OpenLoopResult, runOpenLoop } from './open-loop.ts';

export type Knee = {
  /** One client, nothing else: median and 99th percentile. */
  readonly unloaded_p50_ms: number;
  readonly unloaded_p99_ms: number;
  /** Steps per second of 16 clients that wait for their answers. */
  readonly closed_loop_per_second: number;
  readonly runs: readonly OpenLoopResult[];
  /** The last run before latency or refusals said that it was too much; undefined if the first one was already. */
  readonly knee: OpenLoopResult | undefined;
};

/** Past the knee, p99 exceeds this many times the unloaded p50. */
const KNEE_FACTOR = 10;
/** Or more than this share is refused. */
const MOST_REFUSED = 0.01;
/** Rates: from a fifth of what the closed loop did, by a quarter more each. */
const FIRST_SHARE = 0.2;
const RATE_FACTOR = 1.25;
const MAX_RUNS = 14;
/** And these many times the knee, to see what becomes of it. */
const BEYOND = [1.5, 2, 3];
const UNLOADED_CALLS = 60;
const CLOSED_CLIENTS = 16;
const CLOSED_SECONDS = 5;

export type KneeOptions = Omit<OpenLoopOptions, 'perSecond'>;

export async function findKnee(
  options: KneeOptions,
  onRun: (result: OpenLoopResult) => void = () => {},
): Promise<Knee> {
  const { client, requests, deadlineMs } = options;
  const alone: number[] = [];
  for (const request of requests.slice(0, UNLOADED_CALLS)) {
    alone.push(expectOk(await client.call(request, { deadlineMs })).latencyMs);
  }
  const unloadedP50 = quantile(alone, 0.5);
  const closed = await closedLoop(client, requests, deadlineMs);
  const runs: OpenLoopResult[] = [];
  const runAt = async (perSecond: number): Promise<OpenLoopResult> => {
    const result = await runOpenLoop({ ...options, perSecond });
    runs.push(result);
    onRun(result);
    return result;
  };
  let knee: OpenLoopResult | undefined;
  let perSecond = closed * FIRST_SHARE;
  while (runs.length < MAX_RUNS) {
    const result = await runAt(perSecond);
    if (isPastKnee(result, unloadedP50)) break;
    knee = result;
    perSecond *= RATE_FACTOR;
  }
  for (const factor of BEYOND) await runAt((knee?.per_second ?? perSecond) * factor);
  return {
    unloaded_p50_ms: round(unloadedP50),
    unloaded_p99_ms: round(quantile(alone, 0.99)),
    closed_loop_per_second: round(closed),
    runs,
    knee,
  };
}

export function isPastKnee(result: OpenLoopResult, unloadedP50: number): boolean {
  if (result.refused > result.offered * MOST_REFUSED) return true;
  return result.p99_ms === null || result.p99_ms > KNEE_FACTOR * unloadedP50;
}

/** Steps per second of clients that ask as soon as they are answered. */
async function closedLoop(client: Caller, requests: readonly Buffer[], deadlineMs: number): Promise<number> {
  const startMs = performance.now();
  let numDone = 0;
  let next = UNLOADED_CALLS;
  const lane = async () => {
    while (performance.now() - startMs < CLOSED_SECONDS * 1e3) {
      expectOk(await client.call(requests[next++ % requests.length] as Buffer, { deadlineMs }));
      numDone++;
    }
  };
  await Promise.all(Array.from({ length: CLOSED_CLIENTS }, lane));
  return (numDone / (performance.now() - startMs)) * 1e3;
}

function expectOk(outcome: CallOutcome): CallOutcome {
  if (outcome.code !== 'ok') throw new Error(`the gateway answered ${outcome.code} while it had nothing else to do`);
  return outcome;
}
