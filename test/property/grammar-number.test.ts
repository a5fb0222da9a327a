/** The number automaton against a naive check of whole texts, for bounds of any size. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { REFUSED } from '../../src/runtime/grammar/byte-automaton.ts';
import { decimalRange, longestNumber, MAX_UNITS, type NumberBounds } from '../../src/runtime/grammar/decimal-range.ts';
import { NumberAutomaton } from '../../src/runtime/grammar/number-automaton.ts';
import { Rng } from '../../src/runtime/sampling/rng.ts';

const BYTES = [...new TextEncoder().encode('-.0123456789')];

/** Ranges with at least one number: two decimals, in order, and a little to either side that holds no further one. */
const bounds: fc.Arbitrary<NumberBounds> = fc.nat(4).chain((maxDecimals) => {
  const scale = 10 ** maxDecimals;
  const units = fc.oneof(
    fc.integer({ min: -1200, max: 1200 }),
    fc.maxSafeInteger().map((n) => n % MAX_UNITS),
  );
  return fc.tuple(units, units, fc.double({ min: 0, max: 0.4, noNaN: true })).map(([a, b, slack]) => ({
    min: (Math.min(a, b) - slack) / scale,
    max: (Math.max(a, b) + slack) / scale,
    maxDecimals,
  }));
});

/** Texts that are numbers in or near the range, or nearly numbers. */
function candidates({ min, max, maxDecimals }: NumberBounds, n: number): string[] {
  const middle = min + (max - min) * (n / 1000);
  const numbers = [min, max, middle, 0].flatMap((value) =>
    [-1, 0, 1].flatMap((step) => {
      const near = value + step / 10 ** maxDecimals;
      return Array.from({ length: maxDecimals + 2 }, (_, decimals) => near.toFixed(decimals));
    }),
  );
  return [...numbers, ...numbers.map((text) => `0${text}`), ...numbers.map((text) => `${text}0`), '', '-', '.', '1.'];
}

function isNumber({ min, max, maxDecimals }: NumberBounds, text: string): boolean {
  const match = /^-?(?:0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (match === null || (match[1] ?? '').length > maxDecimals) return false;
  if (text.startsWith('-') && Number(text) === 0) return false;
  return min <= Number(text) && Number(text) <= max;
}

function isAccepted(automaton: NumberAutomaton, text: string): boolean {
  let state = automaton.start;
  for (const char of text) {
    state = automaton.step(state, char.charCodeAt(0));
    if (state === REFUSED) return false;
  }
  return automaton.isAccepting(state);
}

test('the accepted texts are the numbers of the range in plain notation', () => {
  fc.assert(
    fc.property(bounds, fc.nat(1000), (bounds, n) => {
      const automaton = new NumberAutomaton(bounds);
      for (const text of candidates(bounds, n)) {
        assert.equal(isAccepted(automaton, text), isNumber(bounds, text), text);
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever bytes are taken, a number of the range is reached within its longest length', () => {
  fc.assert(
    fc.property(bounds, fc.nat(), (bounds, seed) => {
      const automaton = new NumberAutomaton(bounds);
      const rng = new Rng(seed);
      let text = '';
      for (let state = automaton.start; ; ) {
        const next = BYTES.map((byte) => automaton.step(state, byte));
        const possible = BYTES.filter((_, i) => next[i] !== REFUSED);
        if (automaton.isAccepting(state)) assert.ok(isNumber(bounds, text), text);
        else assert.ok(possible.length > 0, `stuck after ${text}`);
        if (possible.length === 0) break;
        const byte = possible[Math.floor(rng.nextFloat() * possible.length)] as number;
        text += String.fromCharCode(byte);
        state = automaton.step(state, byte);
      }
      assert.ok(text.length <= longestNumber(decimalRange(bounds)), text);
    }),
    { numRuns: 300 },
  );
});
