/** What is told of every call's end: metrics, the retry hint, the log. */
import type { Logger } from 'pino';
import { hostOf } from './address.ts';
import type { Admission } from './admission.ts';
import type { Observer } from './hooks.ts';
import type { Metrics } from './metrics.ts';
import type { PredictHook } from './predict-hooks.ts';
import { traceFields } from './tracing/trace-context.ts';

/**
 * Tells observers when the answer is on its way, and before anybody who has got it can be heard. Node writes an answer at the end of
 * this turn of the event loop; over gRPC, where the status comes behind it, that is written at the end of the next.
 */
export function behindAnswers(observers: readonly Observer[]): Observer {
  return {
    name: 'behind_answers',
    onFinish(call, outcome, durationMs) {
      const tell = () => {
        for (const observer of observers) observer.onFinish(call, outcome, durationMs);
      };
      if (call.origin.protocol === 'grpc') setImmediate(() => setImmediate(tell));
      else setImmediate(tell);
    },
  };
}

export function metricsObserver(metrics: Metrics): Observer {
  return {
    name: 'metrics',
    onFinish({ rpc, report }, outcome, durationMs) {
      metrics.onCall({ rpc, ...report, outcome, durationMs });
    },
  };
}

/** Counts what the policy says of answers; the last of the hooks, so that it sees what the client will. */
export function policyCounter(metrics: Metrics): PredictHook {
  return {
    name: 'policy_counter',
    complete({ response }) {
      metrics.onPolicy(response.policy.effect, response.policy.rule);
      return response;
    },
  };
}

/** What models have answered tells how long the next request would wait. */
export function admissionObserver(admission: Admission): Observer {
  return {
    name: 'admission',
    onFinish({ report: { work } }, outcome, durationMs) {
      if (outcome !== 'ok' || work === undefined) return;
      const { prefillMs, decodeMs } = work.timing;
      admission.observe(prefillMs === undefined ? durationMs : prefillMs + (decodeMs ?? 0));
    },
  };
}

/** What operators have changed, or tried to, and who it was. */
export function operatorLog(logger: Logger): Observer {
  return {
    name: 'operator_log',
    onFinish({ rpc, permission, scope, origin, principal, report }, outcome) {
      if (permission !== 'operate') return;
      logger.info({
        event: 'operate',
        rpc,
        caller: principal?.name ?? '',
        address: hostOf(origin.peer),
        request_id: scope.requestId,
        ...traceFields(report),
        model: report.model,
        version: report.version,
        ...report.label,
        outcome,
      });
    },
  };
}

/** Sizes and ids, never content. */
export function logObserver(logger: Logger): Observer {
  return {
    name: 'log',
    onFinish({ rpc, scope, origin, principal, report }, outcome, durationMs) {
      logger.debug({
        event: 'request_finished',
        rpc,
        protocol: origin.protocol,
        caller: principal?.name ?? '',
        request_id: scope.requestId,
        ...traceFields(report),
        model: report.model,
        version: report.version,
        outcome,
        duration_ms: durationMs,
      });
    },
  };
}
