import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChord, parseChord, readKeys } from '../../../../src/server/policy/keys.ts';

const chords = (keys: string) => readKeys(keys).chords;

test('pywinauto notation', () => {
  assert.deepEqual(chords('^w'), ['ctrl+w']);
  assert.deepEqual(chords('%{F4}'), ['alt+f4']);
  assert.deepEqual(chords('^+{DEL}'), ['ctrl+shift+delete']);
  assert.deepEqual(chords('^(sw)x'), ['ctrl+s', 'ctrl+w', 'x']);
  assert.deepEqual(chords('{DELETE 2}~'), ['delete', 'enter']);
  assert.deepEqual(chords('{^}w'), ['^', 'w']);
  assert.deepEqual(chords('{}}{{}'), ['}', '{']);
});

test('UFO and virtual key notation', () => {
  assert.deepEqual(chords('{VK_CONTROL}w'), ['ctrl+w']);
  assert.deepEqual(chords('{VK_MENU}{F4}'), ['alt+f4']);
  assert.deepEqual(chords('{vk_shift}{VK_DELETE}'), ['shift+delete']);
  assert.deepEqual(chords('{VK_CONTROL down}ab{VK_CONTROL up}c'), ['ctrl+a', 'ctrl+b', 'c']);
  assert.deepEqual(chords('{LWIN}r'), ['win+r']);
});

test('chords as people write them are found beside what the characters would type', () => {
  assert.ok(chords('Ctrl + W').includes('ctrl+w'));
  assert.ok(chords('alt-F4').includes('alt+f4'));
  assert.ok(chords('ctrl+shift+delete').includes('ctrl+shift+delete'));
});

test('line ends are Enter, full-width signs and letters are theirs', () => {
  assert.deepEqual(chords('a\n'), ['a', 'enter']);
  assert.deepEqual(chords('^\uff37'), ['ctrl+w']);
});

test('keys that no notation explains are told', () => {
  assert.equal(readKeys('{NO_SUCH_KEY}').isReadable, false);
  assert.equal(readKeys('{DELETE').isReadable, false);
  assert.equal(readKeys('plain text').isReadable, true);
});

test('a typed text has keys in braces only', () => {
  assert.deepEqual(readKeys('50%^{ENTER}', 'typed'), { chords: ['5', '0', '%', '^', 'enter'], isReadable: true });
  assert.equal(readKeys('{name}', 'typed').isReadable, true);
});

test('chords of rules', () => {
  assert.equal(parseChord('Shift+Ctrl+W'), 'ctrl+shift+w');
  assert.equal(parseChord('*+Del'), '*+delete');
  assert.equal(parseChord('win+*'), 'win+*');
  for (const wrong of ['', 'ctrl+', 'hyper+x', 'nosuchkey']) assert.equal(parseChord(wrong), undefined, wrong);
  assert.ok(isChord('delete', '*+delete') && isChord('ctrl+shift+delete', '*+delete'));
  assert.ok(isChord('win+r', 'win+*') && !isChord('ctrl+r', 'win+*'));
});
