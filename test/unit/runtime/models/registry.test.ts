import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import type { RoutedVersion } from '../../../../src/runtime/runtime.ts';
import { FakeWorld } from '../../../support/fake-models.ts';

const FOLDERS = { 'm:1': {}, 'm:2': {}, 'other:1': {}, 'judge:1': { role: 'reward' } } as const;

/** A promise and what settles it. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('loading', () => {
  test('a version takes traffic once it has started, and not before', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1');
    const started = deferred();
    world.onStart = () => started.promise;
    const loading = world.registry.load('m', '2');
    await Promise.resolve();
    assert.equal(world.pick('m'), 'm:1');
    started.resolve();
    assert.equal((await loading).state, 'ready');
    assert.equal(world.pick('m'), 'm:2');
    assert.deepEqual(world.changes, ['m:1 loading', 'm:1 ready', 'm:2 loading', 'm:2 ready']);
  });

  test('one that fails is listed with the reason, is no reason to be unready, and can be loaded again', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1');
    world.onStart = () => {
      throw new GatewayError('unavailable', 'model.onnx: its sha256 is wrong');
    };
    await assert.rejects(world.registry.load('m', '2'), { code: 'unavailable', message: /sha256/ });
    const failed = world.registry.models().find(({ version }) => version === '2');
    assert.deepEqual([failed?.state, /sha256/.test(failed?.reason ?? '')], ['failed', true]);
    assert.equal(world.registry.unreadyReason(), undefined);
    assert.equal(world.pick('m'), 'm:1');
    assert.throws(() => world.pick('m:2'), { code: 'unavailable', message: /sha256/ });
    world.onStart = () => {};
    await world.load('m:2');
    assert.equal(world.pick('m:2'), 'm:2');
  });

  test('what cannot be opened leaves no trace', async () => {
    const world = new FakeWorld(FOLDERS);
    await assert.rejects(world.registry.load('nobody', '1'), /no folder/);
    assert.deepEqual(world.registry.models(), []);
    assert.equal(world.registry.unreadyReason(), 'no model is loaded');
  });
});

describe('reloading', () => {
  test('the new one takes over at once, the old one is closed when its last request has ended', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1');
    const lease = world.registry.lease({ model: 'm', role: 'action' });
    await world.load('m:1');
    const [old, fresh] = world.models;
    assert.deepEqual([old?.isClosed, fresh?.isClosed], [false, false]);
    using next = world.registry.lease({ model: 'm', role: 'action' });
    assert.equal(next.model, fresh);
    assert.equal((await world.registry.stats()).nativeHandles, 2);
    lease[Symbol.dispose]();
    await new Promise(setImmediate);
    assert.deepEqual([old?.isClosed, fresh?.isClosed], [true, false]);
    assert.equal((await world.registry.stats()).nativeHandles, 1);
  });

  test('one that fails leaves the old one serving', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1');
    world.onStart = () => {
      throw new GatewayError('unavailable', 'corrupt');
    };
    await assert.rejects(world.registry.load('m', '1'), { message: 'corrupt' });
    assert.equal(world.pick('m:1'), 'm:1');
    assert.deepEqual(
      world.registry.models().map(({ state, reason }) => [state, reason]),
      [['ready', '']],
    );
  });

  test('loads and unloads of one version happen one after the other, in the order they were asked for', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:2');
    const all = [
      world.registry.load('m', '1'),
      world.registry.load('m', '1'),
      world.registry.unload('m', '1'),
      world.registry.load('m', '1'),
    ];
    await Promise.all(all);
    const generations = world.models.filter(({ name }) => name === 'm:1');
    assert.deepEqual(
      generations.map(({ generation, isClosed }) => [generation, isClosed]),
      [
        [1, true],
        [2, true],
        [3, false],
      ],
    );
  });
});

test('who asks is told which version it is for, also where that does not serve', async () => {
  const world = new FakeWorld(FOLDERS);
  await world.load('m:1', 'm:2');
  const told: string[] = [];
  const onRoute = ({ name, version }: RoutedVersion) => void told.push(`${name}:${version}`);
  const lease = world.registry.lease({ model: 'm:1', role: 'action', onRoute });
  const unloaded = world.registry.unload('m', '1');
  await new Promise(setImmediate);
  assert.throws(() => world.registry.lease({ model: 'm:1', role: 'action', onRoute }), { code: 'unavailable' });
  assert.throws(() => world.registry.lease({ model: 'nope', role: 'action', onRoute }), { code: 'model_not_found' });
  assert.deepEqual(told, ['m:1', 'm:1']);
  lease[Symbol.dispose]();
  await unloaded;
});

describe('unloading', () => {
  test('of what is not loaded names the field to blame', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1');
    for (const [name, version, field] of [
      ['nope', '1', 'name'],
      ['m', '9', 'version'],
    ] as const) {
      await assert.rejects(world.registry.unload(name, version), { code: 'model_not_found', details: { field } });
    }
  });

  test('waits for the requests under way and refuses new ones', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1', 'm:2');
    const lease = world.registry.lease({ model: 'm:1', role: 'action' });
    const unloaded = world.registry.unload('m', '1');
    await new Promise(setImmediate);
    assert.deepEqual([world.registry.models()[0]?.state, world.models[0]?.isClosed], ['draining', false]);
    assert.throws(() => world.pick('m:1'), { code: 'unavailable' });
    lease[Symbol.dispose]();
    await unloaded;
    assert.equal(world.models[0]?.isClosed, true);
    assert.throws(() => world.pick('m:1'), { code: 'model_not_found' });
    assert.equal(world.changes.at(-1), 'm:1 unloaded');
  });

  test('is refused for the last action model, for a default, and for what a label points at', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1', 'judge:1');
    const refused = (name: string, version: string) =>
      assert.rejects(world.registry.unload(name, version), { code: 'failed_precondition' });
    await refused('m', '1');
    await world.registry.unload('judge', '1');
    await world.load('m:2');
    world.registry.setLabel({ name: 'm', label: 'stable', version: '1', share: 1 });
    await refused('m', '1');
    world.registry.setLabel({ name: 'm', label: 'stable', version: '', share: 0 });
    await world.registry.unload('m', '1');

    const configured = new FakeWorld(FOLDERS, { defaults: { action: 'm:1' } });
    await configured.load('m:1', 'm:2', 'other:1');
    await assert.rejects(configured.registry.unload('m', '1'), { code: 'failed_precondition' });
    await configured.registry.unload('m', '2');
  });

  test('of a version that is not there is an error, of one that failed to load a way to forget it', async () => {
    const world = new FakeWorld(FOLDERS);
    await assert.rejects(world.registry.unload('m', '1'), { code: 'model_not_found' });
    world.onStart = () => Promise.reject(new Error('no'));
    await assert.rejects(world.registry.load('m', '1'));
    await world.registry.unload('m', '1');
    assert.deepEqual(world.registry.models(), []);
  });
});

describe('readiness', () => {
  test('a model that restarts makes the whole unready, and says which and why', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1', 'other:1');
    const [model] = world.models;
    assert.ok(model !== undefined);
    model.unready = 'the engine thread crashed';
    assert.equal(world.registry.unreadyReason(), 'model m:1: the engine thread crashed');
    assert.equal(world.registry.models()[0]?.state, 'restarting');
    model.unready = '';
    assert.equal(world.registry.unreadyReason(), undefined);
    assert.equal(world.registry.models()[0]?.state, 'ready');
  });

  test('what was listed once is listed anew when a label moves', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1', 'm:2');
    const labels = () => world.registry.models().map(({ labels }) => labels.map(({ label }) => label));
    assert.deepEqual(labels(), [[], []]);
    world.registry.setLabel({ name: 'm', label: 'stable', version: '2', share: 1 });
    assert.deepEqual(labels(), [[], ['stable']]);
    world.registry.setLabel({ name: 'm', label: 'stable', version: '1', share: 1 });
    assert.deepEqual(labels(), [['stable'], []]);
  });
});

describe('memory', () => {
  test('a load beyond the ceiling is refused with the numbers; old and new count both while one replaces the other', async () => {
    const mebibyte = 2 ** 20;
    const folders = { 'm:1': { bytes: 6 * mebibyte }, 'm:2': { bytes: 3 * mebibyte }, 'other:1': { bytes: mebibyte } };
    const world = new FakeWorld(folders, { maxBytes: 10 * mebibyte });
    await world.load('m:1', 'm:2');
    await assert.rejects(world.registry.load('m', '2'), {
      code: 'failed_precondition',
      message: 'model m:2 needs 3 MiB; 9 MiB of 10 MiB are taken',
    });
    assert.equal(world.pick('m'), 'm:2', 'the old one still serves');
    await world.load('other:1');
    assert.equal(world.ledger.budget().totalBytes, 10 * mebibyte);
    await world.registry.unload('m', '1');
    assert.equal(world.ledger.budget().totalBytes, 4 * mebibyte);
  });

  test('a start that fails gives its memory back', async () => {
    const world = new FakeWorld({ 'm:1': { bytes: 5 } });
    world.onStart = () => Promise.reject(new Error('no'));
    await assert.rejects(world.registry.load('m', '1'));
    assert.equal(world.ledger.budget().totalBytes, 0);
  });
});

describe('closing', () => {
  test('ends a load under way, and closes everything exactly once', async () => {
    const world = new FakeWorld(FOLDERS);
    await world.load('m:1', 'other:1');
    world.onStart = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const loading = world.registry.load('m', '2');
    const failed = assert.rejects(loading, { code: 'cancelled' });
    await new Promise(setImmediate);
    await world.registry[Symbol.asyncDispose]();
    await failed;
    assert.ok(world.models.every(({ isClosed }) => isClosed));
    assert.deepEqual([world.registry.models(), world.ledger.budget().totalBytes], [[], 0]);
  });
});
