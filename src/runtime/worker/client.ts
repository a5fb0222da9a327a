/** The main thread's end of an engine thread. */
import type { EngineReport } from '../engine/engine-report.ts';
import type { GenerateResult, OpenRequest } from '../engine/generate.ts';
import type { Grammar } from '../grammar/grammar.ts';
import type { RuntimeObserver } from '../observer.ts';
import type { RuntimeStats } from '../runtime.ts';
import type { CloseMode, EngineWorkerData } from './messages.ts';
import { createNativeLedger } from './native-ledger.ts';
import { type PackedGrammar, type PackedRequest, packGrammar, packRequest } from './packed-request.ts';
import { startThread, type ThreadSource } from './start-thread.ts';
import { ThreadClient } from './thread-client.ts';
import type { ThreadPool } from './thread-pool.ts';

// The compiled entry: a URL is not rewritten on emit as imports are, and only compiled code ever runs.
const ENTRY = new URL('./entry.js', import.meta.url);
const NAME = 'the engine thread';

export type EngineClientOptions = Omit<EngineWorkerData, 'ledger'> & {
  /** Names for the reports to the observer. */
  readonly model: string;
  readonly version: string;
  readonly observer?: RuntimeObserver;
  /** A thread that says nothing for so long is given up: longer than any step. Default 0: never. */
  readonly stepTimeoutMs?: number;
  /** Where the thread comes from. Default: it is a new one. */
  readonly threads?: ThreadPool;
};

export type GenerateOptions = {
  /** Hears what a request with `tellsChoice` is told. */
  readonly onChoice?: ((beginning: Int32Array) => void) | undefined;
  /** Builds the grammar of a request without one, while its prompt is being computed. */
  readonly grammar?: (() => Grammar) | undefined;
};

type EngineThread = ThreadClient<PackedRequest, GenerateResult, EngineReport, Int32Array, PackedGrammar>;

export class EngineClient implements AsyncDisposable {
  /** Resolves with why, as soon as nothing is served any more. */
  readonly ended: Promise<string>;
  readonly #thread: EngineThread;

  /** Starts an engine thread; see {@link startThread} for when it resolves and rejects. */
  static async start(options: EngineClientOptions, signal?: AbortSignal): Promise<EngineClient> {
    const { model, version, observer, threads, stepTimeoutMs = 0, ...data } = options;
    const { runner } = data;
    const native = runner.type === 'decoder' ? await createNativeLedger(runner.options.libraryPath) : undefined;
    const workerData: EngineWorkerData = { ...data, ...(native !== undefined && { ledger: native.ledger }) };
    const source: ThreadSource = {
      name: NAME,
      entry: ENTRY,
      data: workerData,
      ...(threads !== undefined && { threads }),
      ...(native !== undefined && { onExit: native.reclaim }),
    };
    const thread = await startThread(source, signal);
    return new EngineClient(
      new ThreadClient(thread, {
        stepTimeoutMs,
        onReport: (report) => observer?.onStep({ model, version, ...report }),
      }),
    );
  }

  private constructor(thread: EngineThread) {
    this.#thread = thread;
    this.ended = thread.ended;
  }

  /** See {@link ThreadClient.unreadyReason}. */
  unreadyReason(): string | undefined {
    return this.#thread.unreadyReason();
  }

  get hasServed(): boolean {
    return this.#thread.hasServed;
  }

  /** See {@link ThreadClient.expect}. */
  expect(): void {
    this.#thread.expect();
  }

  /** See {@link ThreadClient.request}. */
  generate(
    request: OpenRequest,
    signal: AbortSignal,
    { onChoice, grammar }: GenerateOptions = {},
  ): Promise<GenerateResult> {
    const follow = grammar && (() => packGrammar(grammar()));
    return this.#thread.request(packRequest(request), signal, { onPart: onChoice, follow });
  }

  /** See {@link ThreadClient.stats}. */
  stats(): Promise<RuntimeStats> {
    return this.#thread.stats();
  }

  /** See {@link ThreadClient.close}. */
  close(mode: CloseMode = 'drain'): Promise<void> {
    return this.#thread.close(mode);
  }

  /** See {@link ThreadClient.kill}. */
  kill(reason: string): void {
    this.#thread.kill(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close('abort');
  }
}
