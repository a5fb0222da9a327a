/**
 * The way of every call, whatever the protocol and the rpc: gateway's phase, gates, permit, message, wrappers, use case.
 * It ends with exactly one outcome, which the observers are told.
 */
import type { Logger } from 'pino';
import { GatewayError, InvariantError, monotonicMs } from '../runtime/index.ts';
import type { Admission, Permit } from './admission.ts';
import type { Call, Origin, Services } from './call.ts';
import { FailureLog } from './failure-log.ts';
import type { Hooks } from './hooks.ts';
import type { Outcome } from './metrics.ts';
import { type DeadlineLimits, RequestScope, untilAborted } from './request-scope.ts';
import { readRequestId } from './requests/fields.ts';
import type { BidiStreamRpc, Rpc, ServerStreamRpc, UnaryRpc } from './rpc.ts';

export type DispatcherOptions = {
  readonly rpcs: readonly Rpc[];
  readonly services: Services;
  readonly hooks: Hooks;
  readonly admission: Admission;
  readonly deadlines: DeadlineLimits;
  readonly logger: Logger;
};

export type Arrival = {
  /** Milliseconds that the client gave; undefined: none. */
  readonly timeoutMs: number | undefined;
  readonly origin: Origin;
  /** On whose behalf it is made; undefined: a client's own. */
  readonly parent?: Call;
};

