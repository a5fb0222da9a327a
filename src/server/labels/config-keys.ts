/** The configuration key of labels, and what its entries say. */
import { z } from 'zod';
import type { ModelLabel } from '../../runtime/index.ts';
import type { Key } from '../config-key.ts';

const PART = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
const ENTRY = new RegExp(`^(${PART}):(${PART})=(${PART})(?:@(0|1|0?\\.\\d+|1\\.0+))?$`);
const ERROR = 'expected name:label=version@share, for example lam-word:canary=3@0.05; the share is 0 to 1';

const labels: Key<readonly string[]> = {
  schema: z.array(z.string({ error: ERROR }).regex(ENTRY, { error: ERROR }), { error: ERROR }),
  byDefault: [],
  description:
    'labels of model versions with their share of the traffic: name:label=version@share, separated by commas; a label without a ' +
    'share is reached by name:label only; read again at SIGHUP',
  fromText: (text) => (text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim())),
};

export const LABEL_KEYS = { labels } as const;

/** Of an entry that the schema has accepted. */
export function parseLabel(entry: string): ModelLabel {
  const [, name = '', label = '', version = '', share = '0'] = ENTRY.exec(entry) ?? [];
  return { name, label, version, share: Number(share) };
}

/** Rules over all entries. */
export function labelProblems({
  labels,
}: {
  readonly labels: readonly string[];
}): readonly (readonly ['labels', string])[] {
  const parsed = labels.map(parseLabel);
  const keys = parsed.map(({ name, label }) => `${name}:${label}`);
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (twice !== undefined) return [['labels', `${twice} is there twice`]];
  for (const { name } of parsed) {
    const total = parsed.reduce((sum, other) => sum + (other.name === name ? other.share : 0), 0);
    if (total > 1 + 1e-9) return [['labels', `the shares of ${name} add up to ${total}, more than 1`]];
  }
  return [];
}
