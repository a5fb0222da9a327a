/** Whether and when a failed call is repeated. Pure: time and chance are arguments. */
import type { ErrorCode } from './errors.ts';

export type RetryPolicy = {
  /** With the first one. Default 5; 1: nothing is repeated. */
  readonly maxAttempts: number;
  /** The back-off is chosen at random below this after the first attempt, below twice as much after the second, and so on. */
  readonly baseDelayMs: number;
  /** The bound stops growing here. */
  readonly maxDelayMs: number;
};

export const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 5, baseDelayMs: 200, maxDelayMs: 10_000 };

export type FailedAttempt = {
  readonly code: ErrorCode;
  /** Of this attempt, from 1. */
  readonly attempt: number;
  /** Infinity: the gateway asks for no repeat at all. */
  readonly retryAfterMs: number | undefined;
  /** Until the call's deadline. */
  readonly remainingMs: number;
  /** There is an endpoint that looks healthy and has not been tried yet. */
  readonly hasOther: boolean;
};

/** The gateway, or this caller's share of it, has too much to do. */
export function isBusy(code: ErrorCode): boolean {
  return code === 'overloaded' || code === 'rate_limited';
}

/** The endpoint cannot serve anybody now. */
export function isGone(code: ErrorCode): boolean {
  return code === 'unavailable' || code === 'connection_failed';
}

/**
 * Milliseconds to wait before the next attempt; undefined: give up. `random` is in [0, 1).
 *
 * An endpoint that is gone is left for another at once. Otherwise full jitter, because clients that failed together
 * must not come back together; a hint of the gateway is a lower bound that jitter is added to for the same reason. A
 * wait that does not end before the deadline is not begun.
 */
export function retryDelayMs(policy: RetryPolicy, failed: FailedAttempt, random: number): number | undefined {
  const { code, attempt, retryAfterMs = 0, remainingMs } = failed;
  if (attempt >= policy.maxAttempts || !(isBusy(code) || isGone(code))) return undefined;
  if (retryAfterMs === Number.POSITIVE_INFINITY) return undefined;
  if (isGone(code) && failed.hasOther) return remainingMs > 0 ? 0 : undefined;
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  const delayMs = retryAfterMs + random * bound;
  return delayMs < remainingMs ? delayMs : undefined;
}
