/**
 * Permits for requests: refused at once when the gateway has all it can hold, so that overload costs a few microseconds
 * and not a queue that grows. The engine bounds its own queue in requests and tokens behind it.
 */
import { GatewayError } from '../runtime/index.ts';

export type AdmissionLimits = {
  /** Requests under way at once, running and waiting together. */
  readonly maxRequests: number;
  /** Of those, how many run at once; the rest wait. */
  readonly concurrency: number;
};

/** Weight of the latest duration in the moving average; the average follows a change within some tens of requests. */
const SMOOTHING = 0.1;
/** Bounds of the retry hint in milliseconds: below, clients would hammer; above, they would idle after a short peak. */
const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 10_000;

/** Must be disposed exactly once, when the request has ended. */
export type Permit = Disposable;

export class Admission {
  #limits: AdmissionLimits;
  #inFlight = 0;
  #averageMs = 0;
  #idleWaiters: (() => void)[] = [];

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Limits follow the loaded models; requests under way are not affected. */
  resize(limits: AdmissionLimits): void {
    this.#limits = limits;
  }

  /** Throws `overloaded` when nothing is free. */
  acquire(): Permit {
    if (this.#inFlight >= this.#limits.maxRequests) {
      const message = `${this.#inFlight} requests are under way, the most this gateway takes`;
      throw new GatewayError('overloaded', message, { retryAfterMs: this.retryAfterMs() });
    }
    this.#inFlight++;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release();
        held = false;
      },
    };
  }

  /** Feeds the retry hint with the duration of a request that was served. */
  observe(durationMs: number): void {
    this.#averageMs += (durationMs - this.#averageMs) * (this.#averageMs === 0 ? 1 : SMOOTHING);
  }

  /** How long it takes to work off what is under way, by recent durations. */
  retryAfterMs(): number {
    const estimate = this.#averageMs * (this.#inFlight / this.#limits.concurrency);
    return Math.round(Math.min(Math.max(estimate, MIN_RETRY_MS), MAX_RETRY_MS));
  }

  /** Resolves when no request is under way. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #release(): void {
    this.#inFlight--;
    if (this.#inFlight > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}