/** Decodes the request. It is called only once the call is admitted, so that refusing costs no decoding. */
export type Read = () => object | Promise<object>;

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #failures: FailureLog;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#failures = new FailureLog(options.logger);
  }

  /** A call that has just arrived; to be handed to `unary`, `serverStream` or `bidiStream`, which end it. */
  begin(rpc: Rpc, arrival: Arrival): Call {
    const { lifecycle } = this.#options.services;
    return this.#begin(rpc, arrival, lifecycle.shutdownSignal);
  }

  /** Throws `GatewayError` of any code, ready to be told to the client. */
  async unary(rpc: UnaryRpc, call: Call, read: Read): Promise<object> {
    const startMs = monotonicMs();
    let outcome: Outcome = 'ok';
    try {
      using _permit = await this.#admit(rpc, call);
      const message = await this.#read(call, read);
      return await untilAborted(this.#wrapped(rpc, call, message), call.scope.signal);
    } catch (thrown) {
      const error = this.#toError(thrown, call);
      outcome = error.code;
      throw error;
    } finally {
      this.#finish(call, outcome, startMs);
    }
  }

  /** Answers one by one; throws like `unary`. A consumer that stops early has cancelled. */
  serverStream(rpc: ServerStreamRpc, call: Call, read: Read): AsyncGenerator<object> {
    return this.#stream(rpc, call, async () => this.#wrappedStream(rpc, call, await this.#read(call, read)));
  }

  /** Like `serverStream`, over messages that arrive one by one. */
  bidiStream(rpc: BidiStreamRpc, call: Call, messages: AsyncIterable<object>): AsyncGenerator<object> {
    return this.#stream(rpc, call, () => rpc.handle(messages, call));
  }

  async *#stream(
    rpc: Rpc,
    call: Call,
    open: () => AsyncIterable<object> | Promise<AsyncIterable<object>>,
  ): AsyncGenerator<object> {
    const startMs = monotonicMs();
    const { signal } = call.scope;
    let outcome: Outcome = 'cancelled';
    try {
      using _permit = await this.#admit(rpc, call);
      yield* untilEnded(await open(), signal);
      outcome = 'ok';
    } catch (thrown) {
      const error = this.#toError(thrown, call);
      outcome = error.code;
      throw error;
    } finally {
      // A consumer that stops reading because the call was ended early has not cancelled it.
      if (outcome === 'cancelled' && signal.aborted) outcome = GatewayError.from(signal.reason).code;
      this.#finish(call, outcome, startMs);
    }
  }

  #begin(rpc: Rpc, { timeoutMs, origin, parent }: Arrival, endSignal: AbortSignal): Call {
    const { services, deadlines } = this.#options;
    const scope = new RequestScope({
      timeoutMs,
      deadlines: rpc.admission === 'permit' ? deadlines : undefined,
      endSignal,
    });
    const call: Call = {
      rpc: rpc.name,
      permission: rpc.permission,
      origin,
      scope,
      services,
      report: { model: '', version: '' },
      get runtime() {
        return services.lifecycle.requireRuntime();
      },
      checkPriority: (priority) => {
        if (priority > 0) this.#options.admission.checkBackground();
      },
      invoke: (name, message, requestId) => {
        const inner = this.#options.rpcs.find((candidate) => candidate.name === name);
        if (inner?.kind !== 'unary') throw new InvariantError(`${name} is no unary rpc`);
        const arrival = { timeoutMs: undefined, origin, parent: call };
        const invoked = this.#begin(inner, arrival, scope.signal);
        if (requestId !== undefined) invoked.scope.requestId = requestId;
        return this.unary(inner, invoked, () => message);
      },
    };
    for (const observer of this.#options.hooks.observers) observer.onBegin?.(call, parent);
    return call;
  }

  async #admit(rpc: Rpc, call: Call): Promise<Permit | undefined> {
    const { hooks, admission, services } = this.#options;
    if (rpc.admission !== 'always') services.lifecycle.requireRuntime();
    for (const gate of hooks.gates) await gate.check(call);
    const permit = rpc.admission === 'permit' ? admission.acquire() : undefined;
    call.report.admittedMs = monotonicMs();
    return permit;
  }

  async #read({ scope }: Call, read: Read): Promise<object> {
    const message = await untilAborted(Promise.resolve(read()), scope.signal);
    scope.requestId = readRequestId(message) ?? scope.requestId;
    return message;
  }

  async #wrapped(rpc: UnaryRpc, call: Call, message: object): Promise<object> {
    const useCase = async () => rpc.handle(message, call);
    const wrapped = this.#options.hooks.wrappers.reduceRight<() => Promise<object>>(
      (next, wrapper) => () => wrapper.around(call, message, next),
      useCase,
    );
    return wrapped();
  }

  #wrappedStream(rpc: ServerStreamRpc, call: Call, message: object): AsyncIterable<object> {
    const useCase = () => rpc.handle(message, call);
    const wrapped = this.#options.hooks.wrappers.reduceRight<() => AsyncIterable<object>>(
      (next, wrapper) => () => wrapper.aroundStream?.(call, message, next) ?? next(),
      useCase,
    );
    return wrapped();
  }

  /** What to tell the client: a call that was ended early fails for that reason, and bugs keep their details here. */
  #toError(thrown: unknown, call: Call): GatewayError {
    const { scope } = call;
    const error = GatewayError.from(scope.signal.aborted ? scope.signal.reason : thrown);
    const { admission } = this.#options;
    this.#failures.onFailure(error, call);
    if (error.code === 'internal') {
      const message = `an internal error; the log has it under request id ${scope.requestId}`;
      return new GatewayError('internal', message, { cause: error });
    }
    const retryable = error.code === 'overloaded' || error.code === 'unavailable';
    if (retryable && error.details.retryAfterMs === undefined) {
      const details = { ...error.details, retryAfterMs: admission.retryAfterMs() };
      return new GatewayError(error.code, error.message, { ...details, cause: error });
    }
    return error;
  }

  #finish(call: Call, outcome: Outcome, startMs: number): void {
    call.scope[Symbol.dispose]();
    const durationMs = monotonicMs() - startMs;
    for (const observer of this.#options.hooks.observers) observer.onFinish(call, outcome, durationMs);
  }
}

/** The items, until the signal ends it: then its reason, even if the source does not notice. */
async function* untilEnded(items: AsyncIterable<object>, signal: AbortSignal): AsyncGenerator<object> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await untilAborted(iterator.next(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: a source that is stuck in `next` settles this only when that ends.
    iterator.return?.().catch(() => {});
  }
}
