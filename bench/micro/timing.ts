/** Times of many samples, and what is said about them. */
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Microseconds. */
export type Quantiles = { readonly p50: number; readonly p99: number };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;

/** Runs `work` and returns how long it took, in microseconds. It does not pay for what others left to be collected. */
export function timed(work: () => void): number {
  collectGarbage({ type: 'minor' });
  const start = performance.now();
  work();
  return (performance.now() - start) * 1000;
}

/** The same for work that can be repeated: the median of three, so that whatever else runs on the machine counts less. */
export function timedThrice(work: () => void): number {
  const times = [timed(work), timed(work), timed(work)];
  return times.sort((a, b) => a - b)[1] as number;
}

/** Named series of samples. Samples of all series are to be taken in turn, so that what disturbs one disturbs all. */
export class Series {
  readonly #samples = new Map<string, number[]>();

  add(name: string, micros: number): void {
    const samples = this.#samples.get(name);
    if (samples === undefined) this.#samples.set(name, [micros]);
    else samples.push(micros);
  }

  clear(): void {
    this.#samples.clear();
  }

  /** In the order in which the names first came up. */
  quantiles(): Record<string, Quantiles> {
    return Object.fromEntries([...this.#samples].map(([name, samples]) => [name, quantilesOf(samples)]));
  }
}

function quantilesOf(samples: readonly number[]): Quantiles {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

function round(micros: number): number {
  return Math.round(micros * 10) / 10;
}
