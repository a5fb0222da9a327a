import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelLabel, Runtime } from '../../../../src/runtime/index.ts';
import { ConfigError, loadConfig } from '../../../../src/server/config.ts';
import { parseLabel } from '../../../../src/server/labels/config-keys.ts';
import { ConfiguredLabels } from '../../../../src/server/labels/configured-labels.ts';
import { FakeRuntime } from '../../../support/fake-runtime.ts';

/** Versions 1, 2 and 3 of `word`; refuses shares beyond one, as a runtime does. */
function aRuntime(): { readonly runtime: Runtime; readonly current: () => readonly string[] } {
  const labels = new Map<string, ModelLabel>();
  const runtime = new FakeRuntime();
  runtime.models = () =>
    ['1', '2', '3'].map((version) => ({
      ...FAKE,
      version,
      labels: [...labels.values()].filter((label) => label.version === version),
    }));
  runtime.setLabel = async (label) => {
    if (label.version === '') return void labels.delete(label.label);
    if (!['1', '2', '3'].includes(label.version)) throw new Error(`version: ${label.version} is not loaded`);
    const others = [...labels.values()].filter((other) => other.label !== label.label);
    const total = others.reduce((sum, other) => sum + other.share, label.share);
    if (total > 1 + 1e-9) throw new Error(`share: ${total} is more than 1`);
    labels.set(label.label, label);
  };
  const text = ({ label, version, share }: ModelLabel) => `${label}=${version}@${share}`;
  return { runtime, current: () => [...labels.values()].map(text).sort() };
}

const FAKE = {
  name: 'word',
  role: 'action',
  dialect: 'compact',
  contextLength: 1,
  parameters: 1,
  quantization: '',
  state: 'ready',
  reason: '',
} as const;

test('an entry names model, label, version and share', () => {
  assert.deepEqual(parseLabel('lam-word:canary=3@0.05'), {
    name: 'lam-word',
    label: 'canary',
    version: '3',
    share: 0.05,
  });
  assert.equal(parseLabel('a:b=c').share, 0);
  assert.equal(parseLabel('a:b=c@1').share, 1);
});

test('entries that are none, that come twice or add up to more than one are refused', () => {
  const problem = (labels: string) => {
    try {
      loadConfig({ argv: ['--labels', labels], env: {}, readFile: () => '{}' });
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
    }
    return 'accepted';
  };
  assert.equal(problem('a:x=1@0.5,a:y=2@0.5, b:x=1@1'), 'accepted');
  for (const wrong of ['a', 'a:x', 'a:x=1@2', 'a:x=1@-1', 'a:x=1@', 'a b:x=1', ':x=1']) {
    assert.match(problem(wrong), /expected name:label=version@share/, wrong);
  }
  assert.match(problem('a:x=1,a:x=2'), /a:x is there twice/);
  assert.match(problem('a:x=1@0.6,a:y=2@0.6'), /the shares of a add up to 1\.2/);
});

test('traffic moves from one label to the other without the shares ever exceeding one', async () => {
  const { runtime, current } = aRuntime();
  const labels = new ConfiguredLabels();
  await labels.apply(['word:canary=2@0', 'word:stable=1@1'], runtime);
  await labels.apply(['word:canary=2@0.75', 'word:stable=1@0.25'], runtime);
  assert.deepEqual(current(), ['canary=2@0.75', 'stable=1@0.25']);
  await labels.apply(['word:new=3@1'], runtime);
  assert.deepEqual(current(), ['new=3@1']);
});

test('labels that someone else has set stay', async () => {
  const { runtime, current } = aRuntime();
  await runtime.setLabel({ name: 'word', label: 'by-hand', version: '1', share: 0.1 });
  const labels = new ConfiguredLabels();
  await labels.apply(['word:stable=1@0.5'], runtime);
  await labels.apply([], runtime);
  assert.deepEqual(current(), ['by-hand=1@0.1']);
});

test('when one cannot be set, all are as they were', async () => {
  const { runtime, current } = aRuntime();
  const labels = new ConfiguredLabels();
  await labels.apply(['word:stable=1@0.9', 'word:old=2@0.1'], runtime);
  await assert.rejects(labels.apply(['word:stable=1@0.5', 'word:canary=9@0.5'], runtime), /9 is not loaded/);
  assert.deepEqual(current(), ['old=2@0.1', 'stable=1@0.9']);
  await labels.apply([], runtime);
  assert.deepEqual(current(), []);
});
