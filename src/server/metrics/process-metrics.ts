/** Metrics of the process: readiness, start-up, reloads, the audit log, traces, episodes, and Node's own. */
import type { Counter, Gauge, MetricFactory } from './factory.ts';

/** What an episode store tells; see `Episodes.stats`. */
export type EpisodeStats = {
  readonly live: number | undefined;
  readonly evictions: number | undefined;
  readonly up: boolean;
};

export type ProcessMetricsOptions = {
  readonly version: string;
  /** Undefined when the gateway is ready. */
  readonly unreadyReason: () => string | undefined;
  readonly requestsInFlight: () => number;
  /** Most requests under way at once. */
  readonly maxRequests: () => number;
  readonly episodes: () => EpisodeStats;
  /** Undefined: engines do not say at the moment. */
  readonly nativeHandles: () => Promise<number | undefined>;
  readonly abandonedThreads: () => number;
  readonly auditFailures: () => number;
};

export type ReloadResult = 'ok' | 'error';
export type ExportResult = 'exported' | 'failed';

export class ProcessMetrics {
  readonly #reloads: Counter<'part' | 'result'>;
  readonly #spans: Counter<'result'>;
  readonly #startupSeconds: Gauge<never>;

  constructor(factory: MetricFactory, options: ProcessMetricsOptions) {
    const single = (name: string, help: string, read: () => number) => {
      factory.collected(name, help, { labels: [], read: () => [[{}, read()]] });
    };
    const count = (name: string, help: string, read: () => number) => {
      factory.collectedCounters(name, help, { labels: [], read: () => [[{}, read()]] });
    };
    single('ready', '1 if requests should be sent here, else 0.', () =>
      options.unreadyReason() === undefined ? 1 : 0,
    );
    single('requests_in_flight', 'Requests admitted and not yet answered.', options.requestsInFlight);
    single('requests_in_flight_limit', 'Most requests admitted at once; more are refused.', options.maxRequests);
    factory.asked(
      'native_handles',
      'Objects of ONNX Runtime that engines hold; constant while the same models are loaded. No series while an engine does not answer.',
      options.nativeHandles,
    );
    single(
      'abandoned_threads',
      'Threads that hung and were given up; their memory comes back only with a new process.',
      options.abandonedThreads,
    );
    this.#startupSeconds = factory.gauge('startup_seconds', 'From the start of the process to ready.', []);
    this.#reloads = factory.counter(
      'reloads_total',
      'Reloads asked for by SIGHUP, by part: ok, or error and nothing changed.',
      ['part', 'result'],
    );
    count(
      'audit_write_failures_total',
      'Failures to write the audit log: of a line, of bringing lines to the disk, of deleting old files.',
      options.auditFailures,
    );
    this.#spans = factory.counter('trace_spans_total', 'Spans handed to the collector: exported, failed.', ['result']);
    for (const result of ['exported', 'failed']) this.#spans.inc({ result }, 0);
    factory.collected('episodes', 'Episodes kept in this process; no series where they are kept elsewhere.', {
      labels: [],
      read: () => {
        const { live } = options.episodes();
        return live === undefined ? [] : [[{}, live]];
      },
    });
    count('episode_evictions_total', 'Episodes that had to go for others before their time.', () => {
      return options.episodes().evictions ?? 0;
    });
    single('episode_store_up', '1 if the store of episodes answered last time, else 0.', () => {
      return options.episodes().up ? 1 : 0;
    });
    factory
      .gauge('build_info', 'Always 1; the labels say what runs.', ['version', 'node'])
      .set({ version: options.version, node: process.version }, 1);
    factory.addProcessMetrics();
  }

  onReady(startupSeconds: number): void {
    this.#startupSeconds.set(startupSeconds);
  }

  /** Counters that a part's first failure raises must be there before it, or no alert sees it. */
  expectReloads(parts: readonly string[]): void {
    for (const part of parts) for (const result of ['ok', 'error']) this.#reloads.inc({ part, result }, 0);
  }

  onReload(part: string, result: ReloadResult): void {
    this.#reloads.inc({ part, result });
  }

  onExport(spans: number, result: ExportResult): void {
    this.#spans.inc({ result }, spans);
  }
}
