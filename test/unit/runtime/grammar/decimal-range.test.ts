import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimalRange, longestNumber, type NumberBounds } from '../../../../src/runtime/grammar/decimal-range.ts';

const bounds = (min: number, max: number, maxDecimals = 0): NumberBounds => ({ min, max, maxDecimals });

test('bounds become units of the last decimal, by sign', () => {
  assert.deepEqual(decimalRange(bounds(-2.5, 1.25, 2)), {
    maxDecimals: 2,
    scale: 100,
    positive: { low: 0, high: 125 },
    negative: { low: 1, high: 250 },
  });
});

test('bounds between two decimals are rounded inwards', () => {
  const { positive } = decimalRange(bounds(0.11, 0.99, 1));
  assert.deepEqual(positive, { low: 2, high: 9 });
});

test('the longest number is the longest that can be written', () => {
  const longest = (...args: Parameters<typeof bounds>) => longestNumber(decimalRange(bounds(...args)));
  assert.equal(longest(0, 9), '9'.length);
  assert.equal(longest(1, 1638, 1), '1638.0'.length);
  assert.equal(longest(-1, 100_000), '100000'.length);
  assert.equal(longest(-100, 100), '-100'.length);
  assert.equal(longest(0, 1, 4), '0.1234'.length);
  assert.equal(longest(-7, -5), '-7'.length);
  assert.equal(longest(-0.5, 0, 1), '-0.5'.length);
  assert.equal(longest(0, 0.05, 1), '0.0'.length);
});

test('unusable bounds are refused with the reason', () => {
  const refused: [NumberBounds, RegExp][] = [
    [bounds(2, 1), /in \[2, 1\].*there is none/],
    [bounds(0.1, 0.9), /there is none/],
    [bounds(Number.NaN, 1), /too many digits/],
    [bounds(0, Number.POSITIVE_INFINITY), /too many digits/],
    [bounds(0, 1e13, 1), /too many digits/],
    [bounds(0, 1, 14), /too many digits/],
    [bounds(0, 1, -1), /no count of digits/],
    [bounds(0, 1, 0.5), /no count of digits/],
  ];
  for (const [unusable, message] of refused) {
    assert.throws(() => decimalRange(unusable), { name: 'InvariantError', message });
  }
});
