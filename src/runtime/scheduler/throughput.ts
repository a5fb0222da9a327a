/** Owns the answer to "how long until there is room again?", from what recent steps achieved. */

/** Share of the newest step in the running averages: the last dozen steps count. */
const NEWEST_SHARE = 1 / 8;
/** Said before any step has run. */
const UNKNOWN_RETRY_MS = 1_000;
/** A client that comes back sooner only adds load; one told to come back later may as well ask somebody else. */
const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 30_000;

/** How long it takes to compute `waitingTokens`, whole milliseconds, within sensible bounds for a client. */
export function estimateRetryAfterMs(waitingTokens: number, tokensPerMs: number | undefined): number {
  if (tokensPerMs === undefined) return UNKNOWN_RETRY_MS;
  return Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, Math.ceil(waitingTokens / tokensPerMs)));
}

/** Tokens per millisecond over recent steps, newer ones weighing more. */
export class ThroughputMeter {
  #tokens = 0;
  #durationMs = 0;

  /** Undefined until a step with a measurable duration was recorded. */
  get tokensPerMs(): number | undefined {
    return this.#durationMs > 0 && this.#tokens > 0 ? this.#tokens / this.#durationMs : undefined;
  }

  record(tokens: number, durationMs: number): void {
    // Averaging both, not their ratio: a tiny step must not count as much as a full one.
    this.#tokens += (tokens - this.#tokens) * NEWEST_SHARE;
    this.#durationMs += (durationMs - this.#durationMs) * NEWEST_SHARE;
  }
}
