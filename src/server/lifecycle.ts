/** The gateway's state, and with it the runtime: only a gateway that is ready or draining has one to offer. */
import { setMaxListeners } from 'node:events';
import { GatewayError, type Runtime } from '../runtime/index.ts';

/**
 * - starting: listening, but models are still being loaded
 * - ready: serving
 * - draining: requests under way are finished, new ones are refused
 * - closed: nothing is served any more
 */
export type Phase = 'starting' | 'ready' | 'draining' | 'closed';

/** What a client should wait before it tries another replica or this one again, in milliseconds. */
const RETRY_AFTER_MS = 1000;

export class Lifecycle {
  #phase: Phase = 'starting';
  #runtime: Runtime | undefined;
  readonly #shutdown = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor() {
    // Every request under way listens; Node would take more than ten for a leak, and say so.
    setMaxListeners(0, this.#shutdown.signal);
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Aborted, with an `unavailable` as reason, when requests under way must end now. */
  get shutdownSignal(): AbortSignal {
    return this.#shutdown.signal;
  }

  /** The loaded runtime, whatever the phase; undefined while starting. */
  get runtime(): Runtime | undefined {
    return this.#runtime;
  }

  /** Why no request should be sent here, or undefined. */
  unreadyReason(): string | undefined {
    return this.#phase === 'ready' ? this.#runtime?.unreadyReason() : this.#phase;
  }

  /** The runtime for a new request. Throws `unavailable` unless the gateway is ready. */
  requireRuntime(): Runtime {
    if (this.#phase === 'ready' && this.#runtime !== undefined) return this.#runtime;
    throw new GatewayError('unavailable', `the gateway is ${this.#phase}`, { retryAfterMs: RETRY_AFTER_MS });
  }

  markReady(runtime: Runtime): void {
    this.#runtime = runtime;
    if (this.#phase === 'starting') this.#enter('ready');
  }

  markDraining(): void {
    if (this.#phase === 'starting' || this.#phase === 'ready') this.#enter('draining');
  }

  /** Ends what is under way. */
  abortRequests(): void {
    this.#shutdown.abort(new GatewayError('unavailable', 'the gateway was stopped', { retryAfterMs: RETRY_AFTER_MS }));
  }

  markClosed(): void {
    this.#enter('closed');
  }

  /** Calls `listener` after each change of phase. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    for (const listener of this.#listeners) listener();
  }
}
