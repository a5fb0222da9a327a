import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, findModelFolder, findModelFolders } from '../../../../src/runtime/models/repository.ts';

const ROOT = 'test/fixtures/models';

test('every folder with a manifest is found, the newest version last', async () => {
  const folders = await findModelFolders(ROOT);
  assert.ok(folders.some(({ name, version }) => name === 'tiny' && version === '1'));
  assert.deepEqual(['10', '9', '1'].sort(compareVersions), ['1', '9', '10']);
});

test('one is found by name and version', async () => {
  assert.equal((await findModelFolder(ROOT, 'tiny', '1')).path, `${ROOT}/tiny/1`);
});

test('a name cannot lead out of the directory', async () => {
  for (const [name, version, field] of [
    ['..', 'models', 'name'],
    ['tiny', '../tiny/1', 'version'],
    ['tiny', '', 'version'],
    ['tiny', '7', 'version'],
    ['nope', '1', 'name'],
  ] as const) {
    await assert.rejects(findModelFolder(ROOT, name, version), { code: 'model_not_found', details: { field } });
  }
});
