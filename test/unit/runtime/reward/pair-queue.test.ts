import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PairQueue, type PairQueueConfig } from '../../../../src/runtime/reward/pair-queue.ts';

const CONFIG: PairQueueConfig = { maxBatchTokens: 20, maxWaitMs: 2, maxWaitingPairs: 8, retryAfterMs: 50 };

/** Pairs of these lengths; the owner is the length. */
const pairs = (...lengths: number[]) => lengths.map((length) => ({ tokens: new Int32Array(length), owner: length }));

function queueOf(...lengths: number[]): PairQueue<number> {
  const queue = new PairQueue<number>(CONFIG);
  queue.add(pairs(...lengths), 0);
  return queue;
}

const lengthsOf = (batch: readonly { readonly tokens: Int32Array }[]) => batch.map(({ tokens }) => tokens.length);

test('a batch is due when it is full, or when its oldest pair has waited long enough', () => {
  const queue = new PairQueue<number>(CONFIG);
  assert.equal(queue.dueMs(), undefined);
  queue.add(pairs(5), 100);
  queue.add(pairs(5), 101);
  assert.equal(queue.dueMs(), 102);
  queue.add(pairs(10), 101);
  assert.equal(queue.dueMs(), 100);
});

test('the oldest pair goes first, with those nearest to it in length', () => {
  const queue = queueOf(5, 12, 1, 6, 4, 5);
  // 4 rows of 5, padded from 4, 5, 5: a fifth would be one too many.
  assert.deepEqual(lengthsOf(queue.take()), [4, 5, 5]);
  assert.deepEqual(lengthsOf(queue.take()), [12]);
  assert.deepEqual(lengthsOf(queue.take()), [1, 6]);
  assert.deepEqual(queue.take(), []);
  assert.equal(queue.waitingTokens, 0);
});

test('a pair that is longer than a batch may be is a batch of its own', () => {
  const queue = queueOf(30, 29, 2);
  assert.deepEqual(lengthsOf(queue.take()), [30]);
  assert.deepEqual(lengthsOf(queue.take()), [29]);
});

test('a full queue takes all pairs of a request or none', () => {
  const queue = queueOf(1, 1, 1, 1, 1, 1);
  assert.throws(() => queue.add(pairs(1, 1, 1), 0), { code: 'overloaded', details: { retryAfterMs: 50 } });
  assert.equal(queue.waitingPairs, 6);
  queue.add(pairs(1, 1), 0);
  assert.equal(queue.waitingPairs, 8);
});

test('dropped pairs are gone, and their tokens no longer counted', () => {
  const queue = queueOf(3, 7, 3);
  queue.drop((owner) => owner === 3);
  assert.equal(queue.waitingTokens, 7);
  assert.deepEqual(lengthsOf(queue.take()), [7]);
});

test('every pair is taken once, the oldest with each batch, and none is over the budget but for a single one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }), (lengths) => {
      const queue = new PairQueue<number>(CONFIG);
      for (const [i, length] of lengths.entries()) queue.add([{ tokens: new Int32Array(length), owner: i }], i);
      const left = new Set(lengths.keys());
      while (left.size > 0) {
        const batch = queue.take();
        assert.ok(batch.some(({ owner }) => owner === Math.min(...left)));
        assert.ok(batch.length === 1 || batch.length * Math.max(...lengthsOf(batch)) <= CONFIG.maxBatchTokens);
        for (const { owner } of batch) assert.ok(left.delete(owner));
      }
      assert.equal(queue.waitingPairs, 0);
    }),
  );
});
