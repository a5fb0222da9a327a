/** W3C trace context: a call's place in its caller's trace, in headers and in log lines. */
import { parseTraceParent } from '@opentelemetry/core';
import type { CallReport } from '../call.ts';
import type { Observer } from '../hooks.ts';

export const TRACE_PARENT = 'traceparent';
export const TRACE_STATE = 'tracestate';
/** Tells a client which span answered it. */
export const TRACE_RESPONSE = 'traceresponse';

/** Without a tracer: what the client says of its trace, so that log lines can be found by it. */
export const traceContextObserver: Observer = {
  name: 'trace_context',
  onBegin({ origin, report }) {
    const header = origin.header(TRACE_PARENT);
    const context = header === undefined ? null : parseTraceParent(header);
    if (context !== null) report.trace = { traceId: context.traceId, spanId: context.spanId, isRecorded: false };
  },
  onFinish() {},
};

/** For a log line. */
export function traceFields({ trace }: CallReport): { readonly trace_id?: string } {
  return trace === undefined ? {} : { trace_id: trace.traceId };
}

/** The value of {@link TRACE_RESPONSE}; undefined where the gateway has no span of its own to name. */
export function traceResponse({ trace }: CallReport): string | undefined {
  return trace?.isRecorded ? `00-${trace.traceId}-${trace.spanId}-01` : undefined;
}
