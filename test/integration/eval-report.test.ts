/** `npm run eval` from its options to its files, through real gateways, with models that know nothing. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readOptions } from '../../bench/eval/options.ts';
import { report } from '../../bench/eval/report-run.ts';
import { readResults } from '../../bench/eval/results.ts';
import { evaluateOne } from '../../bench/eval/simple-run.ts';

let folder: string;
let models: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'eval-'));
  models = join(folder, 'models');
  const shipped = [
    ['tiny-plan', 'lam-word', '1'],
    ['tiny', 'lam-word', '2'],
    ['tiny-reward', 'reward-word', '1'],
  ] as const;
  for (const [fixture, name, version] of shipped) {
    const path = join(models, name, version);
    cpSync(join('test/fixtures/models', fixture, '1'), path, { recursive: true });
    const lam = JSON.parse(readFileSync(join(path, 'lam.json'), 'utf8')) as object;
    writeFileSync(join(path, 'lam.json'), JSON.stringify({ ...lam, name, version }));
  }
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What `npm run eval -- WORDS` does, in this process. */
async function run(...words: readonly string[]): Promise<string> {
  const options = readOptions(words);
  assert.ok(options !== 'help');
  if (options.mode === 'simple') return evaluateOne(options);
  await report(options, () => {});
  return '';
}

test('the whole report is written, section by section, and can be completed later', async () => {
  const out = join(folder, 'report');
  const size = ['--tasks', '2', '--held-out', '1', '--safety-tasks', '1', '--models-dir', models, '--out', out];
  await run('--report', ...size, '--sections', 'plans,steps,online,best-of-4,reward');
  const before = readResults(join(out, 'results.json'));
  assert.deepEqual(Object.keys(before.online ?? {}), ['1', '2']);
  assert.equal(before.safety, undefined);
  assert.equal(before.steps?.['2']?.result.test.outcomes.length, 2);
  assert.equal(before.steps?.['2']?.result.held_out?.all.tasks, 1);
  assert.match(before.online?.['2']?.weights['lam-word:2'] ?? '', /^[0-9a-f]{64}$/);
  // The fixture's context is shorter than any window, which is no reason to stop.
  assert.ok((before.steps?.['2']?.result.test.all.too_long ?? 0) > 0);

  await run('--report', ...size, '--sections', 'safety,full-precision', '--full-precision', models);
  const complete = readResults(join(out, 'results.json'));
  assert.deepEqual(complete.online, before.online);
  assert.equal(complete.safety?.['2']?.result.tasks, 1);
  assert.equal(complete.full_precision?.['2']?.result.steps?.tasks, 2);
  const text = readFileSync(join(out, 'report.md'), 'utf8');
  for (const title of ['Plans', 'Steps', 'Tasks, online', 'Safety', 'What 8 bits cost']) {
    assert.match(text, new RegExp(`^## ${title}`, 'm'));
  }
  assert.doesNotMatch(text, /undefined|NaN/);
  assert.match(readFileSync(join(out, 'online.svg'), 'utf8'), /^<svg/);
});

test('one model gives one JSON object', async () => {
  const json = await run(
    ...['--models-dir', models, '--model', 'lam-word:2', '--tasks', '1', '--held-out', '1', '--json'],
  );
  const summary = JSON.parse(json) as { tasks: number; online: { tsr: number }; held_out: { tasks: number } };
  assert.deepEqual([summary.tasks, summary.held_out.tasks, summary.online.tsr], [1, 1, 0]);
});
