import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, round, share, spread } from '../../../../bench/steps/stats.ts';

test('quantiles lie between neighbours, whatever the order of the values', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([4, 1, 3, 2], 0), 1);
  assert.equal(quantile([4, 1, 3, 2], 1), 4);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('a spread is low, median and high', () => {
  assert.deepEqual(spread([3, 1, 2]), [1, 2, 3]);
});

test('the share of nothing is not known', () => {
  assert.equal(share([]), null);
  assert.equal(share([true, false, false]), round(1 / 3));
});

test('four digits are kept', () => {
  assert.equal(round(0.000123456), 0.0001235);
  assert.equal(round(98_765.4), 98_770);
});
