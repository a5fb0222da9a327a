/** The composition root: builds every part of a gateway, connects them, and takes them down in order. */
import type { Logger } from 'pino';
import { openRuntime, type Runtime, type RuntimeObserver } from '../runtime/index.ts';
import { Actions } from './actions.ts';
import { Admission } from './admission.ts';
import type { Config } from './config.ts';
import { GrpcServer } from './grpc/server.ts';
import { HttpServer } from './http/server.ts';
import { Lifecycle } from './lifecycle.ts';
import { Metrics } from './metrics.ts';
import { packageVersion } from './package-root.ts';
import type { ServerContext } from './server-context.ts';

export type GatewayOptions = {
  readonly logger: Logger;
  /** Served instead of the models in `config.modelsDir`, or opens what is. Disposed by a gateway that is ready, at close. */
  readonly runtime?: Runtime | ((observer: RuntimeObserver) => Promise<Runtime>);
};

/** `timed_out`: requests were cut off. */
export type CloseResult = 'drained' | 'timed_out';

/**
 * Listens at once, so that probes see the gateway starting, and resolves when the models are loaded and it is ready.
 * Throws if an address cannot be bound or a model does not load; nothing stays behind then.
 */
export async function createGateway(config: Config, options: GatewayOptions): Promise<Gateway> {
  const gateway = new Gateway(config, options.logger);
  try {
    await gateway.start(options.runtime ?? ((observer) => openRuntime({ ...config, observer })));
    return gateway;
  } catch (error) {
    await gateway.close({ timeoutMs: 0 });
    throw error;
  }
}

export class Gateway implements AsyncDisposable {
  readonly #config: Config;
  readonly #lifecycle = new Lifecycle();
  readonly #admission = new Admission({ maxRequests: 1, concurrency: 1 });
  readonly #metrics: Metrics;
  readonly #http: HttpServer;
  readonly #grpc: GrpcServer;
  #closing: Promise<CloseResult> | undefined;
  /** `host:port` that was bound; empty before. */
  httpAddress = '';
  grpcAddress = '';

  constructor(config: Config, logger: Logger) {
    const lifecycle = this.#lifecycle;
    const admission = this.#admission;
    const metrics = new Metrics({
      version: packageVersion(),
      modelNames: () => (lifecycle.runtime?.models() ?? []).map((model) => model.name),
      unreadyReason: () => lifecycle.unreadyReason(),
      requestsInFlight: () => admission.inFlight,
    });
    const { defaultModel, maxControls } = config;
    const actions = new Actions({ lifecycle, admission, metrics, defaultModel, logger, limits: { maxControls } });
    const context: ServerContext = { actions, lifecycle, metrics, limits: config };
    this.#config = config;
    this.#metrics = metrics;
    this.#http = new HttpServer(context);
    this.#grpc = new GrpcServer(context);
  }

  get requestsInFlight(): number {
    return this.#admission.inFlight;
  }

  async start(runtime: NonNullable<GatewayOptions['runtime']>): Promise<void> {
    const { host, httpPort, grpcPort, slots, queueRequests } = this.#config;
    this.httpAddress = await this.#http.listen(host, httpPort);
    this.grpcAddress = await this.#grpc.listen(host, grpcPort);
    const loaded = typeof runtime === 'function' ? await runtime(this.#metrics) : runtime;
    const engines = loaded.models().filter((model) => model.role === 'action').length;
    this.#admission.resize({ maxRequests: engines * (slots + queueRequests), concurrency: engines * slots });
    this.#lifecycle.markReady(loaded);
  }

  /**
   * Refuses new requests, lets those under way finish for at most `timeoutMs`, then ends them, and releases everything.
   * A second call waits for the first.
   */
  close({ timeoutMs }: { readonly timeoutMs: number }): Promise<CloseResult> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  /** Closing with no patience. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ timeoutMs: 0 });
  }

  async #close(timeoutMs: number): Promise<CloseResult> {
    this.#lifecycle.markDraining();
    const drained = await settlesWithin(this.#admission.idle(), timeoutMs);
    this.#lifecycle.abortRequests();
    await this.#admission.idle();
    // Both listen until here, so that a client which comes late is told to go elsewhere.
    await Promise.all([this.#http.close(), this.#grpc.close()]);
    await this.#lifecycle.runtime?.[Symbol.asyncDispose]();
    this.#lifecycle.markClosed();
    return drained ? 'drained' : 'timed_out';
  }
}

async function settlesWithin(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([promise.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
