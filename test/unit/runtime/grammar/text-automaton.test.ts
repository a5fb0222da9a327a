import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFUSED } from '../../../../src/runtime/grammar/byte-automaton.ts';
import { TextAutomaton } from '../../../../src/runtime/grammar/text-automaton.ts';

/** Length of the longest beginning of `text`, in bytes, that the automaton takes. */
function takenBytes(automaton: TextAutomaton, text: string): number {
  let state = automaton.start;
  for (const [i, byte] of new TextEncoder().encode(text).entries()) {
    state = automaton.step(state, byte);
    if (state === REFUSED) return i;
  }
  return new TextEncoder().encode(text).length;
}

function isText(automaton: TextAutomaton, text: string): boolean {
  let state = automaton.start;
  for (const byte of new TextEncoder().encode(text)) {
    state = automaton.step(state, byte);
    if (state === REFUSED) return false;
  }
  return automaton.isAccepting(state);
}

test('length bounds count bytes, both ends included', () => {
  const automaton = new TextAutomaton({ minBytes: 2, maxBytes: 4 });
  assert.deepEqual(
    ['', 'a', 'ab', 'abcd', 'abcde', 'é', 'éé', 'ééa'].map((text) => isText(automaton, text)),
    [false, false, true, true, false, true, true, false],
  );
});

test('a character that would not fit is refused at its first byte', () => {
  const automaton = new TextAutomaton({ minBytes: 0, maxBytes: 6 });
  assert.equal(takenBytes(automaton, 'ab😀'), 6);
  assert.equal(takenBytes(automaton, 'abc😀'), 3);
  assert.equal(takenBytes(automaton, 'abcd€'), 4);
  assert.equal(takenBytes(automaton, 'abcde€'), 5);
});

test('a text of no bytes is possible', () => {
  const automaton = new TextAutomaton({ minBytes: 0, maxBytes: 0 });
  assert.ok(isText(automaton, ''));
  assert.equal(automaton.step(automaton.start, 0x61), REFUSED);
});

test('in JSON, length bounds count bytes as written, and no escape is cut off', () => {
  const automaton = new TextAutomaton({ notation: 'json', minBytes: 2, maxBytes: 4 });
  assert.deepEqual(
    ['\\n', '\\"\\"', 'a\\\\b', 'a"b', 'a\\', 'abcd'].map((text) => isText(automaton, text)),
    [true, true, true, false, false, true],
  );
  assert.equal(takenBytes(automaton, 'abc\\n'), 3);
  assert.equal(takenBytes(automaton, 'ab\\n'), 4);
});

test('bytes left count down', () => {
  const automaton = new TextAutomaton({ minBytes: 0, maxBytes: 3 });
  const afterOne = automaton.step(automaton.start, 0x61);
  assert.deepEqual([automaton.bytesLeft(automaton.start), automaton.bytesLeft(afterOne)], [3, 2]);
});
