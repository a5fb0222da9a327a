/** The main thread's end of an engine thread: requests in, one result or error each out, whatever becomes of the thread. */
import type { Worker } from 'node:worker_threads';
import { monotonicMs } from '../clock.ts';
import type { GenerateRequest, GenerateResult } from '../engine/generate.ts';
import { GatewayError } from '../errors.ts';
import type { RuntimeObserver } from '../observer.ts';
import type { RuntimeStats } from '../runtime.ts';
import { abortError } from './abort-error.ts';
import { startEngineThread } from './engine-thread.ts';
import type { CloseMode, EngineWorkerData, MessageFromEngine, MessageToEngine, WireEvent } from './messages.ts';
import { PendingRequests } from './pending-requests.ts';
import { fromWireError } from './wire-error.ts';

export type EngineClientOptions = EngineWorkerData & {
  /** Names for the reports to the observer. */
  readonly model: string;
  readonly version: string;
  readonly observer?: RuntimeObserver;
};

/** `closing` from the first call of `close` on; `ended` with the thread, however it ended. */
type State =
  | { readonly type: 'ready' }
  | { readonly type: 'closing'; readonly reason: string }
  | { readonly type: 'ended'; readonly reason: string };

/** For clients that are told `unavailable`: by then a load balancer has found another replica. */
const RETRY_AFTER_MS = 1_000;

export class EngineClient implements AsyncDisposable {
  readonly #options: EngineClientOptions;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #requests = new PendingRequests();
  readonly #statsCalls = new Map<number, (stats: RuntimeStats) => void>();
  #state: State = { type: 'ready' };
  #unhealthyReason: string | undefined;
  /** Native objects that the thread did not release; known once it has closed. */
  #leakedHandles = 0;
  #nextId = 0;

  /** Starts an engine thread; see {@link startEngineThread} for when it resolves and rejects. */
  static async start(options: EngineClientOptions, signal?: AbortSignal): Promise<EngineClient> {
    const { runner, tokenBytes, scheduler } = options;
    return new EngineClient(await startEngineThread({ runner, tokenBytes, scheduler }, signal), options);
  }

  private constructor(worker: Worker, options: EngineClientOptions) {
    this.#worker = worker;
    this.#options = options;
    this.#exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        const isClosed = this.#state.type === 'closing' && code === 0;
        this.#end(isClosed ? 'the engine is closed' : `the engine thread exited with code ${code}`);
        resolve();
      });
    });
    worker.on('message', (message: MessageFromEngine) => this.#take(message));
    worker.on('error', (error) => this.#end(`the engine thread crashed: ${error.message}`));
    worker.on('messageerror', (error) => {
      // Somebody's answer is lost, and there is no telling whose.
      this.#end(`a message of the engine thread is unreadable: ${error.message}`);
      void worker.terminate();
    });
  }

  /** Undefined while requests are served and the last steps succeeded; else why not. */
  unreadyReason(): string | undefined {
    return this.#state.type === 'ready' ? this.#unhealthyReason : this.#state.reason;
  }

  /**
   * Ends exactly once. Rejects with what the engine refuses or fails the request with, with `cancelled` or
   * `deadline_exceeded` as soon as `signal` is aborted, and with `unavailable` when the thread closes or crashes.
   */
  async generate(request: GenerateRequest, signal: AbortSignal): Promise<GenerateResult> {
    if (this.#state.type !== 'ready') throw unavailable(this.#state.reason);
    if (signal.aborted) throw abortError(signal);
    const id = this.#nextId++;
    this.#send({ type: 'submit', id, request, submittedMs: monotonicMs() });
    return this.#requests.add(id, signal, () => this.#send({ type: 'cancel', id }));
  }

  /** Asked of the thread, between two of its steps. Once it has ended, only what it leaked is not zero. */
  stats(): Promise<RuntimeStats> {
    if (this.#state.type === 'ended') return Promise.resolve(this.#finalStats());
    const id = this.#nextId++;
    this.#send({ type: 'stats', id });
    return new Promise((resolve) => this.#statsCalls.set(id, resolve));
  }

  /**
   * Refuses new requests; those under way are finished (`drain`) or end with `cancelled` (`abort`, which also cuts a
   * drain short). Resolves when the thread has ended and everything it held is released. May be called again.
   */
  close(mode: CloseMode = 'drain'): Promise<void> {
    if (this.#state.type !== 'ended') {
      this.#state = { type: 'closing', reason: 'the engine is closing' };
      this.#send({ type: 'close', mode });
    }
    return this.#exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close('abort');
  }

  #take(message: MessageFromEngine): void {
    switch (message.type) {
      case 'step': {
        const { model, version, observer } = this.#options;
        this.#unhealthyReason = message.unhealthyReason;
        for (const event of message.events) this.#settle(event);
        if (message.report !== undefined) observer?.onStep({ model, version, ...message.report });
        return;
      }
      case 'stats':
        this.#statsCalls.get(message.id)?.(message.stats);
        this.#statsCalls.delete(message.id);
        return;
      case 'closed':
        this.#leakedHandles = message.nativeHandles;
        return;
    }
  }

  #settle(event: WireEvent): void {
    if (event.type === 'failed') this.#requests.fail(event.id, fromWireError(event.error));
    else this.#requests.finish(event.id, event.result);
  }

  /** The first reason stays: after a crash the thread exits, too. */
  #end(reason: string): void {
    if (this.#state.type === 'ended') return;
    this.#state = { type: 'ended', reason };
    this.#requests.failAll(unavailable(reason));
    for (const resolve of this.#statsCalls.values()) resolve(this.#finalStats());
    this.#statsCalls.clear();
  }

  #finalStats(): RuntimeStats {
    return { activeRequests: 0, slotsInUse: 0, nativeHandles: this.#leakedHandles };
  }

  #send(message: MessageToEngine): void {
    this.#worker.postMessage(message);
  }
}

function unavailable(reason: string): GatewayError {
  return new GatewayError('unavailable', reason, { retryAfterMs: RETRY_AFTER_MS });
}
