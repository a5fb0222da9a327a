/** The server metrics of OpenTelemetry's conventions for generative AI, under the names and buckets that those state. */
import type { Histogram, MetricFactory } from './factory.ts';
import { type LoadedModels, modelLabels } from './model-labels.ts';
import type { FinishedCall } from './request-metrics.ts';

const LABELS = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_response_model'] as const;
type Labels = (typeof LABELS)[number];

const DURATION = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const FIRST_TOKEN = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const PER_TOKEN = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

export class GenAiMetrics {
  readonly #models: LoadedModels;
  readonly #duration: Histogram<Labels | 'error_type'>;
  readonly #firstToken: Histogram<Labels>;
  readonly #perToken: Histogram<Labels>;

  constructor(factory: MetricFactory, models: LoadedModels) {
    this.#models = models;
    const name = (suffix: string) => `gen_ai_server_${suffix}_seconds`;
    this.#duration = factory.histogram(name('request_duration'), 'Requests that asked a model, failed ones too.', {
      labels: [...LABELS, 'error_type'],
      buckets: DURATION,
    });
    this.#firstToken = factory.histogram(
      name('time_to_first_token'),
      'From arrival to the first token of the answer.',
      {
        labels: LABELS,
        buckets: FIRST_TOKEN,
      },
    );
    this.#perToken = factory.histogram(name('time_per_output_token'), 'Per token of the answer, after the first.', {
      labels: LABELS,
      buckets: PER_TOKEN,
    });
  }

  onCall({ rpc, model, version, work, outcome, durationMs, ...report }: FinishedCall): void {
    // Refusals ask no model.
    if (report.askedMs === undefined) return;
    const labels = {
      gen_ai_operation_name: rpc,
      gen_ai_provider_name: 'lam-gateway',
      gen_ai_response_model: modelLabels(this.#models, model, version).model,
    };
    this.#duration.observe({ ...labels, error_type: outcome === 'ok' ? '' : outcome }, durationMs / 1e3);
    if (work?.usage === undefined) return;
    const { queueMs = 0, renderMs = 0, prefillMs = 0, decodeMs = 0 } = work.timing;
    this.#firstToken.observe(labels, (queueMs + renderMs + prefillMs) / 1e3);
    const tokens = work.usage.generatedTokens + work.usage.forcedTokens;
    if (tokens > 1) this.#perToken.observe(labels, decodeMs / 1e3 / (tokens - 1));
  }
}
