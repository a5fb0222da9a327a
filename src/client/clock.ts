/** Time as an argument, so that tests need not wait. */

export interface Clock {
  /** Milliseconds on a scale that only grows. */
  nowMs(): number;
  /** Calls `action` once, later; what is returned takes that back. */
  after(ms: number, action: () => void): () => void;
}

/** Timers fire at once when they are longer. Nobody waits for 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(ms, action) {
    if (ms > LONGEST_TIMER_MS) return () => {};
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
