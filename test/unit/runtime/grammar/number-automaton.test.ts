import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFUSED } from '../../../../src/runtime/grammar/byte-automaton.ts';
import type { NumberBounds } from '../../../../src/runtime/grammar/decimal-range.ts';
import { NumberAutomaton } from '../../../../src/runtime/grammar/number-automaton.ts';

function accepted(bounds: NumberBounds, texts: readonly string[]): string[] {
  const automaton = new NumberAutomaton(bounds);
  return texts.filter((text) => {
    let state = automaton.start;
    for (const char of text) {
      state = automaton.step(state, char.charCodeAt(0));
      if (state === REFUSED) return false;
    }
    return automaton.isAccepting(state);
  });
}

/** What can follow `prefix`. */
function next(bounds: NumberBounds, prefix: string): string {
  const automaton = new NumberAutomaton(bounds);
  let state = automaton.start;
  for (const char of prefix) state = automaton.step(state, char.charCodeAt(0));
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  return String.fromCharCode(...bytes.filter((byte) => automaton.step(state, byte) !== REFUSED));
}

test('integers within the range, in plain notation', () => {
  const texts = ['-13', '-12', '-1', '-0', '0', '00', '7', '07', '+7', '7.', '7.0', '120', '121', '1e2', '', '-', ' 7'];
  assert.deepEqual(accepted({ min: -12, max: 120, maxDecimals: 0 }, texts), ['-12', '-1', '0', '7', '120']);
});

test('decimals up to their number, trailing zeros included', () => {
  const texts = ['0', '0.0', '0.25', '0.250', '.5', '1', '1.0', '1.00', '1.01', '-0.01', '1.'];
  assert.deepEqual(accepted({ min: 0, max: 1, maxDecimals: 2 }, texts), ['0', '0.0', '0.25', '1', '1.0', '1.00']);
});

test('zero has no sign, what is smaller does', () => {
  const texts = ['-0', '-0.0', '-0.00', '-0.01', '-0.5', '-0.50', '0', '0.5'];
  assert.deepEqual(accepted({ min: -0.5, max: 0, maxDecimals: 2 }, texts), ['-0.01', '-0.5', '-0.50', '0']);
});

test('no byte leads where no number is', () => {
  assert.equal(next({ min: 30, max: 45, maxDecimals: 0 }, ''), '34');
  assert.equal(next({ min: 30, max: 45, maxDecimals: 0 }, '4'), '012345');
  assert.equal(next({ min: 30, max: 45, maxDecimals: 1 }, '45'), '.');
  assert.equal(next({ min: 30, max: 45, maxDecimals: 1 }, '45.'), '0');
  assert.equal(next({ min: 5, max: 5, maxDecimals: 0 }, '5'), '');
  assert.equal(next({ min: -7, max: -5, maxDecimals: 0 }, ''), '-');
  assert.equal(next({ min: 0.25, max: 0.5, maxDecimals: 2 }, '0'), '.');
  assert.equal(next({ min: 0.25, max: 0.5, maxDecimals: 2 }, '0.2'), '56789');
  // 7, 70..79 and 700..720 are not in the range, 7000..7200 begin so.
  assert.equal(next({ min: 800, max: 7200, maxDecimals: 0 }, '7'), '012');
});

test('bounds that are no exact binary fractions are met exactly', () => {
  // 1.15 * 100 is 114.99999999999999 in doubles.
  assert.deepEqual(accepted({ min: 1.15, max: 1.15, maxDecimals: 2 }, ['1.14', '1.15', '1.16']), ['1.15']);
  assert.deepEqual(accepted({ min: -1.15, max: -1.15, maxDecimals: 2 }, ['-1.14', '-1.15', '-1.16']), ['-1.15']);
  assert.deepEqual(accepted({ min: 0.1, max: 0.3, maxDecimals: 1 }, ['0.0', '0.1', '0.3', '0.4']), ['0.1', '0.3']);
  // The next double after 7.85; times 100 it is 785.
  assert.deepEqual(accepted({ min: 7.8500000000000005, max: 8, maxDecimals: 2 }, ['7.85', '7.86']), ['7.86']);
});

test('the largest bounds work to the last digit', () => {
  const texts = ['9999999999999', '10000000000000', '10000000000001', '-10000000000000', '-10000000000001'];
  assert.deepEqual(accepted({ min: -1e13, max: 1e13, maxDecimals: 0 }, texts), [texts[0], texts[1], texts[3]]);
  const fractions = ['0.9999999999999', '1.0000000000000', '1.0000000000001', '0.00000000000000'];
  assert.deepEqual(accepted({ min: 0, max: 1, maxDecimals: 13 }, fractions), [fractions[0], fractions[1]]);
});
