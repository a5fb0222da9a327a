/** Text tables: columns as wide as their widest cell. Pure. */

/** `lines`: cells by row, the first row the heading. */
export function formatTable(lines: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...lines.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...lines.map((cells) => (cells[i] ?? '').length)));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Such as `4.03 MiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 2 ** (10 * power);
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${UNITS[power]}`;
}
