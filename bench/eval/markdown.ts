/** Tables and numbers in markdown. */
import type { Interval } from './intervals.ts';

export type Cell = string | number | null | undefined;

/** The first `numTexts` columns are text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], numTexts = 1): string {
  const line = (cells: readonly Cell[]): string => `| ${cells.map(written).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < numTexts ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const written = (cell: Cell): string => String(cell ?? '–').replaceAll('|', '\\|');

/** With one decimal, as the paper has it; a dash for nothing. */
export function one(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(1);
}

/** `84.2 (80.3 to 87.5)`. */
export function withInterval(value: number, [low, high]: Interval): string {
  return `${one(value)} (${one(low)} to ${one(high)})`;
}

export const signed = (value: number): string => `${value > 0 ? '+' : ''}${one(value)}`;

/** `12,345`. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** How to get the numbers above it. */
export const reproduce = (options: string): string => `Reproduce: \`npm run eval -- --report ${options}\``;
