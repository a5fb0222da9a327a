/**
 * Owns the question whether one more request may wait. The queue is bounded in requests and tokens, which is memory, and in
 * the time that it takes to work it off, which is what a client feels: by Little's law, the tokens that wait over the
 * tokens that recent steps got done per millisecond. A count alone is seconds of waiting on a slow machine.
 */
import type { WaitingQueue } from './queue.ts';
import { waitMs } from './throughput.ts';

export type QueueLimits = {
  /** Most requests that may wait, beside those that a free slot takes in the next step. */
  readonly maxWaitingRequests: number;
  /** Most tokens that those may hold together. */
  readonly maxWaitingTokens: number;
  /** Longest time that those may take to be worked off, in milliseconds, as far as is known. Default: any. */
  readonly maxQueueMs?: number;
};

/** Work of a lower priority than 0 leaves the rest of the room to that of priority 0. */
const BACKGROUND_SHARE = 0.5;

export type Newcomer = { readonly length: number; readonly priority: number };

export type QueueState = {
  readonly waiting: Pick<WaitingQueue, 'numRequests' | 'numTokens'>;
  /** Slots that nobody has, or that are given up for whoever waits. */
  readonly freeSlots: number;
  /** Undefined: not known yet. */
  readonly tokensPerMs: number | undefined;
};

export function hasRoomFor({ length, priority }: Newcomer, state: QueueState, limits: QueueLimits): boolean {
  const { waiting, freeSlots, tokensPerMs } = state;
  const beyondFreeSlots = waiting.numRequests - freeSlots;
  // So the longest prompt is accepted, too, when the engine is idle.
  if (beyondFreeSlots < 0) return true;
  const share = priority > 0 ? BACKGROUND_SHARE : 1;
  const { maxWaitingRequests, maxWaitingTokens, maxQueueMs = Number.POSITIVE_INFINITY } = limits;
  return (
    beyondFreeSlots < maxWaitingRequests * share &&
    waiting.numTokens + length <= maxWaitingTokens * share &&
    // What is ahead of it, not the newcomer itself: a long prompt does not wait for its own tokens.
    waitMs(waiting.numTokens, tokensPerMs) <= maxQueueMs * share
  );
}
