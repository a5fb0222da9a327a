/** When requests arrive that do not wait for one another. */
import type { Random } from '../desktop/random.ts';

/** A Poisson process: milliseconds from the start, ascending, `perSecond` of them on average, all before `seconds`. */
export function poissonArrivals(random: Random, perSecond: number, seconds: number): number[] {
  const arrivals: number[] = [];
  let atMs = 0;
  for (;;) {
    atMs += (-Math.log(1 - random.next()) / perSecond) * 1e3;
    if (atMs >= seconds * 1e3) return arrivals;
    arrivals.push(atMs);
  }
}
