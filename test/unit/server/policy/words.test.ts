import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifierReadings, readings } from '../../../../src/server/policy/words.ts';

const spoken = (text: string) => readings(text).map((words) => words.join(' '));

test('case, accents, white space, punctuation and invisible characters do not count', () => {
  const names = [
    'DELETE',
    '  Delete\u00a0',
    'Delete...',
    'Delete\u2026',
    'D\u200be\u00adl\u2060ete',
    '\u202eDelete\u202c',
    '\uff24\uff45\uff4c\uff45\uff54\uff45',
    'D\u0301elete',
    '\ud835\udc03elete',
    'D\u0000elete',
  ];
  for (const name of names) assert.deepEqual(spoken(name), ['delete'], JSON.stringify(name));
  assert.deepEqual(spoken("Don't  Save"), ['dont save']);
  assert.deepEqual(spoken('Don\u2019t Save'), ['dont save']);
  assert.deepEqual(spoken('Don\u00b4t Save'), ['dont save']);
});

test('a mnemonic is read with and without its mark, because the mark may separate words', () => {
  assert.deepEqual(spoken('D&elete'), ['delete', 'd elete']);
  assert.deepEqual(spoken('Save&Send'), ['savesend', 'save send']);
  assert.deepEqual(spoken('_Delete'), ['delete']);
  assert.deepEqual(spoken('删除(&D)'), ['删除']);
  assert.ok(spoken('D&elete_all').includes('delete all'));
});

test('what looks like a shortcut at the end is read as part of the name and as none', () => {
  for (const name of ['Delete (Del)', 'Delete\tDel', 'Delete Del']) {
    assert.deepEqual(spoken(name), ['delete del', 'delete'], name);
  }
  assert.deepEqual(spoken('Close Alt+F4'), ['close alt f4', 'close']);
  assert.deepEqual(spoken('Close (Alt+F4)'), ['close alt f4', 'close']);
});

test('pictures are words of their own', () => {
  assert.deepEqual(spoken('🗑️Delete'), ['🗑 delete']);
  assert.deepEqual(spoken('×'), ['×']);
  assert.deepEqual(spoken('\ue74dDelete'), ['\ue74d delete']);
  assert.deepEqual(spoken(' \u200b '), ['']);
});

test('identifiers are read in parts as well', () => {
  const parts = identifierReadings('btnDeleteFile').map((words) => words.join(' '));
  assert.deepEqual(parts, ['btndeletefile', 'btn delete file']);
});
