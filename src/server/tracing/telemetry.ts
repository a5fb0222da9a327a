/** The way of spans to the collector: in batches, bounded, never waited for by a request. */
import { readFileSync } from 'node:fs';
import type { Tracer } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { invalid } from '../../runtime/index.ts';
import type { ExportResult as CountedResult } from '../metrics.ts';
import { packageVersion } from '../package-root.ts';
import type { TracingConfig } from './config-keys.ts';

export type TelemetryOptions = {
  readonly config: TracingConfig;
  readonly logger: Logger;
  /** Told of every batch that has left, or could not. */
  readonly onExport: (spans: number, result: CountedResult) => void;
};

/** Spans wait for others as long, in milliseconds; a collector gets as long for an answer. */
const BATCH_DELAY_MS = 1000;
const EXPORT_TIMEOUT_MS = 5000;
/** More are dropped: a collector that is away must not fill the memory. */
const MAX_WAITING_SPANS = 8192;
const MAX_BATCH_SPANS = 512;

export class Telemetry implements AsyncDisposable {
  readonly tracer: Tracer;
  readonly #provider: BasicTracerProvider;

  /** Throws `GatewayError` (`invalid_request`) if the file of headers is not acceptable. */
  constructor({ config, logger, onExport }: TelemetryOptions) {
    const exporter = new OTLPTraceExporter({
      url: tracesUrl(config.otlpEndpoint),
      headers: readHeaders(config.otlpHeadersFile),
      timeoutMillis: EXPORT_TIMEOUT_MS,
    });
    const version = packageVersion();
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'lam-gateway', 'service.version': version }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.traceSampleRatio) }),
      spanProcessors: [
        new BatchSpanProcessor(new ObservedExporter(exporter, logger, onExport), {
          scheduledDelayMillis: BATCH_DELAY_MS,
          exportTimeoutMillis: EXPORT_TIMEOUT_MS,
          maxQueueSize: MAX_WAITING_SPANS,
          maxExportBatchSize: MAX_BATCH_SPANS,
        }),
      ],
    });
    this.tracer = this.#provider.getTracer('lam-gateway', version);
  }

  /** Sends what is left, if the collector takes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    // What cannot be sent has been counted and logged.
    await this.#provider.shutdown().catch(() => {});
  }
}

/** Counts what another exporter does, and logs when it begins to fail and when it works again. */
class ObservedExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #logger: Logger;
  readonly #onExport: TelemetryOptions['onExport'];
  #isFailing = false;

  constructor(exporter: SpanExporter, logger: Logger, onExport: TelemetryOptions['onExport']) {
    this.#exporter = exporter;
    this.#logger = logger;
    this.#onExport = onExport;
  }

  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      const isFailing = result.code === ExportResultCode.FAILED;
      this.#onExport(spans.length, isFailing ? 'failed' : 'exported');
      if (isFailing && !this.#isFailing) this.#logger.warn({ event: 'trace_export_failed', err: result.error });
      if (!isFailing && this.#isFailing) this.#logger.info({ event: 'trace_export_recovered' });
      this.#isFailing = isFailing;
      resultCallback(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }
}

/** Where a collector takes traces. */
export function tracesUrl(endpoint: string): string {
  return new URL('v1/traces', `${endpoint.replace(/\/$/, '')}/`).href;
}

/** One `name: value` per line; an empty path: none. Throws `GatewayError` (`invalid_request`) that quotes nothing of the file. */
export function readHeaders(path: string): Record<string, string> {
  if (path === '') return {};
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid('otlpHeadersFile', cause instanceof Error ? cause.message : String(cause));
  }
  const headers: Record<string, string> = {};
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = /^([A-Za-z0-9-]+):\s*(\S.*)$/.exec(line.trim()) ?? [];
    // Not quoted: it may be a secret.
    if (name === undefined || value === undefined)
      throw invalid('otlpHeadersFile', `line ${i + 1} is no "name: value"`);
    headers[name] = value;
  }
  return headers;
}
