/** How sure a share is that was counted over few tasks. */

/** Percent, with two decimals. */
export type Interval = readonly [low: number, high: number];

/** Of the normal distribution: 95 % lie within as many standard deviations. */
const Z = 1.959964;

/**
 * The 95 % interval of Wilson (1927) for `successes` out of `count` independent tasks, in percent. Unlike the usual
 * plus-or-minus it stays within 0 and 100 and is right near them. [0, 100] of nothing.
 */
export function wilson(successes: number, count: number): Interval {
  if (count === 0) return [0, 100];
  const share = successes / count;
  const middle = (share + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count);
  const half = (Z / (1 + Z ** 2 / count)) * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  return [toPercent(Math.max(0, middle - half)), toPercent(Math.min(1, middle + half))];
}

/** Of a share 0..1: percent with two decimals. */
export function toPercent(share: number): number {
  return Math.round(share * 10_000) / 100;
}

/** Share of `items` for which `holds`, in percent with two decimals; 0 of nothing. */
export function percent<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return toPercent(items.filter(holds).length / Math.max(1, items.length));
}

/** The interval of the same share, if the items are independent of one another. */
export function percentInterval<T>(items: readonly T[], holds: (item: T) => boolean): Interval {
  return wilson(items.filter(holds).length, items.length);
}

export type PairedDifference = {
  /** Points of percent by which `after` does better. */
  readonly points: number;
  readonly interval: Interval;
  /** Tasks that only one of the two did. */
  readonly gained: number;
  readonly lost: number;
};

/**
 * How much better `after` is on the same tasks than `before`, with the 95 % interval of a paired difference (Wald, from the tasks
 * that only one of the two did). Each is a string of 1 and 0, one per task. Throws if they are of different lengths.
 */
export function pairedDifference(before: string, after: string): PairedDifference {
  if (before.length !== after.length) throw new RangeError('not the same tasks');
  const count = Math.max(1, before.length);
  let [gained, lost] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue;
    if (after[i] === '1') gained++;
    else lost++;
  }
  const difference = (gained - lost) / count;
  const half = Z * Math.sqrt(Math.max(0, (gained + lost) / count - difference ** 2) / count);
  return {
    points: toPercent(difference),
    interval: [toPercent(difference - half), toPercent(difference + half)],
    gained,
    lost,
  };
}
