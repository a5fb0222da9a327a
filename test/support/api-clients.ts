/** One client interface over all protocols, so that one suite can be run against each. */
import { request as httpRequest } from 'node:http';
import { status } from '@grpc/grpc-js';
import { type CallOptions, GrpcClient, type GrpcFailure, withoutStructs, withStructs } from './grpc-client.ts';
import { ROUTES, type RpcName, SERVICES } from './rpc-routes.ts';
import type { TestGateway } from './test-gateway.ts';

/** The request in proto spelling with plain argument objects, as the JSON body has it. */
export type ApiRequest = Record<string, unknown>;

export type ApiFailure = {
  readonly ok: false;
  /** HTTP or gRPC status. */
  readonly status: number;
  /** Finer than the status; empty where the protocol's library answered before the gateway saw the request. */
  readonly code: string;
  readonly message: string;
  readonly field: string;
  readonly requestId: string;
  readonly retryAfterMs: number | undefined;
};
export type ApiReply = { readonly ok: true; readonly response: Record<string, unknown> } | ApiFailure;

/** What a server streamed, and how it ended. */
export type ApiStream = {
  readonly messages: readonly Record<string, unknown>[];
  readonly failure?: ApiFailure;
};

export interface ApiClient extends AsyncDisposable {
  /** A unary rpc. */
  call(rpc: RpcName, request: ApiRequest, options?: CallOptions): Promise<ApiReply>;
  /** A server-streaming rpc. */
  stream(rpc: RpcName, request: ApiRequest, options?: CallOptions): Promise<ApiStream>;
}

/** A client that can also send what is no request. */
export interface RawApiClient extends ApiClient {
  /** Sends bytes in place of the protocol's encoding of a request. */
  callRaw(rpc: RpcName, bytes: Buffer, options?: CallOptions): Promise<ApiReply>;
}

export type Addresses = Pick<TestGateway, 'http' | 'grpc'>;

export class HttpApiClient implements RawApiClient {
  readonly #base: string;

  constructor({ http }: Addresses) {
    this.#base = http;
  }

  async call(rpc: RpcName, request: ApiRequest, options: CallOptions = {}): Promise<ApiReply> {
    const { method, path, body } = this.#address(rpc, request);
    return unaryReply(await send(this.#base + path, { method, body, ...options }));
  }

  async callRaw(rpc: RpcName, bytes: Buffer, options: CallOptions = {}): Promise<ApiReply> {
    const { method, path } = this.#address(rpc, {});
    return unaryReply(await send(this.#base + path, { method, body: bytes, ...options }));
  }

  async stream(rpc: RpcName, request: ApiRequest, options: CallOptions = {}): Promise<ApiStream> {
    const { method, path, body } = this.#address(rpc, request);
    const reply = await send(this.#base + path, { method, body, ...options });
    if (reply?.status !== 200) return { messages: [], failure: unaryReply(reply) as ApiFailure };
    const events = reply.text.split('\n\n').filter((event) => event !== '');
    const messages = events.filter((event) => event.startsWith('data: ')).map((event) => JSON.parse(event.slice(6)));
    const error = events.find((event) => event.startsWith('event: error\ndata: '));
    if (error === undefined) return { messages };
    return { messages, failure: failureOf(200, {}, JSON.parse(error.slice('event: error\ndata: '.length))) };
  }

  /** Fields that the path names leave the body. */
  #address(rpc: RpcName, request: ApiRequest): { method: string; path: string; body: Buffer | undefined } {
    const [method = '', template = ''] = ROUTES[rpc].split(' ');
    const rest = { ...request };
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
      delete rest[name];
      return encodeURIComponent(String(request[name]));
    });
    return { method, path, body: method === 'GET' ? undefined : Buffer.from(JSON.stringify(rest)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

type HttpReply = { readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly text: string };
type HttpOptions = CallOptions & { readonly method: string; readonly body: Buffer | undefined };

/** Undefined is what the client itself gave up. */
function unaryReply(reply: HttpReply | undefined): ApiReply {
  if (reply === undefined) return failureOf(0, {}, { error: { code: 'cancelled' } });
  // Headers or a path of more than 16 KiB: Node's HTTP server answers by itself, without a body.
  if (reply.status === 431 && reply.text === '') {
    return failureOf(431, reply.headers, { error: { message: 'the headers are too large' } });
  }
  const json = JSON.parse(reply.text);
  return reply.status === 200 ? { ok: true, response: json } : failureOf(reply.status, reply.headers, json);
}

function failureOf(
  httpStatus: number,
  headers: HttpReply['headers'],
  { error }: { readonly error: Record<string, string> },
): ApiFailure {
  const { code = '', message = '', field = '', request_id: requestId = '' } = error;
  const hint = headers['retry-after-ms'];
  const retryAfterMs = hint === undefined ? undefined : Number(hint);
  return { ok: false, status: httpStatus, code, message, field, requestId, retryAfterMs };
}

/**
 * On a connection of its own; undefined when the client itself gave up. An answer may come while the body is still being
 * sent (a refusal does), which fetch would report as a broken connection.
 */
function send(url: string, { method, body, timeoutMs, signal }: HttpOptions): Promise<HttpReply | undefined> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const headers: Record<string, string> = {};
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(body.byteLength);
    }
    if (timeoutMs !== undefined) headers['x-request-timeout-ms'] = String(timeoutMs);
    const request = httpRequest(url, { method, agent: false, headers, ...(signal && { signal }) });
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        request.destroy();
      });
      // A stream that the client cancels ends without an end.
      response.on('error', () => resolve(undefined));
    });
    request.on('error', (error) => {
      if (signal?.aborted) resolve(undefined);
      else if (!answered) reject(error);
    });
    request.end(body);
  });
}

export class GrpcApiClient implements RawApiClient {
  readonly #client: GrpcClient;

  constructor({ grpc }: Addresses) {
    this.#client = new GrpcClient(grpc);
  }

  async call(rpc: RpcName, request: ApiRequest, options: CallOptions = {}): Promise<ApiReply> {
    return grpcReply(await this.#client.call(SERVICES[rpc], withStructs(request) as object, options));
  }

  async callRaw(rpc: RpcName, bytes: Buffer, options: CallOptions = {}): Promise<ApiReply> {
    return grpcReply(await this.#client.callRaw(SERVICES[rpc], bytes, options));
  }

  async stream(rpc: RpcName, request: ApiRequest, options: CallOptions = {}): Promise<ApiStream> {
    const { messages, failure } = await this.#client.stream(SERVICES[rpc], withStructs(request) as object, options);
    const plain = messages.map((message) => withoutStructs(message) as Record<string, unknown>);
    return failure === undefined ? { messages: plain } : { messages: plain, failure: grpcFailure(failure) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]();
  }
}

function grpcReply(reply: Awaited<ReturnType<GrpcClient['call']>>): ApiReply {
  if (reply.code !== status.OK) return grpcFailure(reply);
  return { ok: true, response: withoutStructs(reply.message) as Record<string, unknown> };
}

export function grpcFailure({ code, details, metadata }: GrpcFailure): ApiFailure {
  const hint = metadata['retry-after-ms'];
  return {
    ok: false,
    status: code,
    code: metadata['lam-error-code'] ?? (code === status.CANCELLED ? 'cancelled' : ''),
    message: details,
    field: metadata['lam-error-field'] ?? '',
    requestId: metadata['lam-request-id'] ?? '',
    retryAfterMs: hint === undefined ? undefined : Number(hint),
  };
}
