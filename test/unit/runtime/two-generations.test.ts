import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TwoGenerations } from '../../../src/runtime/two-generations.ts';

test('gives back what was kept', () => {
  const kept = new TwoGenerations<string, number>(4);
  kept.set('a', 1);
  assert.equal(kept.get('a'), 1);
  assert.equal(kept.get('b'), undefined);
});

test('forgets what was not asked for while as much again was kept', () => {
  // Two entries per generation.
  const kept = new TwoGenerations<string, number>(4);
  for (const key of ['a', 'b', 'c']) kept.set(key, 1);
  assert.ok(kept.get('a'), 'it is in the older generation, and now in the younger one, too');
  for (const key of ['d', 'e']) kept.set(key, 1);
  assert.equal(kept.get('b'), undefined);
  assert.ok(kept.get('e'));
  assert.ok(kept.get('a'));
});

test('counts in the unit that it is told, and does not keep what is larger than a generation', () => {
  const kept = new TwoGenerations<string, number>(20, (key, value) => key.length + value);
  kept.set('a', 9);
  kept.set('xy', 9);
  assert.equal(kept.get('xy'), undefined);
  assert.equal(kept.get('a'), 9);
  for (const key of ['b', 'c']) kept.set(key, 9);
  assert.equal(kept.get('a'), undefined);
});
