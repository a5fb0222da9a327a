/** The use cases, free of protocols. Every request comes through here and ends with exactly one outcome. */
import type { Logger } from 'pino';
import { GatewayError, monotonicMs, type Prediction } from '../runtime/index.ts';
import type { Admission } from './admission.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics, Outcome } from './metrics.ts';
import { reviewAction } from './policy.ts';
import { type RequestLimits, readPredictAction, readRequestId } from './request.ts';
import { type RequestScope, untilAborted } from './request-scope.ts';
import { modelMessage, predictActionResponse } from './response.ts';
import type { ListModelsResponse, PredictActionRequest, PredictActionResponse } from './wire/messages.ts';

export type ActionsOptions = {
  readonly lifecycle: Lifecycle;
  readonly admission: Admission;
  readonly metrics: Metrics;
  readonly limits: RequestLimits;
  /** For requests that name none; empty: the runtime's own choice. */
  readonly defaultModel: string;
  readonly logger: Logger;
};

/** What becomes known of a request on its way, for metrics and the log. */
type Progress = { readonly startMs: number; model: string; prediction?: Prediction };

export class Actions {
  readonly #options: ActionsOptions;

  constructor(options: ActionsOptions) {
    this.#options = options;
  }

  /**
   * Reads, validates, predicts and reviews. `read` decodes the request; it is called only once the request is admitted,
   * so that refusing costs no decoding. Throws `GatewayError` of any code.
   */
  async predictAction(
    read: () => PredictActionRequest | Promise<PredictActionRequest>,
    scope: RequestScope,
  ): Promise<PredictActionResponse> {
    const progress: Progress = { startMs: monotonicMs(), model: '' };
    try {
      const response = await this.#predictAction(read, scope, progress);
      this.#finish('ok', scope, progress);
      return response;
    } catch (thrown) {
      const error = this.#toError(thrown, scope);
      this.#finish(error.code, scope, progress);
      throw error;
    }
  }

  /** Empty while the gateway is starting. */
  listModels(): ListModelsResponse {
    return { models: (this.#options.lifecycle.runtime?.models() ?? []).map(modelMessage) };
  }

  async #predictAction(
    read: () => PredictActionRequest | Promise<PredictActionRequest>,
    scope: RequestScope,
    progress: Progress,
  ): Promise<PredictActionResponse> {
    const { lifecycle, admission, limits, defaultModel } = this.#options;
    const runtime = lifecycle.requireRuntime();
    using _permit = admission.acquire();
    const message = await untilAborted(Promise.resolve(read()), scope.signal);
    scope.requestId = readRequestId(message) ?? scope.requestId;
    const { state, options, controlsTruncated } = readPredictAction(message, limits);
    const model = options.model || defaultModel;
    progress.model = model;
    const { deadlineMs, signal } = scope;
    const prediction = await untilAborted(
      runtime.predictAction(state, { ...options, model, deadlineMs, signal }),
      signal,
    );
    progress.prediction = prediction;
    const review = reviewAction(prediction.action, { controlsTruncated, maxTextBytes: options.maxTextBytes });
    return predictActionResponse(scope.requestId, prediction, review);
  }

  /** What to tell the client: a request that was ended early fails for that reason, and bugs keep their details here. */
  #toError(thrown: unknown, scope: RequestScope): GatewayError {
    const error = GatewayError.from(scope.signal.aborted ? scope.signal.reason : thrown);
    const { logger, admission } = this.#options;
    if (error.code === 'internal' || error.code === 'backend_failed') {
      logger.error({ event: 'request_failed', request_id: scope.requestId, code: error.code, err: error });
    }
    if (error.code === 'internal') {
      const message = `an internal error; the log has it under request id ${scope.requestId}`;
      return new GatewayError('internal', message, { cause: error });
    }
    const retryable = error.code === 'overloaded' || error.code === 'unavailable';
    if (retryable && error.details.retryAfterMs === undefined) {
      const details = { ...error.details, retryAfterMs: admission.retryAfterMs() };
      return new GatewayError(error.code, error.message, { ...details, cause: error });
    }
    return error;
  }

  #finish(outcome: Outcome, scope: RequestScope, { startMs, model, prediction }: Progress): void {
    const { metrics, admission, logger } = this.#options;
    const durationMs = monotonicMs() - startMs;
    if (outcome === 'ok') admission.observe(durationMs);
    metrics.onRequest({ rpc: 'PredictAction', model: prediction?.model ?? model, outcome, durationMs });
    if (prediction !== undefined) metrics.onPrediction(prediction);
    logger.debug({
      event: 'request_finished',
      request_id: scope.requestId,
      model: prediction?.model ?? model,
      outcome,
      duration_ms: durationMs,
    });
  }
}
