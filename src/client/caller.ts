/** One call, from the first attempt to the answer: deadline, choice of endpoint, repeats. */
import type { Clock } from './clock.ts';
import { Deadline, sleep } from './deadline.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';
import { LamClientError } from './errors.ts';
import type { Method } from './methods.ts';
import { isBusy, isGone, type RetryPolicy, retryDelayMs } from './retry.ts';
import type { Attempt } from './transport.ts';

export type CallOptions = {
  /** In milliseconds, over all attempts. Default: the client's; Infinity: none. */
  readonly deadlineMs?: number;
  /** Aborting gives the call up. */
  readonly signal?: AbortSignal;
};

export type CallerOptions = {
  readonly endpoints: Endpoints;
  readonly retry: RetryPolicy;
  readonly deadlineMs: number;
  /** An attempt without an answer for so long is given up and repeated elsewhere; Infinity: the deadline alone decides. */
  readonly attemptTimeoutMs: number;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly clock: Clock;
  readonly random: () => number;
};

type Request = { readonly method: Method; readonly message: Readonly<Record<string, unknown>> };
type Target = { readonly endpoint: Endpoint; readonly headers: Attempt['headers'] };
type Run<T> = (endpoint: Endpoint, attempt: Attempt) => Promise<T>;

export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  async unary(method: Method, message: object, options: CallOptions): Promise<object> {
    using deadline = this.#deadline(method, options);
    const request = withRequestId(method, message);
    return await this.#attempts(request, deadline, ({ transport }, attempt) =>
      transport.unary(method, request.message, attempt),
    );
  }

  /** Repeated only before the first message: what was handed on cannot be taken back. */
  async *serverStream(method: Method, message: object, options: CallOptions): AsyncGenerator<object> {
    using deadline = this.#deadline(method, options);
    const request = withRequestId(method, message);
    const { endpoint, first, rest } = await this.#attempts(request, deadline, async (endpoint, attempt) => {
      const stream = endpoint.transport.serverStream(method, request.message, attempt);
      return { endpoint, first: await stream.next(), rest: stream };
    });
    try {
      if (first.done) return;
      yield first.value;
      yield* rest;
    } catch (thrown) {
      throw this.#learn(endpoint, thrown, deadline);
    } finally {
      await rest.return(undefined);
    }
  }

  /** Never repeated: which messages were acted on is not known. */
  async *bidiStream(
    method: Method,
    messages: AsyncIterable<object>,
    options: CallOptions & { readonly key: string },
  ): AsyncGenerator<object> {
    using deadline = this.#deadline(method, { deadlineMs: Number.POSITIVE_INFINITY, ...options });
    const { endpoints } = this.#options;
    const headers = await this.#headers();
    const endpoint = endpoints.pick(options.key, new Set());
    try {
      const attempt = { timeoutMs: finite(deadline.remainingMs), signal: deadline.signal, headers };
      yield* endpoint.transport.bidiStream(method, messages, attempt);
      endpoints.report(endpoint, 'answered');
    } catch (thrown) {
      throw this.#learn(endpoint, thrown, deadline);
    }
  }

  #deadline(method: Method, { deadlineMs, signal }: CallOptions): Deadline {
    // A model takes as long to load as it takes.
    const byDefault = method.safety === 'once' ? Number.POSITIVE_INFINITY : this.#options.deadlineMs;
    return new Deadline({ clock: this.#options.clock, timeoutMs: finite(deadlineMs ?? byDefault), signal });
  }

  async #attempts<T>({ method, message }: Request, deadline: Deadline, run: Run<T>): Promise<T> {
    const { endpoints, retry, clock, random } = this.#options;
    const sessionId = textOf(message['session_id']);
    const key = sessionId || textOf(message['request_id']) || String(random());
    const tried = new Set<Endpoint>();
    for (let attempt = 1; ; attempt++) {
      const headers = await this.#headers();
      const endpoint = endpoints.pick(key, tried);
      try {
        return await this.#attempt({ endpoint, headers }, deadline, run);
      } catch (thrown) {
        const error = this.#learn(endpoint, thrown, deadline).with({ attempts: attempt });
        // An episode that is told to wait does so where its prefix is; anything else may as well go elsewhere.
        if (!isBusy(error.code) || sessionId === '') tried.add(endpoint);
        const { code, retryAfterMs } = error;
        const { remainingMs } = deadline;
        const failed = { code, attempt, retryAfterMs, remainingMs, hasOther: endpoints.hasOther(tried) };
        const delayMs = method.safety === 'once' ? undefined : retryDelayMs(retry, failed, random());
        if (delayMs === undefined) throw error;
        if (delayMs > 0) await sleep(clock, delayMs, deadline.signal);
      }
    }
  }

  async #headers(): Promise<Attempt['headers']> {
    try {
      return await this.#options.headers();
    } catch (cause) {
      throw new LamClientError('unauthenticated', `headers: ${String(cause)}`, { cause });
    }
  }

  async #attempt<T>({ endpoint, headers }: Target, deadline: Deadline, run: Run<T>): Promise<T> {
    const { attemptTimeoutMs, clock, endpoints } = this.#options;
    const controller = new AbortController();
    const onEnd = () => controller.abort(deadline.signal.reason);
    deadline.signal.addEventListener('abort', onEnd);
    if (deadline.signal.aborted) onEnd();
    const tooLong = () => {
      controller.abort(new LamClientError('connection_failed', `no answer in ${attemptTimeoutMs} ms`));
    };
    const stopTimer = attemptTimeoutMs < deadline.remainingMs ? clock.after(attemptTimeoutMs, tooLong) : () => {};
    try {
      controller.signal.throwIfAborted();
      const timeoutMs = finite(deadline.remainingMs);
      const result = await run(endpoint, { timeoutMs, signal: controller.signal, headers });
      endpoints.report(endpoint, 'answered');
      return result;
    } finally {
      // The listener stays: a stream goes on after its first message. It goes with the call's own deadline.
      stopTimer();
    }
  }

  /** The error to throw, after telling the endpoints what it says of this one. */
  #learn(endpoint: Endpoint, thrown: unknown, { signal }: Deadline): LamClientError {
    const { address } = endpoint;
    const error = toClientError(thrown).with({ endpoint: address });
    // A gateway whose own clock ended the call names the request; without that, there was silence until the deadline.
    const isSilence = error.code === 'deadline_exceeded' && error.requestId === undefined;
    if (isGone(error.code) || isSilence) this.#options.endpoints.report(endpoint, 'failed');
    // That the caller gave up says nothing.
    else if (!signal.aborted) this.#options.endpoints.report(endpoint, 'answered');
    return error;
  }
}

/** Whatever a transport, a source of headers or a source of messages throws. */
function toClientError(thrown: unknown): LamClientError {
  if (thrown instanceof LamClientError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new LamClientError('internal', message, { cause: thrown });
}

/** The id makes a repeat recognizable, so every repeat of a call has the same one. */
function withRequestId(method: Method, message: object): Request {
  const fields = message as Readonly<Record<string, unknown>>;
  if (!method.hasRequestId || textOf(fields['request_id']) !== '') return { method, message: fields };
  return { method, message: { ...fields, request_id: newId() } };
}

/** 128 random bits. Not `randomUUID`, which browsers offer to secure pages only. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) ? ms : undefined;
}
