import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeSlotRanges } from '../../../../src/runtime/ort/slot-ranges.ts';

function rangesOf(busy: readonly boolean[]): (readonly [first: number, count: number])[] {
  const ranges = new Int32Array(busy.length + 1);
  const numRanges = writeSlotRanges(
    Int32Array.from(busy, (isBusy, i) => (isBusy ? i : -1)),
    ranges,
  );
  return Array.from({ length: numRanges }, (_, i) => [ranges[2 * i] ?? -1, ranges[2 * i + 1] ?? -1] as const);
}

test('slots next to each other are one range', () => {
  assert.deepEqual(rangesOf([true, true, false, true, false]), [
    [0, 2],
    [3, 1],
  ]);
  assert.deepEqual(rangesOf([false, false]), []);
  assert.deepEqual(rangesOf([true, true, true]), [[0, 3]]);
});

test('ranges hold exactly the busy slots, and never touch', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (busy) => {
      const ranges = rangesOf(busy);
      const covered = busy.map((_, slot) => ranges.some(([first, count]) => slot >= first && slot < first + count));
      assert.deepEqual(covered, busy);
      for (const [i, [first]] of ranges.entries()) {
        const before = ranges[i - 1];
        if (before !== undefined) assert.ok(first > before[0] + before[1]);
      }
    }),
  );
});
