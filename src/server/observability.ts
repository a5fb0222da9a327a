/** Everything that watches a gateway: metrics, traces, the log, start-up. Built once, told of everything, decides nothing. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { abandonedThreads, type Runtime, type RuntimeObserver } from '../runtime/index.ts';
import type { Admission } from './admission.ts';
import type { AuditTrail } from './audit/audit-trail.ts';
import type { Config } from './config.ts';
import type { Episodes } from './episodes/episodes.ts';
import type { Observer } from './hooks.ts';
import type { Lifecycle } from './lifecycle.ts';
import { Metrics } from './metrics.ts';
import {
  admissionObserver,
  behindAnswers,
  logObserver,
  metricsObserver,
  operatorLog,
  policyCounter,
} from './observers.ts';
import { packageVersion } from './package-root.ts';
import type { PredictHook } from './predict-hooks.ts';
import type { Security } from './security/security.ts';
import { StartupProgress } from './startup-progress.ts';
import { Telemetry } from './tracing/telemetry.ts';
import { traceContextObserver } from './tracing/trace-context.ts';
import { Tracing } from './tracing/tracing.ts';

export type Observed = {
  readonly lifecycle: Lifecycle;
  readonly admission: Admission;
  readonly episodes: Episodes;
  readonly audit: Pick<AuditTrail, 'failures'>;
  readonly security: Pick<Security, 'tls'>;
};

export class Observability implements AsyncDisposable {
  readonly metrics: Metrics;
  readonly startup = new StartupProgress();
  /** Each before those that use what it finds out: a trace first. */
  readonly observers: readonly Observer[];
  /** To be the last of the hooks. */
  readonly predictHook: PredictHook;
  readonly #logger: Logger;
  readonly #telemetry: Telemetry | undefined;

  constructor(config: Config, logger: Logger, { lifecycle, admission, episodes, audit, security }: Observed) {
    const metrics = new Metrics({
      version: packageVersion(),
      models: () => lifecycle.runtime?.models() ?? [],
      unreadyReason: () => lifecycle.unreadyReason(),
      requestsInFlight: () => admission.inFlight,
      maxRequests: () => admission.maxRequests,
      memory: () => lifecycle.runtime?.memory(),
      episodes: () => episodes.stats(),
      nativeHandles: () => handlesOf(lifecycle.runtime),
      abandonedThreads,
      auditFailures: () => audit.failures,
      certificateExpiresMs: () => security.tls?.expiresMs,
    });
    const onExport = metrics.onExport.bind(metrics);
    this.#logger = logger;
    this.metrics = metrics;
    this.predictHook = policyCounter(metrics);
    this.#telemetry = config.otlpEndpoint === '' ? undefined : new Telemetry({ config, logger, onExport });
    const trace = this.#telemetry === undefined ? traceContextObserver : new Tracing(this.#telemetry.tracer);
    this.observers = [
      trace,
      admissionObserver(admission),
      behindAnswers([metricsObserver(metrics), operatorLog(logger), logObserver(logger)]),
    ];
  }

  /** For the runtime that is opened. */
  runtimeObserver(): RuntimeObserver {
    const { metrics, startup } = this;
    const logger = this.#logger;
    return {
      onStep: (report) => metrics.onStep(report),
      onRewardBatch: (report) => metrics.onRewardBatch(report),
      onRestart: (report) => {
        metrics.onRestart(report);
        logger.warn({ event: 'engine_restart', ...report });
      },
      onModelState: (report) => {
        metrics.onModelState(report);
        startup.onModelState(report);
        logger.info({ event: 'model_state', ...report });
      },
    };
  }

  onReady(): void {
    // With what Node and the modules took before the gateway began.
    this.metrics.onReady(process.uptime());
  }

  /** Sends the traces that are left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#telemetry?.[Symbol.asyncDispose]();
  }
}

/** An engine answers between two steps; a scrape does not wait for one that hangs. */
const PATIENCE_MS = 200;

async function handlesOf(runtime: Runtime | undefined): Promise<number | undefined> {
  if (runtime === undefined) return undefined;
  const patience = new AbortController();
  const handles = runtime.stats().then(({ nativeHandles }) => nativeHandles);
  const timeout = delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    return await Promise.race([handles, timeout]);
  } finally {
    patience.abort();
  }
}
