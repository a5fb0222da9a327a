/** Far more load than is sustainable, for a while: what is accepted stays quick, the rest is refused at once, memory holds. */
import { quantile, round } from '../steps/stats.ts';
import type { Knee } from './knee.ts';
import { type OpenLoopOptions, type OpenLoopResult, runOpenLoop } from './open-loop.ts';
import { delay, type Sample, watch } from './scrape.ts';

export type Overload = {
  readonly during: OpenLoopResult;
  /** Half the sustainable rate, right after. */
  readonly after: OpenLoopResult;
  readonly samples: readonly Sample[];
  /** Of the seconds' 99th percentiles: the median, and the worst. Refusals that take longer waited elsewhere. */
  readonly event_loop_lag_p99_ms: { readonly median: number; readonly most: number };
  readonly checks: readonly Check[];
};

export type Check = {
  readonly name: string;
  readonly wanted: string;
  readonly measured: number | null;
  readonly met: boolean;
};

export const OVERLOAD_FACTOR = 3;
const MOST_P99_FACTOR = 3;
const REFUSED_WITHIN_MS = 20;
/** Resident memory in the last third of the time, against the first. */
const MOST_RSS_GROWTH = 1.1;
const RECOVERED_FACTOR = 2;
const PAUSE_MS = 500;
const RECOVERY_SECONDS = 10;

export type OverloadOptions = Omit<OpenLoopOptions, 'perSecond'> & { readonly http: string };

export async function overload(options: OverloadOptions, knee: Knee): Promise<Overload> {
  const at = knee.knee;
  if (at === undefined) throw new Error('no sustainable rate is known: even the lowest one was too much');
  const watching = watch(options.http, 1_000);
  const during = await runOpenLoop({ ...options, perSecond: at.per_second * OVERLOAD_FACTOR });
  const samples = await watching.stop();
  await delay(PAUSE_MS);
  const after = await runOpenLoop({ ...options, perSecond: at.per_second / 2, seconds: RECOVERY_SECONDS });
  // Not a number where nothing was measured since the sample before.
  const lags = samples.map(({ event_loop_lag_p99_ms }) => event_loop_lag_p99_ms).filter(Number.isFinite);
  return {
    during,
    after,
    samples,
    event_loop_lag_p99_ms: { median: round(quantile(lags, 0.5)), most: round(quantile(lags, 1)) },
    checks: checksOf({ knee, during, after, samples }),
  };
}

type Measured = { readonly knee: Knee } & Pick<Overload, 'during' | 'after' | 'samples'>;

export function checksOf({ knee, during, after, samples }: Measured): Check[] {
  const kneeP99 = knee.knee?.p99_ms ?? Number.NaN;
  const third = Math.max(1, Math.floor(samples.length / 3));
  const rss = (part: readonly Sample[]) =>
    quantile(
      part.map(({ rss_bytes }) => rss_bytes),
      0.5,
    );
  const growth = rss(samples.slice(-third)) / rss(samples.slice(0, third));
  return [
    atMost(
      'p99 of accepted requests, against p99 at the knee',
      (during.p99_ms ?? Number.NaN) / kneeP99,
      MOST_P99_FACTOR,
    ),
    atMost('p99 of refusals, ms', during.refused_p99_ms ?? Number.NaN, REFUSED_WITHIN_MS),
    atMost('ends other than an answer or a refusal', sum(during.failed), 0),
    atMost('resident memory, last third against first', growth, MOST_RSS_GROWTH),
    atMost('right after: p50 against unloaded', (after.p50_ms ?? Number.NaN) / knee.unloaded_p50_ms, RECOVERED_FACTOR),
    atMost('right after: refused or failed', after.refused + sum(after.failed), 0),
  ];
}

function atMost(name: string, measured: number, most: number): Check {
  const isKnown = !Number.isNaN(measured);
  return { name, wanted: `<= ${most}`, measured: isKnown ? round(measured) : null, met: isKnown && measured <= most };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
