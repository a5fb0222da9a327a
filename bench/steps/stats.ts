/** Quantiles and spreads. */

/** The value below which a share `q` (0..1) of `values` lies, between neighbours by interpolation; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Share of `values` that are true, 0..1; null of nothing. */
export function share(values: readonly boolean[]): number | null {
  return values.length === 0 ? null : round(values.filter(Boolean).length / values.length);
}

/** Lowest, median and highest. */
export type Spread = readonly [low: number, median: number, high: number];

export function spread(values: readonly number[]): Spread {
  return [round(Math.min(...values)), round(quantile(values, 0.5)), round(Math.max(...values))];
}

/** To four significant digits: more than any of this is known to. */
export function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}
