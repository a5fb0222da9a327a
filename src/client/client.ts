/** The client: one typed method per method of the gateway. */
import { Caller, type CallOptions } from './caller.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Health } from './endpoint-health.ts';
import { Endpoints } from './endpoints.ts';
import { Episode, type EpisodeOptions } from './episode.ts';
import type {
  EndEpisodeRequest,
  EpisodeRecord,
  GetEpisodeRequest,
  ReportOutcomeRequest,
  ReportOutcomeResponse,
  RollbackEpisodeRequest,
  RollbackEpisodeResponse,
} from './episode-messages.ts';
import { LamClientError } from './errors.ts';
import { httpTransport } from './http.ts';
import type {
  PredictActionRequest,
  PredictActionResponse,
  PredictActionUpdate,
  PredictPlanRequest,
  PredictPlanResponse,
  ScoreActionsRequest,
  ScoreActionsResponse,
  StreamActionsRequest,
  StreamActionsResponse,
} from './messages.ts';
import { METHODS, type Method } from './methods.ts';
import type { ListModelsResponse, Model, ModelVersion, SetLabelRequest, SetLabelResponse } from './model-messages.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import type { Connect } from './transport.ts';

export type Headers = Readonly<Record<string, string>>;

export type LamClientOptions = {
  /** At least one. For HTTP base URLs; for gRPC `host:port`, or with `https://` in front for TLS. */
  readonly endpoints: readonly string[];
  /** Default: `httpTransport()`. */
  readonly transport?: Connect;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string;
  /** Sent with every attempt, for example fresh credentials. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>);
  /** Of calls that name none, in milliseconds. Default 30,000; Infinity: none. */
  readonly deadlineMs?: number;
  /** An attempt without an answer for so long is repeated elsewhere. Default: none but the deadline. */
  readonly attemptTimeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** For tests. */
  readonly clock?: Clock;
  /** For tests; in [0, 1). */
  readonly random?: () => number;
};

const DEFAULT_DEADLINE_MS = 30_000;

/** All methods fail with `LamClientError`, after as many repeats as are safe and allowed. */
export class LamClient implements Disposable {
  readonly #endpoints: Endpoints;
  readonly #caller: Caller;
  readonly #numEndpoints: number;

  /** Opens nothing yet. Throws `TypeError` for no endpoints, or one that the transport cannot mean. */
  constructor(options: LamClientOptions) {
    const { endpoints: addresses, transport = httpTransport(), clock = systemClock, random = Math.random } = options;
    if (addresses.length === 0) throw new TypeError('endpoints: expected at least one');
    const headers = headerSource(options);
    this.#numEndpoints = addresses.length;
    this.#endpoints = new Endpoints({ addresses, connect: transport, clock, random, headers });
    this.#caller = new Caller({
      endpoints: this.#endpoints,
      retry: { ...DEFAULT_RETRY, ...options.retry },
      deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
      attemptTimeoutMs: options.attemptTimeoutMs ?? Number.POSITIVE_INFINITY,
      headers,
      clock,
      random,
    });
  }

  /** Remembers what is needed from step to step, and sends only what changed. */
  episode(options: EpisodeOptions): Episode {
    return new Episode(this, options);
  }

  predictAction(request: PredictActionRequest, options?: CallOptions): Promise<PredictActionResponse> {
    return this.#unary(METHODS.predictAction, request, options);
  }

  /** At most one `choice`, then one `response`. */
  predictActionStream(request: PredictActionRequest, options?: CallOptions): AsyncGenerator<PredictActionUpdate> {
    const stream = this.#caller.serverStream(METHODS.predictActionStream, request, options ?? {});
    return stream as AsyncGenerator<PredictActionUpdate>;
  }

  predictPlan(request: PredictPlanRequest, options?: CallOptions): Promise<PredictPlanResponse> {
    return this.#unary(METHODS.predictPlan, request, options);
  }

  scoreActions(request: ScoreActionsRequest, options?: CallOptions): Promise<ScoreActionsResponse> {
    return this.#unary(METHODS.scoreActions, request, options);
  }

  /**
   * Over gRPC only, and never repeated: when it fails, see what `getEpisode` says and open another. Equal session ids
   * prefer the same endpoint. The deadline, by default none, is that of the whole stream.
   */
  streamActions(
    messages: AsyncIterable<StreamActionsRequest>,
    options: CallOptions & { readonly session_id: string },
  ): AsyncGenerator<StreamActionsResponse> {
    const call = { ...options, key: options.session_id };
    const stream = this.#caller.bidiStream(METHODS.streamActions, messages, call);
    return stream as AsyncGenerator<StreamActionsResponse>;
  }

  reportOutcome(request: ReportOutcomeRequest, options?: CallOptions): Promise<ReportOutcomeResponse> {
    return this.#unary(METHODS.reportOutcome, request, options);
  }

  getEpisode(request: GetEpisodeRequest, options?: CallOptions): Promise<EpisodeRecord> {
    return this.#unary(METHODS.getEpisode, request, options);
  }

  endEpisode(request: EndEpisodeRequest, options?: CallOptions): Promise<EpisodeRecord> {
    return this.#unary(METHODS.endEpisode, request, options);
  }

  /** Changes nothing by itself: execute what is answered and report each step as `undone`. */
  rollbackEpisode(request: RollbackEpisodeRequest, options?: CallOptions): Promise<RollbackEpisodeResponse> {
    return this.#unary(METHODS.rollbackEpisode, request, options);
  }

  listModels(options?: CallOptions): Promise<ListModelsResponse> {
    return this.#unary(METHODS.listModels, {}, options);
  }

  getModel(request: ModelVersion, options?: CallOptions): Promise<Model> {
    return this.#unary(METHODS.getModel, request, options);
  }

  /** For a client with one endpoint. Never repeated; without a deadline unless one is given. So are the next two. */
  loadModel(request: ModelVersion, options?: CallOptions): Promise<Model> {
    return this.#unary(METHODS.loadModel, request, options);
  }

  async unloadModel(request: ModelVersion, options?: CallOptions): Promise<void> {
    await this.#unary(METHODS.unloadModel, request, options);
  }

  setLabel(request: SetLabelRequest, options?: CallOptions): Promise<SetLabelResponse> {
    return this.#unary(METHODS.setLabel, request, options);
  }

  /** What the client believes of its endpoints, by address; for logs. */
  health(): Readonly<Record<string, Health['type']>> {
    return this.#endpoints.health();
  }

  /** Closes connections. Calls under way over gRPC fail. */
  [Symbol.dispose](): void {
    this.#endpoints[Symbol.dispose]();
  }

  /** The .proto files say what each method answers with; the types of the methods above repeat it. */
  async #unary<T extends object>(method: Method, request: object, options: CallOptions = {}): Promise<T> {
    if (method.isForOne && this.#numEndpoints > 1) {
      const message = `${method.name} changes one gateway: make a client with that one as its only endpoint`;
      throw new LamClientError('invalid_request', message, { field: 'endpoints' });
    }
    return (await this.#caller.unary(method, request, options)) as T;
  }
}

function headerSource({ apiKey, headers }: LamClientOptions): () => Promise<Headers> {
  return async () => ({
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    ...(typeof headers === 'function' ? await headers() : headers),
  });
}
