/** A token bucket: so many at once, so many in the long run. Time is an argument. */

export type Rate = {
  readonly perMinute: number;
  /** Most tokens that a pause saves up. */
  readonly burst: number;
};

/** What a token costs. In this unit whole milliseconds add up without rounding. */
const COST = 60_000;

export class TokenBucket {
  readonly #rate: Rate;
  /** A token for each `COST`. */
  #credit: number;
  #atMs: number;

  /** Full. */
  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#credit = rate.burst * COST;
    this.#atMs = nowMs;
  }

  /** Takes one if there is one: 0. Else takes none and says after how many milliseconds there will be one. */
  take(nowMs: number): number {
    const { perMinute, burst } = this.#rate;
    // A clock that goes back gives nothing, and nothing twice.
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs += passedMs;
    this.#credit = Math.min(burst * COST, this.#credit + passedMs * perMinute);
    if (this.#credit < COST) return Math.ceil((COST - this.#credit) / perMinute);
    this.#credit -= COST;
    return 0;
  }
}
