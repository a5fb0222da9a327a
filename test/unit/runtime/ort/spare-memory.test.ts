import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpareMemory } from '../../../../src/runtime/ort/spare-memory.ts';

const MIB = 2 ** 20;

/** How many times `prepare` had something to do. */
function prepareAll(spare: SpareMemory, numBytes: number): number {
  let turns = 0;
  while (spare.prepare(numBytes)) turns++;
  return turns;
}

/** How many regions of a size are at hand. */
function takeAll(spare: SpareMemory, numBytes: number): number {
  let count = 0;
  for (let bytes = spare.take(numBytes); bytes !== undefined; bytes = spare.take(numBytes)) {
    assert.equal(bytes.length, numBytes);
    count++;
  }
  return count;
}

test('what was given back is the next of its size, and of no other', () => {
  const spare = new SpareMemory();
  const given = new Uint8Array(10);
  spare.keep(given);
  assert.equal(spare.take(11), undefined);
  assert.equal(spare.take(10), given);
  assert.equal(spare.take(10), undefined);
});

test('keeps no more than 32 MiB', () => {
  const spare = new SpareMemory();
  for (let i = 0; i < 40; i++) spare.keep(new Uint8Array(MIB));
  assert.equal(takeAll(spare, MIB), 32);
});

test('8 MiB are made ready, a few pages at a time', () => {
  const spare = new SpareMemory();
  assert.equal(prepareAll(spare, 128 * 1024), 64 * 4);
  assert.equal(takeAll(spare, 128 * 1024), 64);
});

test('a region is at hand once all of it is ready', () => {
  const spare = new SpareMemory();
  const numBytes = 32 * 1024 + 1;
  assert.equal(spare.prepare(numBytes), true);
  assert.equal(spare.take(numBytes), undefined);
  assert.equal(spare.prepare(numBytes), true);
  assert.equal(spare.take(numBytes)?.length, numBytes);
});

test('nothing is made ready while enough was given back', () => {
  const spare = new SpareMemory();
  for (let i = 0; i < 8; i++) spare.keep(new Uint8Array(MIB));
  assert.equal(spare.prepare(MIB), false);
  spare.take(MIB);
  assert.equal(spare.prepare(MIB), true);
});

test('a size that is larger than all of it is never made ready', () => {
  assert.equal(new SpareMemory().prepare(9 * MIB), false);
});

test('memory that there is not fails as a backend does', () => {
  assert.throws(() => new SpareMemory().prepare(-1), { code: 'backend_failed' });
});
