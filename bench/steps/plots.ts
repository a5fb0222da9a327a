/** Plots as SVG text: distributions, lines and stacked bars. Knows numbers and names only. */

export type Series = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] };
export type PlotOptions = {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Default linear. */
  readonly xScale?: 'linear' | 'log';
  readonly yScale?: 'linear' | 'log';
};
export type Bar = { readonly name: string; readonly parts: readonly (readonly [part: string, value: number])[] };

const WIDTH = 640;
const HEIGHT = 340;
const MARGIN = { left: 64, right: 16, top: 36, bottom: 48 };
/** Distinguishable with any colour vision (Okabe and Ito, 2008). */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

export function colorOf(index: number): string {
  return COLORS[index % COLORS.length] ?? '#000000';
}

/** The share of values below each value: where a line is higher, more steps are faster. */
export function distribution(name: string, values: readonly number[]): Series {
  const sorted = [...values].sort((a, b) => a - b);
  return { name, points: sorted.map((value, i) => [value, (100 * (i + 1)) / sorted.length]) };
}

export function linePlot(series: readonly Series[], options: PlotOptions): string {
  const drawn = series.filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  const x = axis(
    all.map((point) => point[0]),
    { isLog: options.xScale === 'log', from: MARGIN.left, to: WIDTH - MARGIN.right },
  );
  const y = axis(
    all.map((point) => point[1]),
    { isLog: options.yScale === 'log', from: HEIGHT - MARGIN.bottom, to: MARGIN.top },
  );
  const lines = drawn.map(({ points }, i) => {
    const path = points.map(([px, py]) => `${fixed(x.at(px))},${fixed(y.at(py))}`).join(' ');
    const dots = points.length > 24 ? '' : dotsOf(points, { x, y, color: colorOf(i) });
    return `<polyline points="${path}" fill="none" stroke="${colorOf(i)}" stroke-width="2"/>${dots}`;
  });
  return frame(options, [
    ...x.ticks.map((tick) => verticalTick(x.at(tick), tick)),
    ...y.ticks.map((tick) => horizontalTick(y.at(tick), tick)),
    ...lines,
    legend(drawn.map(({ name }) => name)),
  ]);
}

/** One bar per entry, its parts stacked from the left. */
export function stackedBars(bars: readonly Bar[], { title, xLabel }: Pick<PlotOptions, 'title' | 'xLabel'>): string {
  const nameWidth = 190;
  const rowHeight = 22;
  const top = 64;
  const height = top + bars.length * rowHeight + 40;
  const totals = bars.map(({ parts }) => parts.reduce((sum, [, value]) => sum + value, 0));
  const x = axis([0, ...totals], { isLog: false, from: nameWidth, to: WIDTH - MARGIN.right });
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(([part]) => part)))];
  const rows = bars.flatMap(({ name, parts }, row) => {
    const y = top + row * rowHeight;
    let sum = 0;
    const boxes = parts.map(([part, value]) => {
      const from = x.at(sum);
      sum += value;
      const width = Math.max(0, x.at(sum) - from);
      return `<rect x="${fixed(from)}" y="${y}" width="${fixed(width)}" height="${rowHeight - 6}" fill="${colorOf(names.indexOf(part))}"/>`;
    });
    return [`<text x="${nameWidth - 8}" y="${y + 12}" text-anchor="end">${escaped(name)}</text>`, ...boxes];
  });
  const ticks = x.ticks.map(
    (tick) =>
      `<text x="${fixed(x.at(tick))}" y="${height - 24}" text-anchor="middle">${label(tick)}</text>` +
      `<line x1="${fixed(x.at(tick))}" x2="${fixed(x.at(tick))}" y1="${top}" y2="${height - 40}" stroke="#ddd"/>`,
  );
  const caption = `<text x="${WIDTH / 2}" y="${height - 6}" text-anchor="middle">${escaped(xLabel)}</text>`;
  const keys = names.map(
    (name, i) =>
      `<rect x="${nameWidth + i * 88}" y="34" width="12" height="12" fill="${colorOf(i)}"/>` +
      `<text x="${nameWidth + i * 88 + 16}" y="44">${escaped(name)}</text>`,
  );
  return svg(height, [heading(title), ...keys, ...ticks, ...rows, caption]);
}

type Axis = { readonly at: (value: number) => number; readonly ticks: readonly number[] };
type AxisOptions = { readonly isLog: boolean; readonly from: number; readonly to: number };

function axis(values: readonly number[], { isLog, from, to }: AxisOptions): Axis {
  if (isLog) {
    const low = Math.floor(Math.log10(Math.max(1e-3, Math.min(...values))));
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1e-3, ...values))));
    const at = (value: number) => from + ((Math.log10(Math.max(1e-3, value)) - low) / (high - low)) * (to - from);
    return { at, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) };
  }
  const most = Math.max(0, ...values) || 1;
  const step = niceStep(most);
  const high = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round(high / step) + 1 }, (_, i) => i * step);
  return { at: (value) => from + (value / high) * (to - from), ticks };
}

/** 1, 2 or 5 times a power of ten, about five of which make `most`. */
function niceStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power * 5 >= most) ?? 10;
  return factor * power;
}

type Place = { readonly x: Axis; readonly y: Axis; readonly color: string };

function dotsOf(points: Series['points'], { x, y, color }: Place): string {
  return points
    .map(([px, py]) => `<circle cx="${fixed(x.at(px))}" cy="${fixed(y.at(py))}" r="3" fill="${color}"/>`)
    .join('');
}

function frame({ title, xLabel, yLabel }: PlotOptions, content: readonly string[]): string {
  const middle = (MARGIN.top + HEIGHT - MARGIN.bottom) / 2;
  return svg(HEIGHT, [
    heading(title),
    ...content,
    `<text x="${WIDTH / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${escaped(yLabel)}</text>`,
  ]);
}

function legend(names: readonly string[]): string {
  return names
    .map((name, i) => {
      const y = MARGIN.top + 12 + i * 16;
      const x = WIDTH - MARGIN.right - 140;
      return `<rect x="${x}" y="${y - 9}" width="12" height="10" fill="${colorOf(i)}"/><text x="${x + 18}" y="${y}">${escaped(name)}</text>`;
    })
    .join('');
}

function verticalTick(x: number, value: number): string {
  const bottom = HEIGHT - MARGIN.bottom;
  return (
    `<line x1="${fixed(x)}" x2="${fixed(x)}" y1="${MARGIN.top}" y2="${bottom}" stroke="#ddd"/>` +
    `<text x="${fixed(x)}" y="${bottom + 16}" text-anchor="middle">${label(value)}</text>`
  );
}

function horizontalTick(y: number, value: number): string {
  return (
    `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${fixed(y)}" y2="${fixed(y)}" stroke="#ddd"/>` +
    `<text x="${MARGIN.left - 6}" y="${fixed(y + 4)}" text-anchor="end">${label(value)}</text>`
  );
}

function heading(title: string): string {
  return `<text x="${WIDTH / 2}" y="20" text-anchor="middle" font-weight="bold">${escaped(title)}</text>`;
}

function svg(height: number, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" font-family="sans-serif" font-size="12">${content.join('')}</svg>`;
}

function label(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function fixed(value: number): string {
  return value.toFixed(1);
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
