import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sequence } from '../../../../src/runtime/scheduler/sequence.ts';
import { aSequence } from '../../../support/engine-builders.ts';

const ADMISSION = { slot: 1, cachedTokens: 0, admittedMs: 5 };

test('its computed tokens catch up with the wanted ones, chunk by chunk', () => {
  const sequence = new Sequence({ id: 7, tokens: Int32Array.of(3, 1, 2), maxNewTokens: 2 });
  sequence.admit(ADMISSION);
  assert.deepEqual(sequence.entry(2), {
    sequenceId: 7,
    slot: 1,
    start: 0,
    tokens: Int32Array.of(3, 1),
    prefillTokens: 2,
    wantsLogits: false,
  });
  sequence.advance(2);
  assert.equal(sequence.entry(1).prefillTokens, 0, 'the prompt ends with what is computed like an answer');
  assert.equal(sequence.remaining, 1);
  const last = sequence.entry(1);
  assert.equal(last.start, 2);
  assert.equal(last.wantsLogits, true);
  sequence.advance(1);
  sequence.append(Int32Array.of(9, 8));
  assert.deepEqual([sequence.length, sequence.computed, sequence.remaining], [5, 3, 2]);
  assert.deepEqual(sequence.entry(2).tokens, Int32Array.of(9, 8));
});

test('the entries of earlier steps keep their tokens when more are appended', () => {
  const sequence = new Sequence({ id: 7, tokens: Int32Array.of(3), maxNewTokens: 1 });
  sequence.admit(ADMISSION);
  const first = sequence.entry(1);
  sequence.advance(1);
  sequence.append(Int32Array.of(9));
  assert.deepEqual(first.tokens, Int32Array.of(3));
});

test('starts behind the tokens whose KV is there, but always computes the last one', () => {
  const sequence = aSequence({ prompt: 4 });
  sequence.admit({ ...ADMISSION, cachedTokens: 3 });
  assert.equal(sequence.entry(1).start, 3);
  assert.throws(
    () => aSequence({ prompt: 4 }).admit({ ...ADMISSION, cachedTokens: 4 }),
    /cannot start with 4 computed/,
  );
});

test('a decision before everything known is computed is a bug', () => {
  const sequence = aSequence({ prompt: 2 });
  sequence.admit(ADMISSION);
  sequence.advance(1);
  assert.throws(() => sequence.append(Int32Array.of(1)), /decides before it has computed what it knows/);
  assert.throws(() => sequence.entry(2), /has no 2 tokens to compute/);
  assert.throws(() => sequence.advance(2), /computed more tokens than it has/);
});

test('never outgrows what was announced', () => {
  const sequence = aSequence({ prompt: 1, maxNewTokens: 1 });
  sequence.admit(ADMISSION);
  sequence.advance(1);
  assert.throws(() => sequence.append(new Int32Array(2)), /outgrows its 2 tokens/);
  assert.throws(() => sequence.append(new Int32Array(0)), /nothing is appended/);
});

test('goes from waiting to running to finished, and no other way', () => {
  const sequence = aSequence();
  assert.equal(sequence.status, 'waiting');
  assert.equal(sequence.admission, undefined);
  assert.throws(() => sequence.slot, /is waiting and has no slot/);
  sequence.admit(ADMISSION);
  assert.equal(sequence.status, 'running');
  assert.throws(() => sequence.admit(ADMISSION), /cannot be admitted/);
  sequence.finish();
  assert.equal(sequence.status, 'finished');
  assert.deepEqual(sequence.admission, ADMISSION, 'it still knows when it was admitted');
  assert.throws(() => sequence.slot, /is finished and has no slot/);
  assert.throws(() => sequence.finish(), /ends twice/);
});

test('a sequence without tokens is a mistake', () => {
  assert.throws(() => aSequence({ prompt: 0 }), /has no tokens/);
});

test('is overdue from its deadline on', () => {
  assert.equal(aSequence({ deadlineMs: 10 }).isOverdue(9.9), false);
  assert.equal(aSequence({ deadlineMs: 10 }).isOverdue(10), true);
  assert.equal(aSequence().isOverdue(Number.MAX_VALUE), false);
});
