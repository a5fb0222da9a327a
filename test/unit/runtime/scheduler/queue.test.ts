import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaitingQueue } from '../../../../src/runtime/scheduler/queue.ts';
import { aSequence } from '../../../support/engine-builders.ts';

test('first come, first served', () => {
  const queue = new WaitingQueue();
  for (const id of [5, 3, 4]) queue.add(aSequence({ id }));
  const order: number[] = [];
  for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
    order.push(next.id);
    queue.remove(next.id);
  }
  assert.deepEqual(order, [5, 3, 4]);
});

test('lets a sequence leave from the middle, and counts requests and tokens', () => {
  const queue = new WaitingQueue();
  for (const id of [1, 2, 3]) queue.add(aSequence({ id, prompt: id * 10 }));
  assert.equal(queue.numTokens, 60);
  assert.equal(queue.remove(2)?.id, 2);
  assert.equal(queue.remove(2), undefined);
  assert.equal(queue.numTokens, 40);
  assert.equal(queue.numRequests, 2);
  assert.equal(queue.peek()?.id, 1);
  queue.checkIntegrity();
});

test('the same sequence cannot wait twice', () => {
  const queue = new WaitingQueue();
  queue.add(aSequence({ id: 1 }));
  assert.throws(() => queue.add(aSequence({ id: 1 })), /waits already/);
});

test('its integrity check finds a sequence that does not wait any more', () => {
  const queue = new WaitingQueue();
  const sequence = aSequence({ id: 1 });
  queue.add(sequence);
  sequence.finish();
  assert.throws(() => queue.checkIntegrity(), /sequence 1 is queued but finished/);
});
