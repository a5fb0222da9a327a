/** The spans of one finished call: itself, and what it was made of. Pure: durations in, spans out. */
import type { Attributes } from '@opentelemetry/api';
import type { Call, CallReport } from '../call.ts';
import type { Outcome } from '../metrics.ts';

/** Points on `monotonicMs`. */
export type SpanTimes = { readonly name: string; readonly start: number; readonly end: number };

/** One model call's parts follow each other: the prompt is rendered, waits for a slot, is computed, is answered. */
const PARTS = [
  ['render', 'renderMs'],
  ['queue', 'queueMs'],
  ['prefill', 'prefillMs'],
  ['decode', 'decodeMs'],
] as const;

/** In the order of their beginning. A part that a call did not get to, or that its method does not have, is left out. */
export function partsOf({ admittedMs, askedMs, policyMs, work }: CallReport, whole: SpanTimes): readonly SpanTimes[] {
  const parts: SpanTimes[] = [{ name: 'admission', start: whole.start, end: admittedMs ?? whole.end }];
  let start = askedMs;
  for (const [name, key] of PARTS) {
    const durationMs = work?.timing[key];
    if (start === undefined || durationMs === undefined) continue;
    parts.push({ name, start, end: start + durationMs });
    start += durationMs;
  }
  if (policyMs !== undefined) parts.push({ name: 'policy', ...policyMs });
  return parts;
}

/** Sizes and ids, never content. */
export function attributesOf({ rpc, origin, scope, report }: Call, outcome: Outcome): Attributes {
  const { usage } = report.work ?? {};
  return {
    'rpc.system.name': origin.protocol === 'grpc' ? 'grpc' : 'http',
    'rpc.method': rpc,
    'gen_ai.operation.name': rpc,
    'gen_ai.provider.name': 'lam-gateway',
    ...(report.model !== '' && { 'gen_ai.response.model': report.model }),
    ...(report.version !== '' && { 'lam.model.version': report.version }),
    ...(usage && {
      'gen_ai.usage.input_tokens': usage.promptTokens,
      'gen_ai.usage.output_tokens': usage.generatedTokens + usage.forcedTokens,
      'lam.usage.cached_tokens': usage.cachedTokens,
      'lam.usage.forced_tokens': usage.forcedTokens,
    }),
    'lam.request_id': scope.requestId,
    'lam.outcome': outcome,
    ...(outcome !== 'ok' && { 'error.type': outcome }),
  };
}

/** Failures of this gateway; what a client got wrong is no error of the span. */
const FAULTS: ReadonlySet<Outcome> = new Set([
  'internal',
  'backend_failed',
  'unavailable',
  'deadline_exceeded',
  'overloaded',
]);

export function isFault(outcome: Outcome): boolean {
  return FAULTS.has(outcome);
}
