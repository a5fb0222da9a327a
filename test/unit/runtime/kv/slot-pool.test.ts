import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlotPool } from '../../../../src/runtime/kv/slot-pool.ts';

test('hands out the lowest free slot first, also after a release in the middle', () => {
  const pool = new SlotPool(3);
  assert.deepEqual([pool.acquire(10), pool.acquire(11), pool.acquire(12)], [0, 1, 2]);
  pool.release(1, 11);
  pool.release(0, 10);
  assert.deepEqual([pool.acquire(13), pool.acquire(14)], [0, 1]);
  pool.checkIntegrity();
});

test('has nothing to hand out when every slot is owned', () => {
  const pool = new SlotPool(1);
  pool.acquire(10);
  assert.equal(pool.acquire(11), undefined);
  assert.equal(pool.numFree, 0);
  assert.equal(pool.numUsed, 1);
});

test('knows the owner of a slot', () => {
  const pool = new SlotPool(2);
  pool.acquire(10);
  assert.equal(pool.owner(0), 10);
  assert.equal(pool.owner(1), undefined);
  assert.throws(() => pool.owner(2), /slot 2 does not exist/);
});

test('refuses to release a slot of somebody else, or twice', () => {
  const pool = new SlotPool(1);
  pool.acquire(10);
  assert.throws(() => pool.release(0, 11), /sequence 11 releases slot 0, which belongs to sequence 10/);
  pool.release(0, 10);
  assert.throws(() => pool.release(0, 10), /which is free/);
});

test('a sequence may own several slots', () => {
  const pool = new SlotPool(3);
  assert.deepEqual([pool.acquire(10), pool.acquire(10), pool.acquire(11)], [0, 1, 2]);
  pool.release(1, 10);
  pool.checkIntegrity();
  assert.deepEqual([pool.owner(0), pool.owner(1), pool.owner(2)], [10, undefined, 11]);
});

test('a pool without slots is a mistake', () => {
  assert.throws(() => new SlotPool(0), /needs slots/);
});
