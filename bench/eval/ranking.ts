/** How well scores tell good from bad, and whether they mean what they say. */

export type Scored = {
  /** 0..1. */
  readonly score: number;
  readonly good: boolean;
};

/** The probability that a good one scores higher than a bad one; ties count half. Null if there is but one kind. */
export function areaUnderCurve(items: readonly Scored[]): number | null {
  const sorted = [...items].sort((a, b) => a.score - b.score);
  const numGood = items.filter(({ good }) => good).length;
  const numBad = items.length - numGood;
  if (numGood === 0 || numBad === 0) return null;
  let above = 0;
  let badBelow = 0;
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to++;
    const tied = sorted.slice(from, to);
    const good = tied.filter((item) => item.good).length;
    const bad = tied.length - good;
    above += good * (badBelow + bad / 2);
    badBelow += bad;
  }
  return round(above / (numGood * numBad));
}

export type Bin = {
  /** Scores from here, up to but not including `to`; the last bin includes it. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly mean_score: number;
  readonly good_share: number;
};

export type Calibration = {
  /** Those with something in them. */
  readonly bins: readonly Bin[];
  /** Mean distance between score and share of good ones, weighted by the bins' counts: expected calibration error. */
  readonly error: number;
  /** Mean squared distance between score and truth (1 or 0): Brier score. */
  readonly brier: number;
};

/** Bins of equal width. */
export function calibrate(items: readonly Scored[], numBins = 10): Calibration {
  const groups = Array.from({ length: numBins }, (): Scored[] => []);
  for (const item of items) groups[Math.min(numBins - 1, Math.floor(item.score * numBins))]?.push(item);
  const bins = groups.flatMap((group, i): Bin[] =>
    group.length === 0
      ? []
      : [
          {
            from: round(i / numBins),
            to: round((i + 1) / numBins),
            count: group.length,
            mean_score: round(mean(group.map(({ score }) => score))),
            good_share: round(mean(group.map(({ good }) => Number(good)))),
          },
        ],
  );
  const total = Math.max(1, items.length);
  const gap = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.mean_score - bin.good_share), 0);
  return {
    bins,
    error: round(gap / total),
    brier: round(mean(items.map(({ score, good }) => (score - Number(good)) ** 2))),
  };
}

/** 0 of nothing. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
