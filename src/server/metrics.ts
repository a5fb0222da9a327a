/** Every metric of the gateway, by concern in metrics/, behind one object. Names are stable: docs/metrics.md lists them. */
import type {
  MemoryBudget,
  ModelStateReport,
  RestartReport,
  RewardReport,
  RuntimeObserver,
  StepReport,
} from '../runtime/index.ts';
import { EngineMetrics, type ModelStatus } from './metrics/engine-metrics.ts';
import { type Exposition, expose } from './metrics/exposition.ts';
import { MetricFactory } from './metrics/factory.ts';
import { GenAiMetrics } from './metrics/gen-ai-metrics.ts';
import { type EpisodeStats, type ExportResult, ProcessMetrics, type ReloadResult } from './metrics/process-metrics.ts';
import { type FinishedCall, RequestMetrics } from './metrics/request-metrics.ts';
import { type PortConnections, TransportMetrics } from './metrics/transport-metrics.ts';

export type { ExportResult, ReloadResult } from './metrics/process-metrics.ts';
export type { FinishedCall, Outcome } from './metrics/request-metrics.ts';

export type MetricsOptions = {
  readonly version: string;
  /** What is loaded: the only values that the labels `model` and `version` take, besides `unknown` and `none`. */
  readonly models: () => readonly ModelStatus[];
  /** Undefined when the gateway is ready. */
  readonly unreadyReason: () => string | undefined;
  readonly requestsInFlight: () => number;
  readonly maxRequests?: () => number;
  readonly memory?: () => MemoryBudget | undefined;
  readonly episodes?: () => EpisodeStats;
  /** Asked of the engines, which tell of their latest steps before they answer. */
  readonly nativeHandles?: () => Promise<number | undefined>;
  readonly abandonedThreads?: () => number;
  readonly auditFailures?: () => number;
  /** In milliseconds since 1970. */
  readonly certificateExpiresMs?: () => number | undefined;
  readonly wallMs?: () => number;
};

/** What a reader of the documentation must know of one metric. */
export type MetricDescription = {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
};

export class Metrics implements RuntimeObserver {
  readonly #factory = new MetricFactory();
  readonly #requests: RequestMetrics;
  readonly #genAi: GenAiMetrics;
  readonly #engines: EngineMetrics;
  readonly #process: ProcessMetrics;
  readonly #transport: TransportMetrics;
  readonly #askHandles: () => Promise<number | undefined>;
  /** Of the latest scrape. */
  #nativeHandles: Promise<number | undefined> = Promise.resolve(undefined);

  constructor(options: MetricsOptions) {
    const { models, memory = () => undefined, maxRequests = () => 0 } = options;
    const { episodes = () => ({ live: undefined, evictions: undefined, up: true }) } = options;
    const { nativeHandles = async () => undefined, abandonedThreads = () => 0 } = options;
    const { auditFailures = () => 0, certificateExpiresMs = () => undefined, wallMs = Date.now } = options;
    this.#requests = new RequestMetrics(this.#factory, models);
    this.#genAi = new GenAiMetrics(this.#factory, models);
    this.#engines = new EngineMetrics(this.#factory, { models, memory });
    this.#process = new ProcessMetrics(this.#factory, {
      ...options,
      maxRequests,
      episodes,
      nativeHandles: () => this.#nativeHandles,
      abandonedThreads,
      auditFailures,
    });
    this.#askHandles = nativeHandles;
    this.#transport = new TransportMetrics(this.#factory, { certificateExpiresMs, wallMs });
  }

  /** In the format that `accept`, the header of that name, prefers: Prometheus' text (default) or OpenMetrics. */
  async expose(accept: string | null = null): Promise<Exposition> {
    this.#nativeHandles = this.#askHandles();
    // First of all, so that what engines have reported is as of now.
    await this.#nativeHandles;
    return expose(this.#factory, accept);
  }

  /** All there are, in the order of the exposition. */
  describe(): readonly MetricDescription[] {
    return this.#factory.describe();
  }

  onCall(call: FinishedCall): void {
    this.#requests.onCall(call);
    this.#genAi.onCall(call);
  }

  /** The policy's word on an answer; `rule` is empty where none decided. */
  onPolicy(effect: string, rule: string): void {
    this.#requests.onPolicy(effect, rule);
  }

  onStep(report: StepReport): void {
    this.#engines.onStep(report);
  }

  onRewardBatch(report: RewardReport): void {
    this.#engines.onRewardBatch(report);
  }

  onModelState(report: ModelStateReport): void {
    this.#engines.onModelState(report);
  }

  onRestart(report: RestartReport): void {
    this.#engines.onRestart(report);
  }

  /** Tells of the connections of the port of a protocol from now on. */
  watchConnections(protocol: 'http' | 'grpc', connections: PortConnections): void {
    this.#transport.watch(protocol, connections);
  }

  onReady(startupSeconds: number): void {
    this.#process.onReady(startupSeconds);
  }

  /** The parts that `onReload` will be told of. */
  expectReloads(parts: readonly string[]): void {
    this.#process.expectReloads(parts);
  }

  onReload(part: string, result: ReloadResult): void {
    this.#process.onReload(part, result);
  }

  onExport(spans: number, result: ExportResult): void {
    this.#process.onExport(spans, result);
  }
}
