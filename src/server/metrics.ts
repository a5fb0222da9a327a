/** Every metric's name, labels and buckets, in one place. Only importer of prom-client. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  type ErrorCode,
  monotonicMs,
  type Prediction,
  type RuntimeObserver,
  type StepReport,
} from '../runtime/index.ts';

/** How a request ended. */
export type Outcome = 'ok' | ErrorCode;

export type RequestReport = {
  readonly rpc: string;
  /** As the client named it, `name` or `name:version`; may be anything. */
  readonly model: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
};

export type MetricsOptions = {
  readonly version: string;
  /** Names of the loaded models: the only values that the label `model` takes, besides `unknown`. */
  readonly modelNames: () => readonly string[];
  /** Undefined when the gateway is ready. */
  readonly unreadyReason: () => string | undefined;
  readonly requestsInFlight: () => number;
};

/** Seconds, from 1 ms (a render, an engine step) to the longest deadline. */
const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];
const ROWS = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64];

export class Metrics implements RuntimeObserver {
  readonly #registry = new Registry();
  readonly #modelNames: () => readonly string[];
  /** Latest step by model, for gauges that are read at scrape time. */
  readonly #lastSteps = new Map<string, { readonly report: StepReport; readonly atMs: number }>();
  readonly #requests: Counter<'rpc' | 'model' | 'outcome'>;
  readonly #requestSeconds: Histogram<'rpc' | 'model'>;
  readonly #phaseSeconds: Readonly<Record<'queue' | 'render' | 'prefill' | 'decode', Histogram<'model'>>>;
  readonly #tokens: Counter<'model' | 'kind'>;
  readonly #batchSize: Histogram<'model'>;
  readonly #stepSeconds: Histogram<'model'>;

  constructor(options: MetricsOptions) {
    const registers = [this.#registry];
    this.#modelNames = options.modelNames;
    const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Histogram({ name: `lam_gateway_${name}`, help, labelNames, registers, buckets: SECONDS });

    this.#requests = new Counter({
      name: 'lam_gateway_requests_total',
      help: 'Requests by how they ended; outcome is ok or an error code.',
      labelNames: ['rpc', 'model', 'outcome'],
      registers,
    });
    this.#requestSeconds = histogram('request_seconds', 'From arrival to answer, successful requests.', [
      'rpc',
      'model',
    ]);
    this.#phaseSeconds = {
      queue: histogram('queue_seconds', 'Waiting for a slot.', ['model']),
      render: histogram('render_seconds', 'Rendering and tokenizing the prompt, building the grammar.', ['model']),
      prefill: histogram('prefill_seconds', 'Computing the prompt.', ['model']),
      decode: histogram('decode_seconds', 'Computing the answer.', ['model']),
    };
    this.#tokens = new Counter({
      name: 'lam_gateway_tokens_total',
      help: 'Tokens of answered requests: prompt, of those cached; answer tokens generated and forced.',
      labelNames: ['model', 'kind'],
      registers,
    });
    this.#batchSize = new Histogram({
      name: 'lam_gateway_batch_size',
      help: 'Sequences decoded together in one engine step; steps without any are not counted.',
      labelNames: ['model'],
      registers,
      buckets: ROWS,
    });
    this.#stepSeconds = histogram('step_seconds', 'Duration of one engine step.', ['model']);
    this.#addStepGauges(registers);
    this.#addProcessGauges(registers, options);
  }

  /** In the exposition format of Prometheus. */
  async expose(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  onRequest({ rpc, model, outcome, durationMs }: RequestReport): void {
    const label = this.#modelLabel(model);
    this.#requests.inc({ rpc, model: label, outcome });
    // Refusals take microseconds and would hide what an answer takes.
    if (outcome === 'ok') this.#requestSeconds.observe({ rpc, model: label }, durationMs / 1e3);
  }

  onPrediction({ model, timing, usage }: Prediction): void {
    this.#phaseSeconds.queue.observe({ model }, timing.queueMs / 1e3);
    this.#phaseSeconds.render.observe({ model }, timing.renderMs / 1e3);
    this.#phaseSeconds.prefill.observe({ model }, timing.prefillMs / 1e3);
    this.#phaseSeconds.decode.observe({ model }, timing.decodeMs / 1e3);
    this.#tokens.inc({ model, kind: 'prompt' }, usage.promptTokens);
    this.#tokens.inc({ model, kind: 'cached' }, usage.cachedTokens);
    this.#tokens.inc({ model, kind: 'generated' }, usage.generatedTokens);
    this.#tokens.inc({ model, kind: 'forced' }, usage.forcedTokens);
  }

  onStep(report: StepReport): void {
    const { model } = report;
    this.#lastSteps.set(model, { report, atMs: monotonicMs() });
    this.#stepSeconds.observe({ model }, report.durationMs / 1e3);
    if (report.decodeRows > 0) this.#batchSize.observe({ model }, report.decodeRows);
  }

  /** Keeps the label's values few: clients can name any model. */
  #modelLabel(model: string): string {
    const name = model.split(':', 1)[0] ?? '';
    return this.#modelNames().includes(name) ? name : 'unknown';
  }

  #addStepGauges(registers: Registry[]): void {
    const lastSteps = this.#lastSteps;
    const gauge = (name: string, help: string, read: (report: StepReport, atMs: number) => number) =>
      new Gauge({
        name: `lam_gateway_${name}`,
        help,
        labelNames: ['model'],
        registers,
        collect() {
          for (const [model, { report, atMs }] of lastSteps) this.set({ model }, read(report, atMs));
        },
      });
    gauge('slots_in_use', 'KV slots owned by a sequence.', (report) => report.slotsInUse);
    gauge('slots_total', 'KV slots.', (report) => report.slotsTotal);
    gauge('waiting_requests', 'Requests waiting for a slot.', (report) => report.waitingRequests);
    gauge('waiting_tokens', 'Prompt tokens of the requests that wait.', (report) => report.waitingTokens);
    gauge('seconds_since_last_step', 'Time since the engine last finished a step.', (_report, atMs) => {
      return (monotonicMs() - atMs) / 1e3;
    });
  }

  #addProcessGauges(registers: Registry[], { version, unreadyReason, requestsInFlight }: MetricsOptions): void {
    new Gauge({
      name: 'lam_gateway_ready',
      help: '1 if requests should be sent here, else 0.',
      registers,
      collect() {
        this.set(unreadyReason() === undefined ? 1 : 0);
      },
    });
    new Gauge({
      name: 'lam_gateway_requests_in_flight',
      help: 'Requests admitted and not yet answered.',
      registers,
      collect() {
        this.set(requestsInFlight());
      },
    });
    new Gauge({
      name: 'lam_gateway_build_info',
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node'],
      registers,
    }).set({ version, node: process.version }, 1);
    // Among them the lag of the event loop, resident memory and garbage collection.
    collectDefaultMetrics({ register: this.#registry, prefix: 'lam_gateway_' });
  }
}
