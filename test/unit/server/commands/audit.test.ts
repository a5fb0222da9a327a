import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { runAudit } from '../../../../src/server/commands/audit.ts';
import { withFolder } from '../../../support/command-streams.ts';

test('an export of lines that are none, or of which some are missing, tells it by its exit code', () =>
  withFolder(async (folder) => {
    const line = (seq: number) => `${JSON.stringify({ seq, time: '2026-01-01T00:00:00.000Z', event: 'open' })}\n`;
    const cases: readonly (readonly [content: string, code: number, told: RegExp])[] = [
      [line(1) + line(2), 0, /^2 lines, .*; 0 broken lines, 0 missing$/m],
      [`${line(1)}{"seq": 2\n`, 65, /; 1 broken lines, 0 missing$/m],
      [line(1) + line(4), 65, /; 0 broken lines, 2 missing$/m],
    ];
    for (const [content, code, told] of cases) {
      const file = join(folder, 'audit.000001.jsonl');
      writeFileSync(file, content);
      const errors: string[] = [];
      const streams = { out: new PassThrough().resume(), error: (text: string) => void errors.push(text) };
      assert.equal(await runAudit(['export', file], streams), code, content);
      assert.match(errors.join(''), told);
    }
  }));
