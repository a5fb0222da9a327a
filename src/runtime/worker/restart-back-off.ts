/** How long to wait before a thread is started again: nothing to speak of the first time, then longer and longer. */

const FIRST_MS = 100;
/** Short enough that a thread which starts well serves again within three seconds, however often it ends. */
const LONGEST_AFTER_CRASH_MS = 1_600;
/** A model that cannot be loaded now will hardly be a second later. */
const LONGEST_AFTER_FAILED_START_MS = 10_000;

export class RestartBackOff {
  #nextMs = FIRST_MS;

  /** Milliseconds; each call doubles the next one's answer, up to a limit that depends on what went wrong last. */
  next(failure: 'crash' | 'failed start'): number {
    const longestMs = failure === 'crash' ? LONGEST_AFTER_CRASH_MS : LONGEST_AFTER_FAILED_START_MS;
    const delayMs = Math.min(this.#nextMs, longestMs);
    this.#nextMs = 2 * delayMs;
    return delayMs;
  }

  /** For a thread that answered a request: whatever ended it, waiting is no cure. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}
