/** The report's own plots: bars with intervals, and calibration. */
import { colorOf, escaped, linePlot } from '../steps/plots.ts';
import type { Interval } from './intervals.ts';
import type { Calibration } from './ranking.ts';

export type BarSeries = {
  readonly name: string;
  /** Percent, one per group; null leaves a gap. */
  readonly values: readonly ({ readonly value: number; readonly interval?: Interval } | null)[];
};
export type BarOptions = { readonly title: string; readonly groups: readonly string[] };

const WIDTH = 720;
const HEIGHT = 340;
const MARGIN = { left: 44, right: 12, top: 62, bottom: 34 };
const TICKS = [0, 20, 40, 60, 80, 100];
const LEGEND_STEP = 150;

/** Groups of bars, 0 to 100 percent, each with its interval as a whisker. */
export function groupedBars(series: readonly BarSeries[], { title, groups }: BarOptions): string {
  const bottom = HEIGHT - MARGIN.bottom;
  const groupWidth = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, groups.length);
  const barWidth = Math.min(34, (groupWidth * 0.84) / Math.max(1, series.length));
  const y = (value: number): number => bottom - (value / 100) * (bottom - MARGIN.top);
  const ticks = TICKS.map(
    (tick) =>
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}" stroke="#ddd"/>` +
      `<text x="${MARGIN.left - 6}" y="${fixed(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
  );
  const bars = series.flatMap(({ values }, s) =>
    values.map((bar, g) => {
      if (bar === null) return '';
      const left = MARGIN.left + groupWidth * (g + 0.5) + barWidth * (s - series.length / 2);
      const middle = fixed(left + barWidth / 2);
      const box = `<rect x="${fixed(left)}" y="${fixed(y(bar.value))}" width="${fixed(barWidth - 2)}" height="${fixed(bottom - y(bar.value))}" fill="${colorOf(s)}"/>`;
      const [low, high] = bar.interval ?? [bar.value, bar.value];
      const whisker = `<line x1="${middle}" x2="${middle}" y1="${fixed(y(low))}" y2="${fixed(y(high))}" stroke="#222" stroke-width="1.5"/>`;
      const label = `<text x="${middle}" y="${fixed(y(high) - 4)}" text-anchor="middle" font-size="10">${Math.round(bar.value)}</text>`;
      return box + (bar.interval ? whisker : '') + label;
    }),
  );
  const names = groups.map(
    (name, g) =>
      `<text x="${fixed(MARGIN.left + groupWidth * (g + 0.5))}" y="${bottom + 18}" text-anchor="middle">${escaped(name)}</text>`,
  );
  const keys = series.map(
    ({ name }, s) =>
      `<rect x="${MARGIN.left + s * LEGEND_STEP}" y="32" width="12" height="12" fill="${colorOf(s)}"/>` +
      `<text x="${MARGIN.left + s * LEGEND_STEP + 17}" y="42">${escaped(name)}</text>`,
  );
  const heading = `<text x="${WIDTH / 2}" y="20" text-anchor="middle" font-weight="bold">${escaped(title)}</text>`;
  const content = [heading, ...keys, ...ticks, ...bars, ...names].join('');
  return `${svgStart(WIDTH, HEIGHT)}<rect width="100%" height="100%" fill="#fff"/>${content}</svg>\n`;
}

/** Where a line lies on the diagonal, a score of 0.7 is right 7 times out of 10. */
export function calibrationPlot(
  lines: readonly { readonly name: string; readonly calibration: Calibration }[],
): string {
  const diagonal = { name: 'what it should be', points: [[0, 0] as const, [1, 1] as const] };
  const measured = lines.map(({ name, calibration }) => ({
    name,
    points: calibration.bins.map((bin) => [bin.mean_score, bin.good_share] as const),
  }));
  const plot = linePlot([diagonal, ...measured], {
    title: 'Calibration of the reward model',
    xLabel: 'score, mean of the bin',
    yLabel: 'share of good ones',
  });
  return `${plot.replace('>', '><rect width="100%" height="100%" fill="#fff"/>')}\n`;
}

const svgStart = (width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" font-family="sans-serif" font-size="12">`;

function fixed(value: number): string {
  return value.toFixed(1);
}
