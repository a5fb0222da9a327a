import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hasRoomFor, type QueueState } from '../../../../src/runtime/scheduler/queue-room.ts';

const LIMITS = { maxWaitingRequests: 4, maxWaitingTokens: 1_000, maxQueueMs: 100 };
const NEWCOMER = { length: 10, priority: 0 };

function queue(numRequests: number, numTokens: number, rest: Partial<QueueState> = {}): QueueState {
  return { waiting: { numRequests, numTokens }, freeSlots: 0, tokensPerMs: undefined, ...rest };
}

describe('room in the queue', () => {
  test('is bounded in requests and in tokens', () => {
    assert.equal(hasRoomFor(NEWCOMER, queue(3, 990), LIMITS), true);
    assert.equal(hasRoomFor(NEWCOMER, queue(4, 40), LIMITS), false);
    assert.equal(hasRoomFor(NEWCOMER, queue(3, 991), LIMITS), false);
  });

  test('is bounded in the time that working it off takes at the speed of recent steps', () => {
    assert.equal(hasRoomFor(NEWCOMER, queue(2, 500, { tokensPerMs: 5 }), LIMITS), true);
    assert.equal(hasRoomFor(NEWCOMER, queue(2, 500, { tokensPerMs: 4.9 }), LIMITS), false);
    assert.equal(hasRoomFor(NEWCOMER, queue(2, 500), LIMITS), true, 'no speed is known');
    const { maxQueueMs: _, ...untimed } = LIMITS;
    assert.equal(hasRoomFor(NEWCOMER, queue(2, 500, { tokensPerMs: 0.001 }), untimed), true);
  });

  test('is there for whoever a free slot takes, however long the prompt and slow the engine', () => {
    const long = { length: 5_000, priority: 0 };
    assert.equal(hasRoomFor(long, queue(1, 900, { freeSlots: 2, tokensPerMs: 0.1 }), LIMITS), true);
    assert.equal(hasRoomFor(long, queue(2, 900, { freeSlots: 2 }), LIMITS), false);
  });

  test('does not count the newcomer against itself: a long prompt waits for those ahead only', () => {
    assert.equal(hasRoomFor({ length: 900, priority: 0 }, queue(1, 50, { tokensPerMs: 1 }), LIMITS), true);
  });

  test('is half as large for lower priorities, so that the rest is left for priority 0', () => {
    const background = { length: 10, priority: 1 };
    assert.equal(hasRoomFor(background, queue(1, 490, { tokensPerMs: 9.8 }), LIMITS), true);
    assert.equal(hasRoomFor(background, queue(2, 20), LIMITS), false);
    assert.equal(hasRoomFor(background, queue(1, 491), LIMITS), false);
    assert.equal(hasRoomFor(background, queue(1, 490, { tokensPerMs: 9.7 }), LIMITS), false);
  });
});
