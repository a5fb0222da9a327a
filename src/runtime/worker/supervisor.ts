/** Keeps a model's thread alive: one that crashes, exits or hangs is replaced. Knows nothing of what the thread does. */
import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError } from '../errors.ts';
import type { RuntimeStats } from '../runtime.ts';
import { abandonedThreads } from './abandoned-threads.ts';
import type { CloseMode } from './messages.ts';
import { RestartBackOff } from './restart-back-off.ts';

/** What is supervised: the main thread's end of a thread. */
export interface Supervised {
  /** Resolves with why, as soon as nothing is served any more. */
  readonly ended: Promise<string>;
  /** True once a request was answered. */
  readonly hasServed: boolean;
  /** Undefined while requests are served and the last steps succeeded; else why not. */
  unreadyReason(): string | undefined;
  stats(): Promise<RuntimeStats>;
  /** Resolves when the thread has ended, or was given up. */
  close(mode: CloseMode): Promise<void>;
}

export type SupervisorOptions<C extends Supervised> = {
  /** Loads and starts; rejects, with nothing left behind, when `signal` is aborted. */
  readonly start: (signal: AbortSignal) => Promise<C>;
  /** Called when a thread has ended that should not have. */
  readonly onFailure?: (reason: string) => void;
  /** Called when another one serves in its place. */
  readonly onRestart?: () => void;
};

/** Each holds memory that is not given back; with so many, only a new process helps, and starting more threads would do harm. */
const MAX_ABANDONED_THREADS = 4;

/** For clients that are told `unavailable`: by then it serves again, if it can. */
const RETRY_AFTER_MS = 1_000;

type State<C> =
  | { readonly type: 'serving'; readonly client: C }
  | { readonly type: 'restarting'; readonly reason: string }
  | { readonly type: 'closed' };

export class Supervisor<C extends Supervised> implements AsyncDisposable {
  readonly #options: SupervisorOptions<C>;
  readonly #backOff = new RestartBackOff();
  /** Aborted by `close`. */
  readonly #closing = new AbortController();
  /** The restart under way, if there is one. */
  #restart: Promise<void> | undefined;
  #state: State<C>;

  /** Rejects with what `options.start` rejects with: the first start is not repeated. */
  static async start<C extends Supervised>(
    options: SupervisorOptions<C>,
    signal?: AbortSignal,
  ): Promise<Supervisor<C>> {
    return new Supervisor(options, await options.start(signal ?? new AbortController().signal));
  }

  private constructor(options: SupervisorOptions<C>, client: C) {
    this.#options = options;
    this.#state = { type: 'serving', client };
    this.#watch(client);
  }

  /** The one that serves. Throws `unavailable` with the reason while there is none. */
  get client(): C {
    if (this.#state.type === 'serving') return this.#state.client;
    const reason = this.#state.type === 'closed' ? 'the model is closed' : this.#state.reason;
    throw new GatewayError('unavailable', reason, { retryAfterMs: RETRY_AFTER_MS });
  }

  /** `failed`: it serves, but its backend computes nothing. */
  status(): { readonly state: 'ready' | 'restarting' | 'failed'; readonly reason: string } {
    switch (this.#state.type) {
      case 'serving': {
        const reason = this.#state.client.unreadyReason();
        return reason === undefined ? { state: 'ready', reason: '' } : { state: 'failed', reason };
      }
      case 'restarting':
        return { state: 'restarting', reason: this.#state.reason };
      case 'closed':
        return { state: 'failed', reason: 'the model is closed' };
    }
  }

  async stats(): Promise<RuntimeStats> {
    if (this.#state.type === 'serving') return this.#state.client.stats();
    return { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 };
  }

  /** As {@link Supervised.close}; also ends a restart. May be called again, to cut a drain short. */
  async close(mode: CloseMode): Promise<void> {
    this.#closing.abort();
    await this.#restart;
    if (this.#state.type === 'serving') await this.#state.client.close(mode);
    this.#state = { type: 'closed' };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close('abort');
  }

  #watch(client: C): void {
    void client.ended.then((reason) => {
      if (this.#closing.signal.aborted) return;
      this.#state = { type: 'restarting', reason };
      if (client.hasServed) this.#backOff.reset();
      this.#restart = this.#replace(client);
      this.#options.onFailure?.(reason);
    });
  }

  /** Never rejects; ends without a replacement only when this closes. */
  async #replace(old: C): Promise<void> {
    const { signal } = this.#closing;
    // Its memory first, before the same is asked for once more.
    await old.close('abort');
    for (let failure: 'crash' | 'failed start' = 'crash'; !signal.aborted; failure = 'failed start') {
      try {
        await delay(this.#backOff.next(failure), undefined, { signal });
        checkAbandoned();
        const client = await this.#options.start(signal);
        this.#state = { type: 'serving', client };
        this.#watch(client);
        if (!signal.aborted) this.#options.onRestart?.();
        return;
      } catch (thrown) {
        this.#state = { type: 'restarting', reason: GatewayError.from(thrown).message };
      }
    }
  }
}

function checkAbandoned(): void {
  const count = abandonedThreads();
  if (count < MAX_ABANDONED_THREADS) return;
  throw new GatewayError('unavailable', `${count} threads hang in native code; the process must be started again`);
}
