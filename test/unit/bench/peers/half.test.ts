import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHalf, toHalf } from '../../../../bench/peers/gguf/half.ts';

const LARGEST = 65_504;

test('every half is its own nearest half', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = fromHalf(half);
    if (!Number.isNaN(value)) assert.equal(toHalf(value), half);
  }
});

test('the nearest half is at least as near as its neighbours', () => {
  const values = fc.float({ min: -LARGEST, max: LARGEST, noNaN: true });
  fc.assert(
    fc.property(values, (value) => {
      const half = toHalf(value);
      const error = Math.abs(fromHalf(half) - value);
      for (const other of [half - 1, half + 1]) {
        const neighbour = fromHalf(other & 0xffff);
        if (Number.isFinite(neighbour))
          assert.ok(error <= Math.abs(neighbour - value), `${value} -> ${fromHalf(half)}`);
      }
    }),
  );
});

test('ties go to the even half, what is too large to infinity, what is not a number stays none', () => {
  assert.equal(toHalf(1 + 2 ** -11), toHalf(1));
  assert.equal(toHalf(1 + 3 * 2 ** -11), toHalf(1 + 2 ** -9));
  assert.equal(fromHalf(toHalf(1e6)), Number.POSITIVE_INFINITY);
  assert.ok(Number.isNaN(fromHalf(toHalf(Number.NaN))));
});
