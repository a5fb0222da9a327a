import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PolicyError } from '../../../../src/server/policy/policy-file.ts';
import { PolicyStore } from '../../../../src/server/policy/policy-store.ts';
import { aControl, anAction, aState } from '../../../support/states.ts';

const folder = mkdtempSync(join(tmpdir(), 'lam-policy-'));
after(() => rmSync(folder, { recursive: true }));

const state = aState({ controls: [aControl({ name: 'Frobnicate' })] });
const effectOf = ({ policy }: PolicyStore) => policy.judge(anAction({ controlName: 'Frobnicate' }), state).effect;

function write(name: string, effect: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `version: 1\ndefault: allow\nrules: [{ name: r, effect: ${effect}, reason: r, when: { control: [frobnicate] } }]\n`,
  );
  return path;
}

test('without a file, the built-in policy holds, and a reload changes nothing', () => {
  const store = new PolicyStore();
  assert.equal(effectOf(store), 'allow');
  store.reload();
  assert.equal(
    store.policy.judge(anAction({ controlName: 'Send' }), aState({ controls: [aControl({ name: 'Send' })] })).name,
    'send',
  );
});

test('a reload takes the new file, or keeps the old policy whole', () => {
  const path = write('p.yaml', 'confirm');
  const store = new PolicyStore(path);
  assert.equal(effectOf(store), 'confirm');
  write('p.yaml', 'deny');
  assert.equal(effectOf(store), 'confirm', 'not before it is told');
  store.reload();
  assert.equal(effectOf(store), 'deny');
  write('p.yaml', 'perhaps');
  const isAbout = (error: unknown) =>
    error instanceof PolicyError && error.problems[0]?.startsWith(`${path}: rules[0].effect`);
  assert.throws(() => store.reload(), isAbout);
  rmSync(path);
  assert.throws(() => store.reload(), PolicyError);
  assert.equal(effectOf(store), 'deny');
});

test('a file that is not acceptable or not there stops the start', () => {
  assert.throws(() => new PolicyStore(write('q.yaml', 'perhaps')), PolicyError);
  assert.throws(() => new PolicyStore(join(folder, 'none.yaml')), /none\.yaml/);
});
