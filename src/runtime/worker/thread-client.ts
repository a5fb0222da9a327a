/**
 * The main thread's end of a model on a thread: requests in, one result or error each out, whatever becomes of the thread. Knows
 * nothing of what the requests are.
 */
import { monotonicMs } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { RuntimeStats } from '../runtime.ts';
import { abandon, EXIT_PATIENCE_MS } from './abandoned-threads.ts';
import { abortError } from './abort-error.ts';
import type { CloseMode, MessageFromThread, MessageToThread, ThreadEvent } from './messages.ts';
import { PendingRequests } from './pending-requests.ts';
import type { ModelThread } from './start-thread.ts';
import { Watchdog } from './watchdog.ts';
import { fromWireError } from './wire-error.ts';

export type ThreadClientOptions<R> = {
  readonly onReport?: (report: R) => void;
  /** A thread that says nothing for so long is given up. Default 0: never. */
  readonly stepTimeoutMs?: number;
};

/** `closing` from the first call of `close` on; `ended` when nothing is served any more, for whatever reason. */
type State =
  | { readonly type: 'ready' }
  | { readonly type: 'closing'; readonly reason: string }
  | { readonly type: 'ended'; readonly reason: string };

/** For clients that are told `unavailable`: by then a load balancer has found another replica. */
const RETRY_AFTER_MS = 1_000;

export type AskOptions<P, F> = {
  /** Hears of the answer before it is whole; what it throws fails the request. */
  readonly onPart?: ((part: P) => void) | undefined;
  /** Makes what is to follow the request; called once that is on its way. What it throws fails the request. */
  readonly follow?: (() => F) | undefined;
};

/**
 * `Q`: what is asked, `A`: what is answered, `R`: what a step reports, `P`: what is told of an answer before it is whole, `F`: what
 * may follow a request.
 */
export class ThreadClient<Q, A, R, P = never, F = never> {
  /** Resolves with why, as soon as nothing is served any more. */
  readonly ended: Promise<string>;
  readonly #options: ThreadClientOptions<R>;
  readonly #thread: ModelThread;
  readonly #requests = new PendingRequests<A, P>();
  readonly #statsCalls = new Map<number, (stats: RuntimeStats) => void>();
  readonly #watchdog = new Watchdog();
  readonly #watch: NodeJS.Timeout | undefined;
  /** Resolves when the thread has ended and left nothing behind, or was abandoned. */
  readonly #gone: Promise<void>;
  #markEnded: (reason: string) => void = () => {};
  #markGone: () => void = () => {};
  #patience: NodeJS.Timeout | undefined;
  #state: State = { type: 'ready' };
  #unhealthyReason: string | undefined;
  #hasServed = false;
  /** Native objects that the thread did not release; known once it has closed. */
  #leakedHandles = 0;
  #nextId = 0;

