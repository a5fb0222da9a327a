/**
 * Permits for requests, or `overloaded` at once: before a byte of the message is decoded, so that refusing costs
 * microseconds. What is bounded is the time that an accepted request waits, not only how many there are.
 *
 * ```
 * side by side  = at least the slots of one engine; more where several are seen to work   (ServiceMeter)
 * waiting       = requests under way - side by side
 * wait          = waiting x time from one answer to the next                              (Little's law)
 * admit if        waiting <= 0
 *            or   wait <= maxQueueMs  and  (waiting <= side by side  or  this is a burst)
 * ```
 *
 * A standing queue is of no use: it makes everybody wait and nobody finish sooner. So it is kept at one round of the
 * slots, which is twice as many agents as can be served side by side, each with its next request as soon as it has an
 * answer; what is accepted then waits for about as long as it is computed. A burst is different: forty agents that observe at the same moment are served in well under a second, and refusing them would only
 * make them come back. Hence all of `maxQueueMs` is open to those that arrive within {@link BURST_MS} of the moment at
 * which the queue grew, and then not again before it was short for {@link CALM_MS}; under lasting overload, that is a
 * fraction of a percent of what is accepted. (The same idea as CoDel's, applied where refusing is cheapest.)
 *
 * Until a model has answered, and as a bound on memory at any time, there is the count `maxRequests`.
 */
import { GatewayError, monotonicMs } from '../runtime/index.ts';
import { ServiceMeter } from './service-meter.ts';

export type AdmissionLimits = {
  /** Requests under way at once, running and waiting together. */
  readonly maxRequests: number;
  /** Slots of one engine. */
  readonly slots: number;
  /** Slots of all engines together. */
  readonly concurrency: number;
  /** Longest time that a request is to wait for a slot, in milliseconds. */
  readonly maxQueueMs: number;
};

/** A standing queue may be what is computed side by side, and as many requests where that is little. */
const MIN_STANDING_REQUESTS = 4;
/** What of it is open to requests of a lower priority than 0: the last places are for those of priority 0. */
const BACKGROUND_SHARE = 0.5;
/** Milliseconds. Agents that act in step arrive within the first; agents that are just too many keep the second from passing. */
const BURST_MS = 200;
const CALM_MS = 1_000;
/** Bounds of the retry hint in milliseconds: below, clients would hammer; above, they would idle after a short peak. */
const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 10_000;

/** Must be disposed exactly once, when the request has ended. */
export type Permit = Disposable;

export class Admission {
  readonly #limits: () => AdmissionLimits;
  readonly #clock: () => number;
  readonly #service = new ServiceMeter();
  #inFlight = 0;
  /** When the queue grew beyond what may stand, and when it was last seen there. */
  #crowdedSinceMs = Number.NEGATIVE_INFINITY;
  #crowdedMs = Number.NEGATIVE_INFINITY;
  #idleWaiters: (() => void)[] = [];

  /** `limits` is asked for each request: they follow the loaded models. */
  constructor(limits: () => AdmissionLimits, clock: () => number = monotonicMs) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Most requests under way at once. */
  get maxRequests(): number {
    return this.#limits().maxRequests;
  }

  /** Throws `overloaded` when there is no room. */
  acquire(): Permit {
    const { maxRequests } = this.#limits();
    if (this.#inFlight >= maxRequests) {
      this.#refuse(`${this.#inFlight} requests are under way, the most this gateway takes`);
    }
    this.#checkQueue({ waiting: this.#inFlight + 1 - this.#sideBySide(), share: 1 });
    this.#inFlight++;
    this.#service.begin(this.#clock());
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release();
        held = false;
      },
    };
  }

  /** For a request that holds a permit and turns out to be of a lower priority than 0. Throws `overloaded`. */
  checkBackground(): void {
    this.#checkQueue({ waiting: this.#inFlight - this.#sideBySide(), share: BACKGROUND_SHARE });
  }

  /** A model has answered a request, which has just ended. `inSlotMs`: how long it was computed, without waiting. */
  observe(inSlotMs: number): void {
    this.#service.answered(inSlotMs, this.#clock());
  }

  /** How long it takes until what is under way has been answered. */
  retryAfterMs(): number {
    const estimate = this.#inFlight * (this.#service.msPerRequest ?? 0);
    return Math.round(Math.min(Math.max(estimate, MIN_RETRY_MS), MAX_RETRY_MS));
  }

  /** Resolves when no request is under way. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #sideBySide(): number {
    const { slots, concurrency } = this.#limits();
    return Math.min(Math.max(slots, this.#service.sideBySide), concurrency);
  }

  /** `waiting` counts the request in question; `share`: of the room, open to it. */
  #checkQueue({ waiting, share }: { readonly waiting: number; readonly share: number }): void {
    const { msPerRequest } = this.#service;
    if (waiting <= 0 || msPerRequest === undefined) return;
    const waitMs = waiting * msPerRequest;
    if (waitMs > this.#limits().maxQueueMs * share) this.#refuse(tooLong(waitMs));
    const standing = Math.max(MIN_STANDING_REQUESTS, this.#sideBySide());
    if (waiting > standing * share && !this.#isBurst()) this.#refuse(tooLong(waitMs));
  }

  /** To be asked whenever the queue is longer than may stand, and only then. */
  #isBurst(): boolean {
    const nowMs = this.#clock();
    if (nowMs - this.#crowdedMs > CALM_MS) this.#crowdedSinceMs = nowMs;
    this.#crowdedMs = nowMs;
    return nowMs - this.#crowdedSinceMs <= BURST_MS;
  }

  #refuse(message: string): never {
    throw new GatewayError('overloaded', message, { retryAfterMs: this.retryAfterMs() });
  }

  #release(): void {
    this.#inFlight--;
    this.#service.end(this.#clock());
    if (this.#inFlight > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}

function tooLong(waitMs: number): string {
  return `the queue is full: a request would wait for ${Math.ceil(waitMs)} ms`;
}
