/** What the log says of requests that failed. Failures that come in crowds have a line now and then, with a count. */
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { type GatewayError, monotonicMs } from '../runtime/index.ts';
import { hostOf } from './address.ts';
import type { Call } from './call.ts';
import { traceFields } from './tracing/trace-context.ts';

/** Between two lines about the same code, or the same caller, in milliseconds. */
const FAILED_INTERVAL_MS = 10_000;
const LIMITED_INTERVAL_MS = 60_000;
/** Subjects of tokens can be many; whom nothing was said about for the longest is forgotten. */
const MAX_SUBJECTS = 10_000;

type Subject = { sinceMs: number; omitted: number };

export class FailureLog {
  readonly #logger: Logger;
  readonly #nowMs: () => number;
  readonly #subjects = new LRUCache<string, Subject>({ max: MAX_SUBJECTS });

  constructor(logger: Logger, nowMs: () => number = monotonicMs) {
    this.#logger = logger;
    this.#nowMs = nowMs;
  }

  /** Codes that are the client's own doing are left to metrics and the debug log. Ids, never content. */
  onFailure(error: GatewayError, call: Call): void {
    switch (error.code) {
      case 'internal':
      case 'backend_failed':
        // Each may be another bug.
        this.#logger.error({ ...failure(error, call), err: error });
        return;
      case 'deadline_exceeded':
      case 'unavailable':
        this.#warn(error.code, FAILED_INTERVAL_MS, { ...failure(error, call), reason: error.message });
        return;
      case 'rate_limited': {
        const { principal, rpc, origin } = call;
        const caller = principal?.name ?? '';
        const address = hostOf(origin.peer);
        const subject = `${error.code} ${caller === '' ? address : caller}`;
        this.#warn(subject, LIMITED_INTERVAL_MS, { event: error.code, caller, address, rpc });
        return;
      }
      default:
        return;
    }
  }

  /** `omitted`: how many such lines there would have been since the last one. */
  #warn(subject: string, intervalMs: number, line: Readonly<Record<string, unknown>>): void {
    const nowMs = this.#nowMs();
    const known = this.#subjects.get(subject);
    if (known !== undefined && nowMs - known.sinceMs < intervalMs) {
      known.omitted++;
      return;
    }
    this.#logger.warn({ ...line, omitted: known?.omitted ?? 0 });
    this.#subjects.set(subject, { sinceMs: nowMs, omitted: 0 });
  }
}

function failure({ code }: GatewayError, { rpc, principal, scope, report }: Call): Readonly<Record<string, unknown>> {
  return {
    event: 'request_failed',
    rpc,
    request_id: scope.requestId,
    caller: principal?.name ?? '',
    model: report.model,
    version: report.version,
    code,
    ...traceFields(report),
  };
}
