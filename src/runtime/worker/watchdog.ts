/**
 * Owns the judgement whether a thread hangs, from what it says and nothing else. It counts its own ticks and reads no clock: while
 * the main thread is blocked, and could not have heard anything, there are none.
 */

/** Ticks per time limit; so a thread is found to hang after the limit at the earliest, and a quarter later at the latest. */
const TICKS_PER_LIMIT = 8;

export class Watchdog {
  /** Since the thread was asked, and silent: undefined when nothing is asked of it. */
  #silentTicks: number | undefined;

  /** Milliseconds between two calls of `tick`, for a limit in milliseconds. */
  static intervalMs(limitMs: number): number {
    return Math.max(1, Math.ceil(limitMs / TICKS_PER_LIMIT));
  }

  /** Anything that the thread says is a sign of life. */
  heard(): void {
    this.#silentTicks = undefined;
  }

  /** `ask`: something must be asked of the thread now, which it answers between two steps. `hangs`: it did not answer. */
  tick(): 'wait' | 'ask' | 'hangs' {
    if (this.#silentTicks === undefined) {
      this.#silentTicks = 0;
      return 'ask';
    }
    this.#silentTicks += 1;
    return this.#silentTicks > TICKS_PER_LIMIT ? 'hangs' : 'wait';
  }
}
