import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rng } from '../../../../src/runtime/sampling/rng.ts';

function numbers(seed: number, count: number): number[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, () => rng.nextUint32());
}

test('the numbers are those of the reference code in C, seeded alike', () => {
  assert.deepEqual(numbers(0, 6), [3809008728, 1133695204, 53579671, 2891528803, 139681546, 2203266335]);
  assert.deepEqual(numbers(42, 6), [2837322924, 544945897, 479756282, 3500138142, 339756180, 113173290]);
  assert.deepEqual(numbers(2 ** 32 - 1, 6), [835879718, 1921286648, 2356205009, 1885780724, 980451116, 1053911718]);
});

test('a seed counts modulo 2 ** 32', () => {
  assert.deepEqual(numbers(2 ** 32 + 42, 8), numbers(42, 8));
});

test('floats lie in [0, 1) and fill it evenly, over one seed and over first draws of many seeds', () => {
  const rng = new Rng(7);
  const within = Array.from({ length: 20_000 }, () => rng.nextFloat());
  const across = Array.from({ length: 20_000 }, (_, seed) => new Rng(seed).nextFloat());
  for (const floats of [within, across]) {
    assert.ok(floats.every((float) => 0 <= float && float < 1));
    const counts = new Float64Array(16);
    for (const float of floats) counts[Math.floor(float * 16)] = (counts[Math.floor(float * 16)] ?? 0) + 1;
    const expected = floats.length / 16;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chiSquare < 37.7, `${chiSquare}`); // 15 degrees of freedom, p = 0.001
  }
});
