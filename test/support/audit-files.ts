/** Reads what is in an audit log. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type AuditLine = Readonly<Record<string, unknown>>;

/** Names of the numbered files, oldest first. */
export function auditFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
}

/** All lines of all files. Throws if one of them is not whole. */
export function auditLines(folder: string): readonly AuditLine[] {
  return auditFiles(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    if (text !== '' && !text.endsWith('\n')) throw new Error(`${name} ends in a torn line`);
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as AuditLine);
  });
}
