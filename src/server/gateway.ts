/** The composition root: builds every part of a gateway, connects them, and takes them down in order. */
import type { Logger } from 'pino';
import {
  GatewayError,
  InvariantError,
  type MemoryBudget,
  openRuntime,
  type Runtime,
  type RuntimeObserver,
} from '../runtime/index.ts';
import { Admission, type AdmissionLimits } from './admission.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import type { Origin, Services } from './call.ts';
import { type Config, ConfigError } from './config.ts';
import { Dispatcher } from './dispatcher.ts';
import { RequestMemory } from './episodes/request-memory.ts';
import { GrpcServer } from './grpc/server.ts';
import type { Hooks } from './hooks.ts';
import { HttpServer } from './http/server.ts';
import { ConfiguredLabels } from './labels/configured-labels.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Exposition } from './metrics/exposition.ts';
import { Observability } from './observability.ts';
import { packageVersion } from './package-root.ts';
import { PolicyError } from './policy/policy-file.ts';
import { policyHook } from './policy/policy-hook.ts';
import { PolicyStore } from './policy/policy-store.ts';
import { keysThatNeedRestart } from './reload/changed-keys.ts';
import { type Reloadable, Reloads } from './reload/reloads.ts';
import { rpcs } from './rpcs.ts';
import { Security } from './security/security.ts';
import type { ServerContext } from './server-context.ts';
import type { StartupProgress } from './startup-progress.ts';

export type GatewayOptions = {
  readonly logger: Logger;
  /** Served instead of the models in `config.modelsDir`, or opens what is. Disposed by a gateway that is ready, at close. */
  readonly runtime?: Runtime | ((observer: RuntimeObserver) => Promise<Runtime>);
  /** Told at the beginning where to look for what the start waits for. */
  readonly onStart?: (progress: StartupProgress) => void;
  /** Listens nowhere and asks nobody for a credential: for a command that uses `ask`. Default false. */
  readonly isLocal?: boolean;
};

/** `timed_out`: requests were cut off. */
export type CloseResult = 'drained' | 'timed_out';

/**
 * Listens at once, so that probes see the gateway starting, and resolves when the models are loaded and it is ready.
 * Throws {@link ConfigError} if a file that the configuration names is not acceptable, something else if an address cannot be bound
 * or a model does not load; nothing stays behind then.
 */
export async function createGateway(config: Config, options: GatewayOptions): Promise<Gateway> {
  const gateway = construct(config, options);
  try {
    const blockTokens = config.kvBlockTokens;
    await gateway.start(options.runtime ?? ((observer) => openRuntime({ ...config, blockTokens, observer })));
    return gateway;
  } catch (error) {
    await gateway.close({ timeoutMs: 0 });
    throw error;
  }
}

/** Building the parts opens nothing and asks nobody: it reads policy, keys, certificates and secrets, whose errors name the file. */
function construct(config: Config, options: GatewayOptions): Gateway {
  try {
    return new Gateway(config, options);
  } catch (error) {
    if (error instanceof PolicyError) throw new ConfigError(error.problems);
    // Errors of a kind of their own, such as a TypeError, are bugs.
    if (error instanceof GatewayError || (error instanceof Error && error.constructor === Error)) {
      throw new ConfigError([error.message], { cause: error });
    }
    throw error;
  }
}

export class Gateway implements AsyncDisposable {
  readonly #config: Config;
  readonly #lifecycle = new Lifecycle();
  readonly #admission = new Admission(() => this.#admissionLimits());
  readonly #observability: Observability;
  readonly #dispatcher: Dispatcher;
  readonly #labels = new ConfiguredLabels();
  readonly #reloads: Reloads<Config>;
  readonly #logger: Logger;
  readonly #isLocal: boolean;
  /** Of what may be done; `reload` reads its file anew. */
  readonly policies: PolicyStore;
  readonly audit: AuditTrail;
  readonly #requestMemory: RequestMemory;
  readonly #http: HttpServer;
  readonly #grpc: GrpcServer;
  readonly security: Security;
  #closing: Promise<CloseResult> | undefined;
  /** `host:port` that was bound; empty before. */
  httpAddress = '';
  grpcAddress = '';

