/** The results of `bench:micro` as text. */
import type { ForcedShare } from './forced-share.ts';
import type { Quantiles } from './timing.ts';

type Costs = Readonly<Record<string, Quantiles>>;

export type VocabularyCosts = {
  /** Number of tokens. */
  readonly vocabulary: number;
  readonly load: Costs;
  readonly state: Costs;
  readonly mask: Costs;
  readonly sampling: Costs;
};

const SECTIONS = [
  ['load', 'Loading'],
  ['state', 'A new state of 200 controls'],
  ['mask', 'Mask of a decision: find what is allowed, take a token, find what that forces'],
  ['sampling', 'Choosing a token out of the mask'],
] as const;
const NAME_WIDTH = 44;
const NUMBER_WIDTH = 22;

/** One column per vocabulary. */
export function costTable(columns: readonly VocabularyCosts[]): string {
  const lines = ['Microseconds, p50 / p99, by size of the vocabulary'];
  for (const [section, title] of SECTIONS) {
    const sizes = columns.map(({ vocabulary }) => String(vocabulary).padStart(NUMBER_WIDTH));
    lines.push('', title, `${''.padEnd(NAME_WIDTH)}${sizes.join('')}`);
    for (const name of Object.keys(columns[0]?.[section] ?? {})) {
      const cells = columns.map((column) => {
        const { p50, p99 } = column[section][name] as Quantiles;
        return `${p50.toFixed(1)} / ${p99.toFixed(1)}`.padStart(NUMBER_WIDTH);
      });
      lines.push(`${name.padEnd(NAME_WIDTH)}${cells.join('')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function forcedTable({
  overall,
  templates,
}: {
  overall: ForcedShare;
  templates: Record<string, ForcedShare>;
}): string {
  const row = (name: string, { answers, tokens, forced, share, decisions }: ForcedShare) =>
    [
      name.padEnd(24),
      ...[answers, tokens, forced, `${(share * 100).toFixed(1)} %`, decisions.toFixed(2)].map((cell) =>
        String(cell).padStart(10),
      ),
    ].join('');
  const header = ['answers', 'tokens', 'forced', 'share', 'decisions'].map((cell) => cell.padStart(10)).join('');
  return `${[
    "Forced tokens in the expert's answers, by template; decisions per answer",
    `${''.padEnd(24)}${header}`,
    ...Object.entries(templates).map(([name, share]) => row(name, share)),
    row('all', overall),
  ].join('\n')}\n`;
}
