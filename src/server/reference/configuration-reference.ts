/** docs/configuration.md, made from the schema. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { formatBytes } from '../commands/table.ts';
import { envName, flagName } from '../config.ts';
import type { Key } from '../config-key.ts';
import { KEYS, type KeyName } from '../config-keys.ts';

const INTRODUCTION = `# Configuration

Made from the code by \`lam-gateway docs configuration\`; a test fails when it is out of step.

Each key is a flag, an environment variable, or a key of the JSON file that \`--config\` or \`LAM_GATEWAY_CONFIG\` names. A flag
overrides the environment, which overrides the file. Sizes may have a unit (\`256MiB\`), lists are separated by commas (arrays in
the file). Unknown keys are errors; all problems are reported at once, each with its source, and the exit code is 78.
\`--print-config\` shows the result with the source of each value, and \`lam-gateway check\` whether it can work on this machine.
`;

export function configurationReference(): string {
  const rows = (Object.keys(KEYS) as KeyName[]).map((name) => {
    const key: Key<unknown> = KEYS[name];
    const cells = [
      `\`${name}\``,
      `\`${flagName(name)}\`<br>\`${envName(name)}\``,
      typeOf(name, key),
      defaultOf(name, key),
      escapeCell(key.description),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const heading = '| key in the file | flag, environment | type | default | meaning |\n|---|---|---|---|---|';
  return `${INTRODUCTION}\n${heading}\n${rows.join('\n')}\n`;
}

/** Of the machine that made the document, its cores are no default of others. */
function defaultOf(name: KeyName, { byDefault }: Key<unknown>): string {
  if (name === 'threads' && byDefault === availableParallelism()) return 'one per core';
  if (isSize(name) && byDefault !== 0) return `\`${formatBytes(Number(byDefault)).replace(' ', '')}\``;
  const text = Array.isArray(byDefault) ? byDefault.join(',') : String(byDefault);
  return text === '' ? 'empty' : `\`${text}\``;
}

type JsonSchema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
};

function isSize(name: KeyName): boolean {
  return name.endsWith('Bytes');
}

function typeOf(name: KeyName, { schema }: Key<unknown>): string {
  const { type, enum: values, minimum, maximum, items } = z.toJSONSchema(schema) as JsonSchema;
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'array') {
    return items?.enum === undefined ? 'list' : `list of ${items.enum.map((value) => `\`${value}\``).join(', ')}`;
  }
  if (isSize(name)) return `size, ${formatBytes(minimum ?? 0)} to ${formatBytes(maximum ?? 0)}`;
  return minimum === undefined || maximum === undefined ? (type ?? 'value') : `${type}, ${minimum} to ${maximum}`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
