import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaitingQueue } from '../../../../src/runtime/scheduler/queue.ts';
import { aSequence } from '../../../support/engine-builders.ts';

test('first come, first served', () => {
  const queue = new WaitingQueue();
  for (const id of [5, 3, 4]) queue.add(aSequence({ id }));
  const order: number[] = [];
  for (let next = queue.peek(0); next !== undefined; next = queue.peek(0)) {
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
  assert.equal(queue.peek(0)?.id, 1);
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

/** Ids in the order in which they leave a queue that nobody enters any more. */
function leave(queue: WaitingQueue, now: number): number[] {
  const order: number[] = [];
  for (let next = queue.peek(now); next !== undefined; next = queue.peek(now)) {
    order.push(next.id);
    queue.remove(next.id);
  }
  return order;
}

test('lower priorities go first, and inside one the order of arrival counts', () => {
  const queue = new WaitingQueue();
  const arrivals = [9, 0, 5, 0, 9, 5].map((priority, id) => aSequence({ id, priority, queuedMs: id }));
  for (const sequence of arrivals) queue.add(sequence);
  queue.checkIntegrity();
  assert.deepEqual(leave(queue, 10), [1, 3, 2, 5, 0, 4]);
});

test('who waits gains a level with each aging time, and at the top the order of arrival counts', () => {
  const queue = new WaitingQueue(100);
  queue.add(aSequence({ id: 0, priority: 2, queuedMs: 0 }));
  queue.add(aSequence({ id: 1, priority: 1, queuedMs: 50 }));
  assert.equal(queue.peek(99)?.id, 1);
  assert.equal(queue.peek(100)?.id, 0, 'level 1 like the other, and here before it');
  queue.add(aSequence({ id: 2, priority: 0, queuedMs: 149 }));
  assert.equal(queue.peek(149)?.id, 2);
  assert.equal(queue.peek(150)?.id, 1, 'level 0 by now, and here before it');
  assert.equal(queue.peek(200)?.id, 0);
  assert.deepEqual(leave(queue, 10_000), [0, 1, 2]);
});

test('nobody starves: with one served per aging time, newcomers of priority 0 do not keep out one of priority 9', () => {
  const queue = new WaitingQueue(10);
  queue.add(aSequence({ id: 0, priority: 9, queuedMs: 0 }));
  for (let now = 0; now <= 90; now += 10) {
    queue.add(aSequence({ id: 1 + 2 * now, queuedMs: now }));
    queue.add(aSequence({ id: 2 + 2 * now, queuedMs: now }));
    const next = queue.peek(now);
    assert.ok(next !== undefined);
    queue.remove(next.id);
    if (next.id === 0) return;
  }
  // At 90 it is at level 0, where those that came before now are behind it.
  assert.equal(queue.peek(91)?.id, 0);
});
