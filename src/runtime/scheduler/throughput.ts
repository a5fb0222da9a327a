/** Owns the answer to "how long will that take?", from what recent steps achieved. */

/** What was done that many milliseconds of work ago counts 1/e: a change of speed is followed within a second or so. */
const HORIZON_MS = 1_000;
/** Said before any step has run. */
const UNKNOWN_RETRY_MS = 1_000;
/** A client that comes back sooner only adds load; one told to come back later may as well ask somebody else. */
const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 30_000;

/** How long `work` takes at this speed, in milliseconds; 0 while the speed is unknown. */
export function waitMs(work: number, perMs: number | undefined): number {
  return perMs === undefined ? 0 : work / perMs;
}

/** How long it takes to compute `waitingTokens`, whole milliseconds, within sensible bounds for a client. */
export function estimateRetryAfterMs(waitingTokens: number, tokensPerMs: number | undefined): number {
  if (tokensPerMs === undefined) return UNKNOWN_RETRY_MS;
  return Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, Math.ceil(waitMs(waitingTokens, tokensPerMs))));
}

/** Work per millisecond, of whatever is counted, over the last second or so of working; idle time does not count. */
export class ThroughputMeter {
  #work = 0;
  #durationMs = 0;

  /** Undefined until work with a measurable duration was recorded. */
  get perMs(): number | undefined {
    return this.#durationMs > 0 && this.#work > 0 ? this.#work / this.#durationMs : undefined;
  }

  record(work: number, durationMs: number): void {
    // Summing up both, not averaging their ratio: a tiny step must not count as much as a full one.
    const kept = Math.exp(-durationMs / HORIZON_MS);
    this.#work = this.#work * kept + work;
    this.#durationMs = this.#durationMs * kept + durationMs;
  }
}

/** A step with this share of the tokens that it could have shows what the backend can do; a small one is mostly overhead. */
const FULL_STEP_SHARE = 0.5;
/** How much faster than measured a prompt may turn out to be before anybody is told that there is no point in trying. */
const HOPE = 2;

export type StepTokens = {
  readonly computedTokens: number;
  /** Tokens that this step did not have to compute, because their KV was kept. */
  readonly restoredTokens: number;
};

/** What all steps achieve together, and what full ones do. */
export class Throughput {
  readonly #fullStepTokens: number;
  readonly #all = new ThroughputMeter();
  readonly #full = new ThroughputMeter();

  /** `maxTokens`: as many as one sequence can have in a step. */
  constructor(maxTokens: number) {
    this.#fullStepTokens = maxTokens * FULL_STEP_SHARE;
  }

  /**
   * Tokens that are done with, computed or restored: what waits is counted in whole prompts, too. Undefined until a step
   * with a measurable duration was recorded.
   */
  get tokensPerMs(): number | undefined {
    return this.#all.perMs;
  }

  record({ computedTokens, restoredTokens }: StepTokens, durationMs: number): void {
    this.#all.record(computedTokens + restoredTokens, durationMs);
    if (computedTokens >= this.#fullStepTokens) this.#full.record(computedTokens, durationMs);
  }

  /** Milliseconds that computing a prompt of this length takes at the very least; 0 until full steps were measured. */
  leastMsFor(tokens: number): number {
    return waitMs(tokens, this.#full.perMs) / HOPE;
  }
}
