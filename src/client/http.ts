/** The HTTP transport: `fetch` and nothing of Node's own, so that it runs wherever that exists. */
import { LamClientError } from './errors.ts';
import { readEvents } from './event-stream.ts';
import { errorOfBody, errorOfResponse } from './http-errors.ts';
import type { Method } from './methods.ts';
import type { Attempt, Connect, Transport } from './transport.ts';

export type HttpTransportOptions = {
  /** In place of the global one, for example to go through a proxy. */
  readonly fetch?: typeof globalThis.fetch;
};

/** Addresses are base URLs, for example `https://gateway.example:8443` or `http://127.0.0.1:8080`. */
export function httpTransport(options: HttpTransportOptions = {}): Connect {
  return (address) => new HttpTransport(address, options);
}

type Call = { readonly url: string; readonly init: RequestInit };

class HttpTransport implements Transport {
  readonly #base: string;
  readonly #fetch: typeof globalThis.fetch;

  constructor(address: string, options: HttpTransportOptions) {
    if (!/^https?:\/\//.test(address)) throw new TypeError(`${address}: expected http:// or https://`);
    this.#base = address.replace(/\/+$/, '');
    // Looked up at each call, so that a program may replace the global one; and browsers want it called on its owner.
    this.#fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  }

  async unary(method: Method, request: object, attempt: Attempt): Promise<object> {
    return connected(attempt, async () => {
      const { url, init } = this.#call(method, request, attempt);
      const response = await this.#fetch(url, init);
      const text = await response.text();
      if (!response.ok) throw errorOfResponse({ status: response.status, headers: response.headers, text }, Date.now());
      return parseMessage(text);
    });
  }

  async *serverStream(method: Method, request: object, attempt: Attempt): AsyncGenerator<object> {
    const { url, init } = this.#call(method, request, attempt);
    const response = await connected(attempt, () => this.#fetch(url, init));
    if (!response.ok || response.body === null) {
      const text = await connected(attempt, () => response.text());
      throw errorOfResponse({ status: response.status, headers: response.headers, text }, Date.now());
    }
    const events = readEvents(response.body);
    try {
      for (;;) {
        const { done, value } = await connected(attempt, () => events.next());
        if (done) return;
        if (value.name === 'error') throw errorOfBody(value.data) ?? noGateway('an error without a code');
        yield parseMessage(value.data);
      }
    } finally {
      // A consumer that stops early cancels the body, and with it the call.
      await events.return(undefined);
    }
  }

  bidiStream(method: Method): AsyncGenerator<object> {
    throw grpcOnly(method);
  }

  async isReady({ signal, headers }: Attempt): Promise<boolean> {
    const response = await this.#fetch(`${this.#base}/readyz`, { signal, headers: { ...headers } });
    await response.arrayBuffer();
    return response.ok;
  }

  /** The platform keeps connections; there is nothing to close. */
  [Symbol.dispose](): void {}

  /** Fields that the path names leave the body. */
  #call(method: Method, request: object, { timeoutMs, signal, headers }: Attempt): Call {
    if (method.http === undefined) throw grpcOnly(method);
    const rest: Record<string, unknown> = { ...request };
    const path = method.http.path.replace(/\{(\w+)\}/g, (_, field: string) => {
      const value = rest[field];
      delete rest[field];
      if (typeof value !== 'string' || value === '') throw missing(field);
      return encodeURIComponent(value);
    });
    const isPost = method.http.method === 'POST';
    const all = {
      ...headers,
      accept: method.kind === 'unary' ? 'application/json' : 'text/event-stream',
      ...(isPost && { 'content-type': 'application/json; charset=utf-8' }),
      ...(timeoutMs !== undefined && { 'x-request-timeout-ms': String(Math.max(1, Math.ceil(timeoutMs))) }),
    };
    const init: RequestInit = { method: method.http.method, headers: all, signal };
    return { url: this.#base + path, init: isPost ? { ...init, body: JSON.stringify(rest) } : init };
  }
}

/** What `work` throws that is no answer: the reason why the attempt was ended, else that the connection failed. */
async function connected<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (attempt.signal.aborted) throw attempt.signal.reason;
    if (thrown instanceof LamClientError) throw thrown;
    throw new LamClientError('connection_failed', reasonOf(thrown), { cause: thrown });
  }
}

/** fetch itself only says that it failed; the cause says why. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  return cause instanceof Error ? `${thrown.message}: ${cause.message}` : thrown.message;
}

function parseMessage(text: string): object {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (cause) {
    throw new LamClientError('invalid_response', 'the answer is not JSON', { cause });
  }
  if (typeof message !== 'object' || message === null) throw noGateway('no JSON object');
  return message;
}

function grpcOnly({ name }: Method): LamClientError {
  return new LamClientError('unimplemented', `${name} is offered over gRPC only`);
}

function noGateway(what: string): LamClientError {
  return new LamClientError('invalid_response', `the answer is ${what}`);
}

function missing(field: string): LamClientError {
  return new LamClientError('invalid_request', `${field}: required`, { field });
}
