import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFUSED } from '../../../../src/runtime/grammar/byte-automaton.ts';
import { TEXT_BYTES, UTF8 } from '../../../../src/runtime/grammar/utf8.ts';

function stateAfter(bytes: Iterable<number>): number {
  let state = UTF8.start;
  for (const byte of bytes) {
    if (state === REFUSED) return REFUSED;
    state = UTF8.step(state, byte);
  }
  return state;
}

const isWhole = (bytes: Iterable<number>) => UTF8.isAccepting(stateAfter(bytes));

test('every character but controls is taken', () => {
  const encoder = new TextEncoder();
  const buffer = new Uint8Array(4);
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    const { written } = encoder.encodeInto(String.fromCodePoint(codePoint), buffer);
    const isControl = codePoint < 0x20 || codePoint === 0x7f;
    if (isWhole(buffer.subarray(0, written)) === isControl) assert.fail(`U+${codePoint.toString(16)}`);
  }
});

test('what the platform calls malformed is refused', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const isWellFormed = (bytes: Uint8Array) => {
    try {
      decoder.decode(bytes);
      return true;
    } catch {
      return false; // That is what was asked.
    }
  };
  // Pairs of bytes from where the rules begin, and what may make them whole or too long.
  for (let first = 0x80; first <= 0xff; first++) {
    for (let second = 0x60; second <= 0xff; second++) {
      for (const rest of [[], [0x80], [0xc0], [0x80, 0x80]]) {
        const bytes = Uint8Array.of(first, second, ...rest);
        if (second === 0x7f) continue;
        assert.equal(isWhole(bytes), isWellFormed(bytes), bytes.toString());
      }
    }
  }
});

test('missing bytes count down to the end of a character', () => {
  const smile = [0xf0, 0x9f, 0x98, 0x80];
  assert.deepEqual(
    smile.map((_, i) => UTF8.missingBytes(stateAfter(smile.slice(0, i + 1)))),
    [3, 2, 1, 0],
  );
});

test('text bytes are those that occur in some text', () => {
  const never = [...Array(0x20).keys(), 0x7f, 0xc0, 0xc1, ...Array.from({ length: 11 }, (_, i) => 0xf5 + i)];
  assert.deepEqual(
    TEXT_BYTES,
    [...Array(256).keys()].filter((byte) => !never.includes(byte)),
  );
});
