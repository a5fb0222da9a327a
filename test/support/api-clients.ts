/** One client interface over both protocols, so that one suite can be run against each. */
import { request as httpRequest } from 'node:http';
import { status } from '@grpc/grpc-js';
import { type CallOptions, GrpcClient, plain, struct } from './grpc-client.ts';
import type { TestGateway } from './test-gateway.ts';

/** The request in proto spelling with plain argument objects, as the JSON body has it. */
export type ApiRequest = Record<string, unknown>;

export type ApiReply =
  | { readonly ok: true; readonly response: Record<string, unknown> }
  | {
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

export interface ApiClient extends AsyncDisposable {
  predict(request: ApiRequest, options?: CallOptions): Promise<ApiReply>;
  /** Sends bytes in place of the protocol's encoding of a request. */
  predictRaw(bytes: Buffer, options?: CallOptions): Promise<ApiReply>;
  models(): Promise<Record<string, unknown>>;
}

export type Addresses = Pick<TestGateway, 'http' | 'grpc'>;

export class HttpApiClient implements ApiClient {
  readonly #base: string;

  constructor({ http }: Addresses) {
    this.#base = http;
  }

  predict(request: ApiRequest, options: CallOptions = {}): Promise<ApiReply> {
    return this.predictRaw(Buffer.from(JSON.stringify(request)), options);
  }

  async predictRaw(body: Buffer, { timeoutMs, signal }: CallOptions = {}): Promise<ApiReply> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (timeoutMs !== undefined) headers['x-request-timeout-ms'] = String(timeoutMs);
    const url = `${this.#base}/v1/actions:predict`;
    const reply = await send(url, { headers, body, ...(signal && { signal }) });
    if (reply === undefined) return CANCELLED;
    const json = JSON.parse(reply.text) as Record<string, Record<string, string>>;
    if (reply.status === 200) return { ok: true, response: json };
    const { code = '', message = '', field = '', request_id: requestId = '' } = json['error'] ?? {};
    const hint = reply.headers['retry-after-ms'];
    const retryAfterMs = hint === undefined ? undefined : Number(hint);
    return { ok: false, status: reply.status, code, message, field, requestId, retryAfterMs };
  }

  async models(): Promise<Record<string, unknown>> {
    return (await (await fetch(`${this.#base}/v1/models`)).json()) as Record<string, unknown>;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const CANCELLED: ApiReply = {
  ok: false,
  status: 0,
  code: 'cancelled',
  message: '',
  field: '',
  requestId: '',
  retryAfterMs: undefined,
};

type HttpReply = { readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly text: string };
type HttpOptions = { readonly headers: Record<string, string>; readonly body: Buffer; readonly signal?: AbortSignal };

/**
 * POST on a connection of its own; undefined when the client itself gave up. An answer may come while the body is still
 * being sent (a refusal does), which fetch would report as a broken connection.
 */
function send(url: string, { headers, body, signal }: HttpOptions): Promise<HttpReply | undefined> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = httpRequest(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': body.byteLength },
      ...(signal && { signal }),
    });
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        request.destroy();
      });
    });
    request.on('error', (error) => {
      if (signal?.aborted) resolve(undefined);
      else if (!answered) reject(error);
    });
    request.end(body);
  });
}

const PREDICT = 'lam.v1.ActionService/PredictAction';

export class GrpcApiClient implements ApiClient {
  readonly #client: GrpcClient;

  constructor({ grpc }: Addresses) {
    this.#client = new GrpcClient(grpc);
  }

  async predict(request: ApiRequest, options: CallOptions = {}): Promise<ApiReply> {
    return this.#reply(await this.#client.call(PREDICT, withStructs(request), options));
  }

  async predictRaw(bytes: Buffer, options: CallOptions = {}): Promise<ApiReply> {
    return this.#reply(await this.#client.callRaw(PREDICT, bytes, options));
  }

  async models(): Promise<Record<string, unknown>> {
    const reply = await this.#client.call('lam.v1.ModelService/ListModels', {});
    return (reply.code === status.OK && 'message' in reply ? reply.message : {}) as Record<string, unknown>;
  }

  #reply(reply: Awaited<ReturnType<GrpcClient['call']>>): ApiReply {
    if ('message' in reply) {
      const { action, ...rest } = reply.message as { action: { args: Parameters<typeof plain>[0] } };
      return { ok: true, response: { ...rest, action: { ...action, args: plain(action.args) } } };
    }
    const { code, details, metadata } = reply;
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]();
  }
}

function withStructs(request: ApiRequest): ApiRequest {
  const previous = request['previous_actions'] as { args?: Record<string, unknown> }[] | undefined;
  if (previous === undefined) return request;
  return {
    ...request,
    previous_actions: previous.map(({ args, ...rest }) =>
      args === undefined ? rest : { ...rest, args: struct(args) },
    ),
  };
}
