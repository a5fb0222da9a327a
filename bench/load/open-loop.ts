/** Offers load at a given rate, whatever the answers do: closed loops slow down with the server and hide its queue. */
import type { Random } from '../desktop/random.ts';
import { quantile, round } from '../steps/stats.ts';
import { poissonArrivals } from './arrivals.ts';
import type { Caller, CallOutcome } from './load-client.ts';
import { delay } from './scrape.ts';

export type OpenLoopOptions = {
  readonly client: Caller;
  /** Taken in turn. */
  readonly requests: readonly Buffer[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly random: Random;
  /** Of each call, in milliseconds. */
  readonly deadlineMs: number;
};

/** Milliseconds and counts. Latencies of answers count from the arrival that was planned, those of refusals from sending. */
export type OpenLoopResult = {
  readonly per_second: number;
  readonly seconds: number;
  readonly offered: number;
  readonly ok: number;
  /** `overloaded` or `rate_limited`. */
  readonly refused: number;
  /** All other ends, by code. */
  readonly failed: Readonly<Record<string, number>>;
  readonly ok_per_second: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
  readonly refused_p50_ms: number | null;
  readonly refused_p99_ms: number | null;
  /** How late the client itself sent, 99th percentile: where this is not small, the machine was too busy to tell. */
  readonly client_lag_p99_ms: number;
  readonly most_in_flight: number;
};

const REFUSALS: ReadonlySet<string> = new Set(['overloaded', 'rate_limited', 'resource_exhausted']);

export async function runOpenLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const { client, requests, perSecond, seconds, random, deadlineMs } = options;
  const arrivals = poissonArrivals(random, perSecond, seconds);
  const lags: number[] = [];
  const ended: Promise<CallOutcome & { readonly lagMs: number }>[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const startMs = performance.now();
  for (const [i, arrivalMs] of arrivals.entries()) {
    const waitMs = startMs + arrivalMs - performance.now();
    // Timers of less than a millisecond would only be late.
    if (waitMs >= 1) await delay(waitMs);
    const lagMs = Math.max(0, performance.now() - startMs - arrivalMs);
    lags.push(lagMs);
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    const call = client.call(requests[i % requests.length] as Buffer, { deadlineMs });
    ended.push(
      call.then((outcome) => {
        inFlight--;
        return { ...outcome, lagMs };
      }),
    );
  }
  const outcomes = await Promise.all(ended);
  const wallSeconds = (performance.now() - startMs) / 1e3;
  const ok = outcomes.filter(({ code }) => code === 'ok').map(({ latencyMs, lagMs }) => latencyMs + lagMs);
  const refused = outcomes.filter(({ code }) => REFUSALS.has(code)).map(({ latencyMs }) => latencyMs);
  return {
    per_second: round(perSecond),
    seconds,
    offered: outcomes.length,
    ok: ok.length,
    refused: refused.length,
    failed: countBy(outcomes.map(({ code }) => code).filter((code) => code !== 'ok' && !REFUSALS.has(code))),
    ok_per_second: round(ok.length / wallSeconds),
    p50_ms: quantileOrNull(ok, 0.5),
    p95_ms: quantileOrNull(ok, 0.95),
    p99_ms: quantileOrNull(ok, 0.99),
    refused_p50_ms: quantileOrNull(refused, 0.5),
    refused_p99_ms: quantileOrNull(refused, 0.99),
    client_lag_p99_ms: round(quantile([0, ...lags], 0.99)),
    most_in_flight: mostInFlight,
  };
}

function quantileOrNull(values: readonly number[], q: number): number | null {
  return values.length === 0 ? null : round(quantile(values, q));
}

export function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
