import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Routes, type Version } from '../../../../src/runtime/models/routes.ts';
import type { ModelRole } from '../../../../src/runtime/models/served-model.ts';
import { aDescription } from '../../../support/fake-models.ts';

function aVersion(key: string, spec: { role?: ModelRole; type?: Version['type'] } = {}): Version {
  const [name = '', version = ''] = key.split(':');
  const { role = 'action', type = 'serving' } = spec;
  return { type, description: aDescription({ name, version, role }) };
}

const VERSIONS = [
  aVersion('judge:1', { role: 'reward' }),
  aVersion('m:1'),
  aVersion('m:2'),
  aVersion('m:10', { type: 'loading' }),
];

function pick(routes: Routes, model: string, spec: { stickyKey?: string; role?: ModelRole } = {}): string {
  const { stickyKey = '', role = 'action' } = spec;
  const { name, version } = routes.resolve({ model, role, stickyKey }, VERSIONS).description;
  return `${name}:${version}`;
}

/** Of 2,000 keys, the share that falls to each version. */
function shares(routes: Routes): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < 2_000; i++) {
    const key = pick(routes, 'm', { stickyKey: `episode ${i}` });
    counts[key] = (counts[key] ?? 0) + 1 / 2_000;
  }
  return counts;
}

describe('names', () => {
  const routes = new Routes({ random: () => 0.5 });

  test('a name is its newest version that serves; a version is that one, whether it serves or not', () => {
    assert.deepEqual(
      ['m', 'm:1', 'm:10'].map((model) => pick(routes, model)),
      ['m:2', 'm:1', 'm:10'],
    );
  });

  test('no name is the first of the role, or the configured one', () => {
    assert.equal(pick(routes, ''), 'm:2');
    assert.equal(pick(routes, '', { role: 'reward' }), 'judge:1');
    assert.equal(pick(new Routes({ random: () => 0.5, defaults: { action: 'm:1' } }), ''), 'm:1');
  });

  test('a model of another role is not found, and the error says what there is', () => {
    assert.throws(() => pick(routes, 'judge'), {
      code: 'model_not_found',
      message: 'model: no action model judge is loaded; there is m:1, m:2, m:10',
    });
    assert.throws(() => pick(routes, 'm:3'), { code: 'model_not_found' });
    assert.throws(() => pick(routes, '', { role: 'plan' }), {
      message: 'model: no plan model is loaded; there is none',
    });
  });
});

describe('labels', () => {
  test('share the traffic that names the model alone, the same key always to the same version', () => {
    const routes = new Routes({ random: () => 0.5 });
    routes.setLabel({ name: 'm', label: 'stable', version: '2', share: 0.9 }, VERSIONS);
    routes.setLabel({ name: 'm', label: 'canary', version: '1', share: 0.1 }, VERSIONS);
    const { 'm:1': canary = 0, 'm:2': stable = 0 } = shares(routes);
    // Four standard deviations of 2,000 draws.
    assert.ok(Math.abs(canary - 0.1) < 0.027 && canary + stable > 0.999, `${canary} and ${stable}`);
    for (let i = 0; i < 20; i++) {
      const key = { stickyKey: `episode ${i}` };
      assert.equal(pick(routes, 'm', key), pick(routes, 'm', key));
    }
    assert.deepEqual([pick(routes, 'm:canary'), pick(routes, 'm:stable')], ['m:1', 'm:2']);
  });

  test('a growing share takes keys over, and moves no other', () => {
    const before = new Routes({ random: () => 0.5 });
    before.setLabel({ name: 'm', label: 'canary', version: '1', share: 0.1 }, VERSIONS);
    const after = new Routes({ random: () => 0.5 });
    after.setLabel({ name: 'm', label: 'canary', version: '1', share: 0.3 }, VERSIONS);
    for (let i = 0; i < 500; i++) {
      const key = { stickyKey: `episode ${i}` };
      if (pick(before, 'm', key) === 'm:1') assert.equal(pick(after, 'm', key), 'm:1');
    }
  });

  test('what no label has a share of goes to the newest version without one', () => {
    const routes = new Routes({ random: () => 0.5 });
    routes.setLabel({ name: 'm', label: 'canary', version: '2', share: 0.2 }, VERSIONS);
    const { 'm:1': rest = 0 } = shares(routes);
    assert.ok(Math.abs(rest - 0.8) < 0.036, `${rest}`);
  });

  test('without a key chance decides', () => {
    let next = 0;
    const routes = new Routes({ random: () => next++ / 1_000 });
    routes.setLabel({ name: 'm', label: 'canary', version: '1', share: 0.5 }, VERSIONS);
    const picked = new Set(Array.from({ length: 50 }, () => pick(routes, 'm')));
    assert.deepEqual([...picked].sort(), ['m:1', 'm:2']);
  });

  test('shares beyond the whole, bad names and versions that do not serve are refused with the field', () => {
    const routes = new Routes({ random: () => 0.5 });
    routes.setLabel({ name: 'm', label: 'stable', version: '1', share: 0.8 }, VERSIONS);
    const refused = (label: Partial<Parameters<Routes['setLabel']>[0]>, field: string) =>
      assert.throws(
        () => routes.setLabel({ name: 'm', label: 'canary', version: '2', share: 0.1, ...label }, VERSIONS),
        { details: { field } },
      );
    refused({ share: 0.3 }, 'share');
    refused({ share: Number.NaN }, 'share');
    refused({ label: 'a:b' }, 'label');
    refused({ label: '2' }, 'label');
    refused({ version: '10' }, 'version');
    refused({ name: 'nobody' }, 'name');
    assert.deepEqual(routes.labelsOf(aDescription({ version: '2' })), []);
  });

  test('one that is removed is not known any more', () => {
    const routes = new Routes({ random: () => 0.5 });
    routes.setLabel({ name: 'm', label: 'canary', version: '1', share: 1 }, VERSIONS);
    routes.setLabel({ name: 'm', label: 'canary', version: '', share: 0 }, VERSIONS);
    assert.equal(pick(routes, 'm'), 'm:2');
    assert.throws(() => pick(routes, 'm:canary'), { code: 'model_not_found' });
  });
});
