import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runKeys } from '../../../../src/server/commands/keys.ts';
import { parseAccess } from '../../../../src/server/security/access-file.ts';
import { KeyTable } from '../../../../src/server/security/api-keys.ts';

async function keys(
  ...argv: string[]
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const out: string[] = [];
  const error: string[] = [];
  const streams = { out: (text: string) => void out.push(text), error: (text: string) => void error.push(text) };
  return { code: await runKeys(argv, streams), out: out.join(''), error: error.join('') };
}

/** The key and the access file of what was printed. */
function printed(out: string) {
  const [, key = ''] = /^Key, shown only now: (.*)$/m.exec(out) ?? [];
  return { key, access: parseAccess(`keys:\n${out.slice(out.indexOf('  - name'))}`) };
}

test('a new key is admitted by the entry that is printed with it', async () => {
  const { code, out } = await keys(
    'new',
    '--name',
    'desk-agents',
    '--scopes',
    'predict,scrape',
    '--max-concurrent',
    '3',
  );
  assert.equal(code, 0);
  const { key, access } = printed(out);
  const grant = new KeyTable(access.keys).find(key);
  assert.equal(grant?.principal.name, 'desk-agents');
  assert.deepEqual(grant?.principal.scopes, ['predict', 'scrape']);
  assert.equal(grant?.principal.limits.maxConcurrent, 3);
});

test('the entry does not hold the key, and no key comes twice', async () => {
  const [first, second] = [await keys('new', '--name', 'a'), await keys('new', '--name', 'a')];
  const { key } = printed(first.out);
  assert.equal(first.out.split(key).length, 2, 'the key is printed once');
  assert.notEqual(key, printed(second.out).key);
});

test('arguments that no gateway would take are refused with the usage', async () => {
  for (const [argv, problem] of [
    [[], /expected new, got ""/],
    [['list'], /expected new, got "list"/],
    [['new'], /--name is missing/],
    [['new', '--name', 'a b'], /keys\.0\.name: expected up to 64 letters/],
    [['new', '--name', 'a', '--scopes', 'root'], /keys\.0\.scopes\.0: /],
    [['new', '--name', 'a', '--expires', 'soon'], /keys\.0\.expires: expected a time/],
    [['new', '--name', 'a', '--burst', '0'], /keys\.0\.burst: /],
    [['new', '--nmae', 'a'], /--nmae/],
  ] as const) {
    const { code, error, out } = await keys(...argv);
    assert.equal(code, 64);
    assert.match(error, problem);
    assert.equal(out, '');
  }
});

test('help says what there is', async () => {
  const { code, out } = await keys('--help');
  assert.equal(code, 0);
  assert.match(out, /--scopes SCOPE/);
});
