/** One request from arrival to answer: its id, its deadline, and the one signal that ends it early. */
import { randomUUID } from 'node:crypto';
import { GatewayError, monotonicMs } from '../runtime/index.ts';

export type ScopeOptions = {
  /** Milliseconds that the client gave; undefined: the default. */
  readonly timeoutMs: number | undefined;
  /** Undefined: no deadline but the client's own. */
  readonly deadlines: DeadlineLimits | undefined;
  /** Ends the request with the signal's reason. */
  readonly endSignal: AbortSignal;
};

export type DeadlineLimits = {
  /** For requests that name no deadline. */
  readonly defaultDeadlineMs: number;
  /** No request runs longer, whatever it asks for. */
  readonly maxDeadlineMs: number;
};

const UNLIMITED: DeadlineLimits = {
  defaultDeadlineMs: Number.POSITIVE_INFINITY,
  maxDeadlineMs: Number.POSITIVE_INFINITY,
};
/** Node fires longer timers at once. Nobody waits for 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class RequestScope implements Disposable {
  /** The client's own once it is known, else one made here. */
  requestId: string = randomUUID();
  /** Point on `monotonicMs`; Infinity: none. */
  readonly deadlineMs: number;
  readonly #durationMs: number;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #endSignal: AbortSignal;
  #isOver = false;

  constructor({ timeoutMs, deadlines, endSignal }: ScopeOptions) {
    const { defaultDeadlineMs, maxDeadlineMs } = deadlines ?? UNLIMITED;
    this.#durationMs = Math.max(0, Math.min(timeoutMs ?? defaultDeadlineMs, maxDeadlineMs));
    this.deadlineMs = monotonicMs() + this.#durationMs;
    if (this.#durationMs <= LONGEST_TIMER_MS) this.#timer = setTimeout(this.expire, this.#durationMs);
    this.#endSignal = endSignal;
    // NOTE: not AbortSignal.any, which on Node 20 keeps every composed signal as long as the long-lived source lives.
    endSignal.addEventListener('abort', this.#onEnd);
    if (endSignal.aborted) this.#onEnd();
  }

  /** Aborted with a `GatewayError` as its reason: the error to answer with. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The client has gone or has cancelled. */
  readonly cancel = (): void => {
    this.#end(() => new GatewayError('cancelled', 'the client cancelled the request'));
  };

  /** The deadline has passed by someone's clock, the client's or ours. */
  readonly expire = (): void => {
    this.#end(() => new GatewayError('deadline_exceeded', `no answer within ${Math.round(this.#durationMs)} ms`));
  };

  readonly #onEnd = (): void => this.#controller.abort(this.#endSignal.reason);

  /** Transports report the end of every call, of those that were answered too: no error is made for nobody. */
  #end(reason: () => GatewayError): void {
    if (!this.#isOver && !this.signal.aborted) this.#controller.abort(reason());
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#endSignal.removeEventListener('abort', this.#onEnd);
  }
}

/** The promise, or the signal's reason as soon as it is aborted. What the promise does later is of no interest. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
