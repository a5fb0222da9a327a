/** Whether a process leaks, judged from samples of it under steady load. */
import { quantile, round } from '../steps/stats.ts';
import type { Sample } from './scrape.ts';

export type Trend = {
  readonly name: string;
  /** Of the sampled windows: the first and the last, after the warm-up. */
  readonly first: number;
  readonly last: number;
  /** By a line through all windows, from the first to the last. */
  readonly growth: number;
  readonly most_growth: number;
  readonly met: boolean;
};

/** Caches fill and code is compiled in the first part of the time. */
const WARM_UP_SHARE = 0.35;
const WINDOWS = 8;
const MIB = 2 ** 20;

type Measure = {
  readonly name: string;
  readonly of: (sample: Sample) => number | null;
  /** Of the windows' values: the lowest for memory that a garbage collector lets pile up, else the median. */
  readonly window: number;
  /** Growth that is no leak: a floor, or a share of the first value, whichever is more. */
  readonly floor: number;
  readonly share: number;
};

/**
 * A run of slots that are computed together for the first time keeps a binding and a tensor per KV buffer, nine handles for the
 * shipped model. There are at most 136 runs of 16 slots; four of the rare ones may still come up after the warm-up.
 */
const HANDLES_OF_NEW_RANGES = 4 * 9;

const MEASURES: readonly Measure[] = [
  { name: 'heap, bytes', of: (sample) => sample.heap_bytes, window: 0, floor: 8 * MIB, share: 0.15 },
  { name: 'buffers, bytes', of: (sample) => sample.external_bytes, window: 0, floor: 8 * MIB, share: 0.15 },
  { name: 'resident memory, bytes', of: (sample) => sample.rss_bytes, window: 0.5, floor: 24 * MIB, share: 0.08 },
  { name: 'event loop resources', of: (sample) => sample.active_resources, window: 0, floor: 4, share: 0.1 },
  { name: 'native handles', of: (sample) => sample.native_handles, window: 0, floor: HANDLES_OF_NEW_RANGES, share: 0 },
];

/** One trend per measure that the samples have. Growth by a fitted line, so that no single window decides. */
export function trendsOf(samples: readonly Sample[]): Trend[] {
  const steady = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  return MEASURES.flatMap(({ name, of, window, floor, share }) => {
    const values = steady.map(of).filter((value): value is number => value !== null);
    if (values.length < WINDOWS) return [];
    const windows = split(values, WINDOWS).map((part) => quantile(part, window));
    const growth = slope(windows) * (WINDOWS - 1);
    const first = windows[0] ?? 0;
    const most = Math.max(floor, share * first);
    return [
      {
        name,
        first: round(first),
        last: round(windows.at(-1) ?? 0),
        growth: round(growth),
        most_growth: round(most),
        // Fits of whole numbers are off by rounding.
        met: growth <= most + 1e-6,
      },
    ];
  });
}

function split<T>(values: readonly T[], parts: number): T[][] {
  return Array.from({ length: parts }, (_, i) =>
    values.slice(Math.floor((i * values.length) / parts), Math.floor(((i + 1) * values.length) / parts)),
  );
}

/** Least squares, per window. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  let upper = 0;
  let lower = 0;
  for (const [i, value] of values.entries()) {
    upper += (i - middle) * (value - average);
    lower += (i - middle) ** 2;
  }
  return upper / lower;
}
