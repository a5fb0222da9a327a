import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvariantError } from '../../../../src/runtime/errors.ts';
import type { DecoderConfig } from '../../../../src/runtime/ort/decoder-signature.ts';
import { KvBuffers } from '../../../../src/runtime/ort/kv-buffers.ts';

const CONFIG: DecoderConfig = { numLayers: 2, numKvHeads: 3, headDim: 4, vocabSize: 5, maxLength: 8 };

/** Buffers in which every float differs from every other. */
function numberedBuffers(numSlots: number): KvBuffers {
  const kv = new KvBuffers(CONFIG, numSlots);
  for (let i = 0; i < kv.numBuffers; i++) {
    const rows = kv.rows(i, { first: 0, count: numSlots });
    for (let j = 0; j < rows.length; j++) rows[j] = i * 10_000 + j;
  }
  for (let slot = 0; slot < numSlots; slot++) kv.setLength(slot, CONFIG.maxLength);
  return kv;
}

test('a range of slots is a view of the buffer', () => {
  const kv = new KvBuffers(CONFIG, 4);
  // 3 heads x 8 positions x 4 floats = 96 per slot.
  const middle = kv.rows(1, { first: 1, count: 2 });
  assert.equal(middle.length, 2 * 96);
  middle.fill(7);
  assert.equal(kv.rows(1, { first: 0, count: 4 }).indexOf(7), 96);
});

test('copied out, then in, is the same at the new place and changes nothing else', () => {
  const kv = numberedBuffers(3);
  // Positions 2 .. 5 of slot 0.
  const block = new Float32Array(3 * kv.floatsPerToken);
  kv.copyOut(0, 2, block);
  const before = kv.rows(3, { first: 0, count: 3 }).slice();

  kv.copyIn(2, 4, block);

  const copy = new Float32Array(block.length);
  kv.copyOut(2, 4, copy);
  assert.deepEqual(copy, block);
  const after = kv.rows(3, { first: 0, count: 3 });
  const numChanged = after.filter((value, i) => value !== before[i]).length;
  assert.equal(numChanged, block.length / kv.numBuffers);
});

test('the length grows with blocks that are copied in, in whichever order', () => {
  const kv = new KvBuffers(CONFIG, 1);
  const block = new Float32Array(2 * kv.floatsPerToken);
  kv.copyIn(0, 2, block);
  kv.copyIn(0, 0, block);
  assert.equal(kv.length(0), 4);
});

test('blocks outside a slot are refused', () => {
  const kv = numberedBuffers(2);
  kv.setLength(0, 4);
  const block = new Float32Array(2 * kv.floatsPerToken);
  assert.throws(() => kv.copyOut(0, 3, block), InvariantError, 'not computed');
  assert.throws(() => kv.copyIn(0, 7, block), InvariantError, 'behind the end');
  assert.throws(() => kv.copyIn(0, -1, block), InvariantError);
  assert.throws(() => kv.copyIn(2, 0, block), InvariantError, 'no such slot');
  assert.throws(() => kv.copyIn(0, 0, new Float32Array(3)), InvariantError, 'no whole number of positions');
  assert.throws(() => kv.copyIn(0, 0, new Float32Array(0)), InvariantError);
});

test('sizes that make no buffer are refused', () => {
  assert.throws(() => new KvBuffers({ ...CONFIG, headDim: 0 }, 2), InvariantError);
  assert.throws(() => new KvBuffers(CONFIG, 1.5), InvariantError);
  assert.throws(() => new KvBuffers({ ...CONFIG, maxLength: 2 ** 40 }, 2), /no room for a KV buffer of \d+ MiB/);
});
