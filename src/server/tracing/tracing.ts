/**
 * Traces for an OpenTelemetry collector, over HTTP. One span per call, with the caller's as its parent, and one per part of it,
 * made when the call has ended. With telemetry.ts the only importer of the SDK.
 */
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { monotonicMs } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import type { Observer } from '../hooks.ts';
import type { Outcome } from '../metrics.ts';
import { attributesOf, isFault, partsOf } from './request-spans.ts';
import { TRACE_PARENT, TRACE_STATE } from './trace-context.ts';

type Open = {
  readonly span: Span;
  readonly context: Context;
  readonly startMs: number;
  /** What makes a point on `monotonicMs` a time of the calendar; one per call, so that its parts fit together. */
  readonly calendarMs: number;
};

const HEADERS: readonly string[] = [TRACE_PARENT, TRACE_STATE];

export class Tracing implements Observer {
  readonly name = 'tracing';
  readonly #tracer: Tracer;
  readonly #propagator = new W3CTraceContextPropagator();
  readonly #open = new WeakMap<Call, Open>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  onBegin(call: Call, parent?: Call): void {
    const startMs = monotonicMs();
    const calendarMs = Date.now() - startMs;
    const above = (parent && this.#open.get(parent)?.context) ?? this.#remote(call);
    const span = this.#tracer.startSpan(call.rpc, { kind: SpanKind.SERVER, startTime: calendarMs + startMs }, above);
    const { traceId, spanId } = span.spanContext();
    call.report.trace = { traceId, spanId, isRecorded: span.isRecording() };
    this.#open.set(call, { span, context: trace.setSpan(above, span), startMs, calendarMs });
  }

  onFinish(call: Call, outcome: Outcome): void {
    const open = this.#open.get(call);
    if (open === undefined) return;
    const { span, context, startMs, calendarMs } = open;
    const endMs = monotonicMs();
    if (span.isRecording()) {
      for (const { name, start, end } of partsOf(call.report, { name: call.rpc, start: startMs, end: endMs })) {
        this.#tracer.startSpan(name, { startTime: calendarMs + start }, context).end(calendarMs + end);
      }
      span.setAttributes(attributesOf(call, outcome));
      if (isFault(outcome)) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    }
    span.end(calendarMs + endMs);
  }

  /** What the client says of its trace. */
  #remote({ origin }: Call): Context {
    return this.#propagator.extract(ROOT_CONTEXT, origin, {
      get: (carrier, name) => carrier.header(name),
      keys: () => [...HEADERS],
    });
  }
}