  constructor(config: Config, { logger, onStart, isLocal = false }: Omit<GatewayOptions, 'runtime'>) {
    const lifecycle = this.#lifecycle;
    const admission = this.#admission;
    const memory = new RequestMemory(config, logger);
    const { episodes, predictHook } = memory;
    this.policies = new PolicyStore(config.policyFile);
    this.audit = new AuditTrail(config, { logger, version: packageVersion() });
    const security = new Security({ config, logger });
    const observed = { lifecycle, admission, episodes, audit: this.audit, security };
    const observability = new Observability(config, logger, observed);
    const { metrics, startup } = observability;
    // Each list in the order in which its members take part.
    const hooks: Hooks = {
      gates: isLocal ? [] : [security.gate],
      wrappers: [...memory.wrappers, this.audit.wrapper],
      observers: [security.observer, ...observability.observers],
    };
    const predictHooks = [policyHook(this.policies), predictHook, this.audit.predictHook, observability.predictHook];
    const services: Services = { lifecycle, limits: config, episodes, predictHooks };
    const dispatcher = new Dispatcher({ rpcs, services, hooks, admission, deadlines: config, logger });
    const context: ServerContext = { rpcs, dispatcher, lifecycle, metrics, startup, security, logger, limits: config };
    this.#config = config;
    this.security = security;
    this.#observability = observability;
    this.#dispatcher = dispatcher;
    this.#logger = logger;
    this.#isLocal = isLocal;
    this.#reloads = new Reloads({ parts: this.#reloadableParts(), logger, onReload: metrics.onReload.bind(metrics) });
    metrics.expectReloads(['config', ...this.#reloadableParts().map(({ name }) => name)]);
    this.#requestMemory = memory;
    this.#http = new HttpServer(context);
    this.#grpc = new GrpcServer(context);
    onStart?.(startup);
  }

  get requestsInFlight(): number {
    return this.#admission.inFlight;
  }

  /** As a scraper that asks for no format gets them. */
  metrics(): Promise<Exposition> {
    return this.#observability.metrics.expose();
  }

  /** What the loaded models take; undefined while they load. */
  memory(): MemoryBudget | undefined {
    return this.#lifecycle.runtime?.memory();
  }

  async start(runtime: NonNullable<GatewayOptions['runtime']>): Promise<void> {
    const { host, httpPort, grpcPort, labels } = this.#config;
    if (!this.#isLocal) {
      this.httpAddress = await this.#http.listen(host, httpPort).catch(blame('httpPort'));
      this.grpcAddress = await this.#grpc.listen(host, grpcPort).catch(blame('grpcPort'));
    }
    await this.#requestMemory.start();
    await this.audit.start();
    const observer = this.#observability.runtimeObserver();
    const loaded = typeof runtime === 'function' ? await runtime(observer) : runtime;
    try {
      await this.#labels.apply(labels, loaded);
    } catch (error) {
      await loaded[Symbol.asyncDispose]();
      throw error;
    }
    this.#lifecycle.markReady(loaded);
    this.#observability.onReady();
  }

  /** A unary rpc from within the process, by its name; throws `GatewayError` like one from outside. */
  ask(name: string, message: object): Promise<object> {
    const rpc = rpcs.find((candidate) => candidate.name === name);
    if (rpc?.kind !== 'unary') throw new InvariantError(`${name} is no unary rpc`);
    const origin: Origin = { protocol: 'http', header: () => undefined, peer: '' };
    return this.#dispatcher.unary(rpc, this.#dispatcher.begin(rpc, { timeoutMs: undefined, origin }), () => message);
  }

  /**
   * Puts in force what has changed in the configuration (`read` reads it again) and in the files that it names, part by part: a
   * part that is not acceptable stays as it was. Resolves with the parts for which that is so.
   */
  async reload(read: () => Config): Promise<readonly string[]> {
    let config = this.#config;
    const isRead = await this.#reloads.report('config', () => {
      config = read();
    });
    const keys = keysThatNeedRestart(this.#config, config);
    if (keys.length > 0) this.#logger.warn({ event: 'restart_needed', keys });
    return [...(isRead ? [] : ['config']), ...(await this.#reloads.run(config))];
  }

  /** In the order in which they are read again. */
  #reloadableParts(): readonly Reloadable<Config>[] {
    return [
      ...this.security.reloadables,
      { name: 'policy', reload: () => this.policies.reload() },
      { name: 'labels', reload: ({ labels }) => this.#labels.apply(labels, this.#lifecycle.requireRuntime()) },
    ];
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

  /** Each loaded version has an engine with slots and a queue of its own. */
  #admissionLimits(): AdmissionLimits {
    const { slots, queueRequests, maxQueueMs } = this.#config;
    const engines = Math.max(1, this.#lifecycle.runtime?.models().length ?? 0);
    return { maxRequests: engines * (slots + queueRequests), slots, concurrency: engines * slots, maxQueueMs };
  }

  async #close(timeoutMs: number): Promise<CloseResult> {
    this.#lifecycle.markDraining();
    const drained = await settlesWithin(this.#admission.idle(), timeoutMs);
    this.#lifecycle.abortRequests();
    await this.#admission.idle();
    // Both listen until here, so that a client which comes late is told to go elsewhere.
    await Promise.all([this.#http.close(), this.#grpc.close()]);
    await this.#lifecycle.runtime?.[Symbol.asyncDispose]();
    await this.#requestMemory[Symbol.asyncDispose]();
    await this.audit[Symbol.asyncDispose]();
    await this.#observability[Symbol.asyncDispose]();
    this.#lifecycle.markClosed();
    return drained ? 'drained' : 'timed_out';
  }
}

/** What to do with an error of listening: it says which key of the configuration it is about. */
function blame(portKey: 'httpPort' | 'grpcPort'): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    const isHost = cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND';
    throw new Error(`${isHost ? 'host' : portKey}: ${cause.message}`, { cause });
  };
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
