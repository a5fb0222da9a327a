/**
 * Wrong credentials per address. A right credential is never held back, so that one broken agent behind a proxy cannot lock
 * out the others; guessing is hopeless anyway. What is saved is the log, and the work of clients that repeat at once.
 */
import { LRUCache } from 'lru-cache';
import { TokenBucket } from './token-bucket.ts';

const MAX_ADDRESSES = 10_000;

export class FailureMeter {
  readonly #perMinute: number;
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: MAX_ADDRESSES });

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Counts a failure: 0, or how many milliseconds the address should wait before it tries again. */
  count(address: string, nowMs: number): number {
    let bucket = this.#buckets.get(address);
    if (bucket === undefined) {
      bucket = new TokenBucket({ perMinute: this.#perMinute, burst: this.#perMinute }, nowMs);
      this.#buckets.set(address, bucket);
    }
    return bucket.take(nowMs);
  }
}