  /** `thread`: with a model that is ready to serve. */
  constructor(thread: ModelThread, options: ThreadClientOptions<R>) {
    this.#thread = thread;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#markEnded = resolve;
    });
    this.#gone = new Promise((resolve) => {
      this.#markGone = resolve;
    });
    const { worker, port, name } = thread;
    worker.once('exit', (code) => this.#onExit(code));
    worker.on('error', (error) => this.#end(`${name} crashed: ${error.message}`));
    port.on('message', (message: MessageFromThread<A, R, P>) => this.#take(message));
    // Somebody's answer is lost, and there is no telling whose.
    port.on('messageerror', (error) => this.kill(`a message of ${name} is unreadable: ${error.message}`));
    const { stepTimeoutMs = 0 } = options;
    if (stepTimeoutMs > 0) {
      this.#watch = setInterval(() => this.#check(stepTimeoutMs), Watchdog.intervalMs(stepTimeoutMs)).unref();
    }
  }

  /** Undefined while requests are served and the last steps succeeded; else why not. */
  unreadyReason(): string | undefined {
    return this.#state.type === 'ready' ? this.#unhealthyReason : this.#state.reason;
  }

  /** True once a request was answered. */
  get hasServed(): boolean {
    return this.#hasServed;
  }

  /**
   * Ends exactly once. Rejects with what the thread refuses or fails the request with, with `cancelled` or
   * `deadline_exceeded` as soon as `signal` is aborted, and with `unavailable` when the thread closes, crashes or hangs.
   */
  async request(request: Q, signal: AbortSignal, { onPart, follow }: AskOptions<P, F> = {}): Promise<A> {
    if (this.#state.type !== 'ready') throw unavailable(this.#state.reason);
    if (signal.aborted) throw abortError(signal);
    const id = this.#nextId++;
    this.#send({ type: 'submit', id, request, submittedMs: monotonicMs() });
    const answer = this.#requests.add(id, { signal, onPart, onAbort: () => this.#send({ type: 'cancel', id }) });
    if (follow !== undefined) this.#follow(id, follow);
    return answer;
  }

  #follow(id: number, follow: () => F): void {
    try {
      this.#send({ type: 'follow', id, rest: follow() } as MessageToThread<Q, F>);
    } catch (thrown) {
      this.#requests.abort(id, GatewayError.from(thrown));
    }
  }

  /** Says that a request is about to come, so that the thread is awake by then. */
  expect(): void {
    if (this.#state.type === 'ready') this.#send({ type: 'expect' });
  }

  /** Asked of the thread, between two of its steps. Once it has ended, only what it leaked is not zero. */
  stats(): Promise<RuntimeStats> {
    if (this.#state.type === 'ended') return Promise.resolve(this.#finalStats());
    const id = this.#askStats();
    return new Promise((resolve) => this.#statsCalls.set(id, resolve));
  }

  /**
   * Refuses new requests; those under way are finished (`drain`) or end with `cancelled` (`abort`, which also cuts a
   * drain short). Resolves when the thread has ended and everything it held is released, or when it was given up. May be
   * called again.
   */
  close(mode: CloseMode = 'drain'): Promise<void> {
    if (this.#state.type !== 'ended') {
      this.#state = { type: 'closing', reason: `${this.#thread.name} is closing` };
      this.#send({ type: 'close', mode });
    }
    return this.#gone;
  }

  /** Ends everything at once with `unavailable`, and the thread as soon as it leaves native code. */
  kill(reason: string): void {
    this.#end(reason);
    void this.#thread.worker.terminate();
  }

  #take(message: MessageFromThread<A, R, P>): void {
    this.#watchdog.heard();
    switch (message.type) {
      case 'step':
        this.#unhealthyReason = message.unhealthyReason;
        for (const event of message.events) this.#hear(event);
        return;
      case 'reports':
        for (const report of message.reports) this.#options.onReport?.(report);
        return;
      case 'stats':
        this.#statsCalls.get(message.id)?.(message.stats);
        this.#statsCalls.delete(message.id);
        return;
      case 'closed':
        this.#leakedHandles = message.nativeHandles;
        this.#onClosed();
        return;
    }
  }

  #hear(event: ThreadEvent<A, P>): void {
    switch (event.type) {
      case 'partial':
        this.#requests.tell(event.id, event.part);
        return;
      case 'failed':
        this.#requests.fail(event.id, fromWireError(event.error));
        return;
      case 'finished':
        this.#hasServed = true;
        this.#requests.finish(event.id, event.result);
        return;
    }
  }

  #check(stepTimeoutMs: number): void {
    const verdict = this.#watchdog.tick();
    if (verdict === 'ask') this.#askStats();
    if (verdict === 'hangs') this.kill(`${this.#thread.name} hangs: it said nothing for ${stepTimeoutMs} ms`);
  }

  /** The first reason stays: after a crash the thread exits, too. */
  #end(reason: string): void {
    if (this.#state.type === 'ended') return;
    this.#state = { type: 'ended', reason };
    clearInterval(this.#watch);
    this.#patience = setTimeout(() => this.#abandon(), EXIT_PATIENCE_MS);
    this.#requests.failAll(unavailable(reason));
    for (const resolve of this.#statsCalls.values()) resolve(this.#finalStats());
    this.#statsCalls.clear();
    this.#markEnded(reason);
  }

  #onClosed(): void {
    this.#end(`${this.#thread.name} is closed`);
    void this.#thread.release().then(() => this.#leave());
  }

  #onExit(code: number): void {
    this.#end(`${this.#thread.name} exited with code ${code}`);
    this.#leave();
  }

  #abandon(): void {
    abandon(this.#thread.worker);
    this.#leave();
  }

  #leave(): void {
    clearTimeout(this.#patience);
    this.#thread.port.close();
    this.#markGone();
  }

  #finalStats(): RuntimeStats {
    return { activeRequests: 0, slotsInUse: 0, nativeHandles: this.#leakedHandles };
  }

  #askStats(): number {
    const id = this.#nextId++;
    this.#send({ type: 'stats', id });
    return id;
  }

  #send(message: MessageToThread<Q, F>): void {
    this.#thread.port.postMessage(message);
  }
}

function unavailable(reason: string): GatewayError {
  return new GatewayError('unavailable', reason, { retryAfterMs: RETRY_AFTER_MS });
}
