/** The end of a call: its deadline and the caller's own signal in one. */
import type { Clock } from './clock.ts';
import { LamClientError } from './errors.ts';

export type DeadlineOptions = {
  readonly clock: Clock;
  /** Undefined: none. */
  readonly timeoutMs: number | undefined;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
};

export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #endMs: number;
  readonly #source: AbortSignal | undefined;
  readonly #stopTimer: () => void;

  constructor({ clock, timeoutMs, signal }: DeadlineOptions) {
    this.#clock = clock;
    this.#source = signal;
    this.#endMs = timeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() + timeoutMs;
    const expire = () =>
      this.#controller.abort(new LamClientError('deadline_exceeded', `no answer in ${timeoutMs} ms`));
    this.#stopTimer = timeoutMs === undefined ? () => {} : clock.after(timeoutMs, expire);
    signal?.addEventListener('abort', this.#cancel);
    if (signal?.aborted) this.#cancel();
  }

  /** Aborted with the `LamClientError` to fail with. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Infinity: no deadline. */
  get remainingMs(): number {
    return this.#endMs - this.#clock.nowMs();
  }

  readonly #cancel = (): void => {
    this.#controller.abort(new LamClientError('cancelled', 'the caller gave up', { cause: this.#source?.reason }));
  };

  [Symbol.dispose](): void {
    this.#stopTimer();
    this.#source?.removeEventListener('abort', this.#cancel);
  }
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      stop();
      reject(signal.reason);
    };
    const stop = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
