import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOrtLibrary } from '../../../../src/runtime/ort/library.ts';
import { trimMemory } from '../../../../src/runtime/ort/trim-memory.ts';
import { anEntry, runRow, tinyRunner } from './tiny-model.ts';

test('memory of a model that is gone goes back, and what is still loaded goes on', () => {
  using stays = tinyRunner();
  const before = runRow(stays, anEntry(0, [1, 2, 3]));
  const goes = tinyRunner();
  runRow(goes, anEntry(0, [1, 2, 3]));
  goes[Symbol.dispose]();
  assert.equal(typeof trimMemory(loadOrtLibrary()), 'boolean');
  assert.deepEqual(runRow(stays, anEntry(1, [1, 2, 3])), before);
});
