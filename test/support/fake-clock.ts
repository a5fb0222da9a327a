/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/client/clock.ts';

type Timer = { readonly atMs: number; readonly action: () => void };

export class FakeClock implements Clock {
  #nowMs = 0;
  #timers: readonly Timer[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, action };
    this.#timers = [...this.#timers, timer];
    return () => {
      this.#timers = this.#timers.filter((candidate) => candidate !== timer);
    };
  }

  /** Timers that have neither fired nor been taken back. */
  get numTimers(): number {
    return this.#timers.length;
  }

  /** Fires what becomes due, in order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#nowMs = next.atMs;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.action();
      await settled();
    }
    this.#nowMs = endMs;
    await settled();
  }

  /** Moves from timer to timer until `promise` settles. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const done = () => {
      isSettled = true;
    };
    promise.then(done, done);
    await settled();
    while (!isSettled) {
      const next = Math.min(...this.#timers.map(({ atMs }) => atMs));
      if (!Number.isFinite(next)) throw new Error('nothing is left to wait for');
      await this.advance(next - this.#nowMs);
    }
    return promise;
  }
}

/** Once everything that can go on without time passing has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
