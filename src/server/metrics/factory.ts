/** Makes the gateway's metrics in one registry. Only importer of prom-client. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';

export type { Counter, Gauge, Histogram } from 'prom-client';

export const PREFIX = 'lam_gateway_';
/** Seconds, from 1 ms (an engine step) to the longest deadline. */
export const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];
/** Seconds of what costs microseconds: a mask, a grammar. */
export const SHORT_SECONDS = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];

/** Labels and value of one series. */
export type Series<L extends string> = readonly [labels: Readonly<Record<L, string>>, value: number];

export type HistogramOptions<L extends string> = {
  readonly labels: readonly L[];
  /** Upper bounds; default {@link SECONDS}. */
  readonly buckets?: readonly number[];
  /** Keeps one trace id per bucket. Default false. */
  readonly exemplars?: boolean;
};

export type CollectedOptions<L extends string> = {
  readonly labels: readonly L[];
  /** Called at each scrape. A series that is not among the result is gone. */
  readonly read: () => Iterable<Series<L>>;
};

/** prom-client has these as gauges under a name that only a counter may have; each has a twin without labels lost. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Of a histogram with exemplars: `traceId`, if there is one, is kept as an example for the bucket. */
export function observe<L extends string>(histogram: Histogram<L>, observation: Observation<L>): void {
  const { labels, value, traceId } = observation;
  const exemplarLabels = traceId === undefined ? {} : { trace_id: traceId };
  // The types of prom-client allow the labels of the metric only; an exemplar has its own.
  histogram.observe({ labels, value, exemplarLabels: exemplarLabels as object });
}

type Observation<L extends string> = {
  readonly labels: Record<L, string>;
  readonly value: number;
  readonly traceId: string | undefined;
};

export class MetricFactory {
  // prom-client keeps exemplars in a registry of this kind only; exposition.ts writes either format.
  readonly registry = new Registry<OpenMetricsContentType>();

  constructor() {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  }

  /** `name` ends with `_total`. */
  counter<L extends string>(name: string, help: string, labels: readonly L[]): Counter<L> {
    return new Counter({ name: PREFIX + name, help, labelNames: labels, registers: [this.registry] });
  }

  histogram<L extends string>(name: string, help: string, options: HistogramOptions<L>): Histogram<L> {
    const { labels, buckets = SECONDS, exemplars: enableExemplars = false } = options;
    const registers = [this.registry];
    return new Histogram({
      // What another convention has named keeps its name.
      name: name.startsWith('gen_ai_') ? name : PREFIX + name,
      help,
      labelNames: labels,
      buckets: [...buckets],
      registers,
      enableExemplars,
    });
  }

  gauge<L extends string>(name: string, help: string, labels: readonly L[]): Gauge<L> {
    return new Gauge({ name: PREFIX + name, help, labelNames: labels, registers: [this.registry] });
  }

  /** A gauge whose series are read at scrape time, so that nothing has to keep it up to date. */
  collected<L extends string>(name: string, help: string, { labels, read }: CollectedOptions<L>): void {
    new Gauge<L>({
      name: PREFIX + name,
      help,
      labelNames: labels,
      registers: [this.registry],
      collect() {
        // NOTE: reset() gives a gauge without labels the value 0, even where there is none to tell.
        if (labels.length === 0) this.remove();
        else this.reset();
        for (const [series, value] of read()) this.set(series as Record<L, string>, value);
      },
    });
  }

  /** A gauge whose value has to be asked for at scrape time; without an answer, that scrape has no series. */
  asked(name: string, help: string, ask: () => Promise<number | undefined>): void {
    new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.registry],
      async collect() {
        const value = await ask();
        // NOTE: not reset(), as above.
        this.remove();
        if (value !== undefined) this.set(value);
      },
    });
  }

  /** Counters that are kept elsewhere, read at scrape time. */
  collectedCounters<L extends string>(name: string, help: string, { labels, read }: CollectedOptions<L>): void {
    new Counter<L>({
      name: PREFIX + name,
      help,
      labelNames: labels,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [series, value] of read()) this.inc(series as Record<L, string>, value);
      },
    });
  }

  /** What was made, in order. */
  describe(): readonly { name: string; type: string; labels: readonly string[]; help: string }[] {
    // The types of prom-client leave out what its objects have.
    const metrics = this.registry.getMetricsAsArray() as unknown as readonly {
      readonly name: string;
      readonly type?: string;
      readonly labelNames: readonly string[];
      readonly help: string;
    }[];
    return metrics.map((metric) => ({
      name: metric.name,
      type: metric.type ?? metric.constructor.name.toLowerCase(),
      labels: metric.labelNames,
      help: metric.help,
    }));
  }

  /** CPU, memory, file descriptors, garbage collection, and the lag of the event loop. */
  addProcessMetrics(): void {
    collectDefaultMetrics({ register: this.registry, prefix: PREFIX });
    for (const name of MISNAMED) this.registry.removeSingleMetric(PREFIX + name);
  }
}
