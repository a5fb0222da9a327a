import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { Reloads } from '../../../../src/server/reload/reloads.ts';

type Part = (config: string) => void | Promise<void>;

function reloadsOf(parts: Readonly<Record<string, Part>>) {
  const results: string[] = [];
  const lines: { event: string; part: string }[] = [];
  const reloads = new Reloads<string>({
    parts: Object.entries(parts).map(([name, reload]) => ({ name, reload })),
    logger: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    onReload: (part, result) => results.push(`${part} ${result}`),
  });
  return { reloads, results, lines };
}

test('a part that fails keeps what it had; the others take the new', async () => {
  const seen: string[] = [];
  const { reloads, results, lines } = reloadsOf({
    keys: () => Promise.reject(new Error('broken file')),
    policy: (config) => void seen.push(config),
  });
  assert.deepEqual(await reloads.run('new'), ['keys']);
  assert.deepEqual(seen, ['new']);
  assert.deepEqual(results, ['keys error', 'policy ok']);
  assert.deepEqual(
    lines.map(({ event, part }) => `${event} ${part}`),
    ['reload_failed keys', 'reloaded policy'],
  );
});

test('reloads that are asked for while one runs come after it', async () => {
  const seen: string[] = [];
  let release = () => {};
  const { reloads } = reloadsOf({
    slow: async (config) => {
      seen.push(`${config} begins`);
      if (config === 'first') await new Promise<void>((resolve) => (release = resolve));
      seen.push(`${config} ends`);
    },
  });
  const first = reloads.run('first');
  const second = reloads.run('second');
  await new Promise(setImmediate);
  release();
  await Promise.all([first, second]);
  assert.deepEqual(seen, ['first begins', 'first ends', 'second begins', 'second ends']);
});
