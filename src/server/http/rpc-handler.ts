/** Rpcs over HTTP: JSON in, JSON or server-sent events out. */
import { GatewayError, invalid } from '../../runtime/index.ts';
import type { Call, Origin } from '../call.ts';
import type { Read } from '../dispatcher.ts';
import type { Rpc, ServerStreamRpc } from '../rpc.ts';
import type { ServerContext } from '../server-context.ts';
import { TRACE_RESPONSE, traceResponse } from '../tracing/trace-context.ts';
import { decodeJson, parseJson } from '../wire/json.ts';
import { readBody } from './body.ts';
import { errorResponse, httpErrorResponse, JSON_TYPE } from './errors.ts';
import { eventStream } from './event-stream.ts';
import { mediaTypeProblem } from './media-type.ts';
import { type Match, withParams } from './routes.ts';

/** The client's deadline in milliseconds from now. */
const TIMEOUT_HEADER = 'x-request-timeout-ms';
/** A day and more is no deadline; longer digit strings are a mistake. */
const TIMEOUT_FORMAT = /^[1-9]\d{0,8}$/;

export type RpcRequest = {
  readonly rpc: Rpc;
  readonly params: Match['params'];
  readonly request: Request;
  readonly origin: Origin;
};

export async function handleRpc(incoming: RpcRequest, context: ServerContext): Promise<Response> {
  const { rpc, request } = incoming;
  const problem = rpc.http?.method === 'POST' ? mediaTypeProblem(request.headers) : undefined;
  if (problem !== undefined) return httpErrorResponse(415, { code: 'unsupported_media_type', message: problem });
  const call = begin(incoming, context);
  const response = await answer(incoming, call, context);
  const trace = traceResponse(call.report);
  if (trace !== undefined) response.headers.set(TRACE_RESPONSE, trace);
  // The client's next request belongs to another gateway.
  if (context.lifecycle.phase === 'draining') response.headers.set('connection', 'close');
  return response;
}

async function answer(incoming: RpcRequest, call: Call, context: ServerContext): Promise<Response> {
  const { rpc } = incoming;
  const read = () => readMessage(incoming, context.limits.maxBodyBytes);
  try {
    if (rpc.kind === 'unary') return json(await context.dispatcher.unary(rpc, call, read));
    if (rpc.kind === 'server_stream') return await stream(rpc, call, { context, read });
    throw new GatewayError('unimplemented', `${rpc.name} is not offered over HTTP`);
  } catch (error) {
    return errorResponse(GatewayError.from(error), call.scope.requestId);
  }
}

function begin({ rpc, request, origin }: RpcRequest, { dispatcher }: ServerContext): Call {
  const timeout = request.headers.get(TIMEOUT_HEADER);
  const timeoutMs = timeout !== null && TIMEOUT_FORMAT.test(timeout) ? Number(timeout) : undefined;
  const call = dispatcher.begin(rpc, { timeoutMs, origin });
  request.signal.addEventListener('abort', call.scope.cancel);
  if (request.signal.aborted) call.scope.cancel();
  return call;
}

async function readMessage({ rpc, params, request }: RpcRequest, maxBodyBytes: number): Promise<object> {
  const timeout = request.headers.get(TIMEOUT_HEADER);
  if (timeout !== null && !TIMEOUT_FORMAT.test(timeout)) {
    throw invalid(TIMEOUT_HEADER, 'expected a positive number of milliseconds');
  }
  if (rpc.http?.method === 'GET') return withParams({}, params);
  return withParams(decodeJson(rpc.method.request, parseJson(await readBody(request, maxBodyBytes))), params);
}

function json(message: object): Response {
  return new Response(JSON.stringify(message), { headers: { 'content-type': JSON_TYPE } });
}

/** Waits for the first message, so that what is refused at once is refused with a status. */
async function stream(
  rpc: ServerStreamRpc,
  call: Call,
  { context, read }: { readonly context: ServerContext; readonly read: Read },
): Promise<Response> {
  const messages = context.dispatcher.serverStream(rpc, call, read);
  const first = await messages.next();
  const body = eventStream({
    messages: first.done ? messages : startingWith(first.value, messages),
    signal: call.scope.signal,
    onCancel: call.scope.cancel,
    requestId: () => call.scope.requestId,
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
}

async function* startingWith(first: object, rest: AsyncIterable<object>): AsyncGenerator<object> {
  yield first;
  yield* rest;
}
