/** Holds every caller to its own limits, by its name. One gateway's view: replicas count for themselves. Knows no clock. */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../runtime/index.ts';
import type { CallerLimits, Principal } from './principal.ts';
import { TokenBucket } from './token-bucket.ts';

/** Subjects of tokens can be many; who has not called for the longest is forgotten, and begins with a full bucket. */
const MAX_CALLERS = 100_000;
/** A hint for who has too much under way at once: nobody knows when it will end. */
const CONCURRENCY_RETRY_MS = 100;

/** Must be disposed exactly once; more does nothing. */
export type Lease = Disposable;

export class CallerMeter {
  readonly #buckets = new LRUCache<string, { readonly key: string; readonly bucket: TokenBucket }>({
    max: MAX_CALLERS,
  });
  /** Calls under way by caller; no entry: none. */
  readonly #active = new Map<string, number>();

  /** Counts a call against the caller's rate. Throws `rate_limited`. */
  countCall({ name, limits }: Principal, nowMs: number): void {
    const waitMs = this.#bucketOf(name, limits, nowMs)?.take(nowMs) ?? 0;
    if (waitMs === 0) return;
    const message = `more than ${limits.requestsPerMinute} calls a minute, the limit of this caller`;
    throw new GatewayError('rate_limited', message, { retryAfterMs: waitMs });
  }

  /** A call is under way until the lease is disposed. Throws `rate_limited`. */
  lease({ name, limits: { maxConcurrent } }: Principal): Lease {
    const active = this.#active.get(name) ?? 0;
    if (maxConcurrent !== undefined && active >= maxConcurrent) {
      const message = `${active} calls are under way, the most that this caller may have at once`;
      throw new GatewayError('rate_limited', message, { retryAfterMs: CONCURRENCY_RETRY_MS });
    }
    this.#active.set(name, active + 1);
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release(name);
        held = false;
      },
    };
  }

  /** Calls under way of the caller with this name. */
  active(name: string): number {
    return this.#active.get(name) ?? 0;
  }

  #bucketOf(name: string, { requestsPerMinute, burst }: CallerLimits, nowMs: number): TokenBucket | undefined {
    if (requestsPerMinute === undefined) return undefined;
    const rate = { perMinute: requestsPerMinute, burst: burst ?? Math.max(1, Math.ceil(requestsPerMinute / 60)) };
    // Limits that were reloaded begin with a new bucket.
    const key = `${rate.perMinute} ${rate.burst}`;
    const known = this.#buckets.get(name);
    if (known?.key === key) return known.bucket;
    const bucket = new TokenBucket(rate, nowMs);
    this.#buckets.set(name, { key, bucket });
    return bucket;
  }

  #release(name: string): void {
    const left = this.active(name) - 1;
    if (left > 0) this.#active.set(name, left);
    else this.#active.delete(name);
  }
}
