/**
 * Rpcs as grpc-js handlers, one per kind. They take and answer bytes: a message that cannot be decoded is the client's
 * error, and grpc-js would call it ours.
 */
import { type EventEmitter, once } from 'node:events';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { GatewayError } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { untilAborted } from '../request-scope.ts';
import type { BidiStreamRpc, Rpc, ServerStreamRpc, UnaryRpc } from '../rpc.ts';
import type { ServerContext } from '../server-context.ts';
import { TRACE_RESPONSE, traceResponse } from '../tracing/trace-context.ts';
import { decodeBinary, encodeBinary } from '../wire/binary.ts';
import { errorStatus } from './errors.ts';
import { grpcOrigin } from './origin.ts';

/**
 * The client's deadline timer runs ahead of ours by the way the request took, so its cancellation arrives just before our
 * own timer. Within this many milliseconds of the deadline it is the deadline that ended the request.
 */
const DEADLINE_SKEW_MS = 20;

export function handlerOf(rpc: Rpc, context: ServerContext): UntypedHandleCall {
  switch (rpc.kind) {
    case 'unary':
      return unary(rpc, context);
    case 'server_stream':
      return serverStream(rpc, context);
    case 'bidi_stream':
      return bidiStream(rpc, context);
  }
}

function unary(rpc: UnaryRpc, context: ServerContext): handleUnaryCall<Buffer, Buffer> {
  const { request, response } = rpc.method;
  return async (stream, callback) => {
    const call = begin(rpc, stream, context);
    try {
      const answer = await context.dispatcher.unary(rpc, call, () => decodeBinary(request, stream.request));
      callback(null, encodeBinary(response, answer));
    } catch (error) {
      callback(errorStatus(GatewayError.from(error), call.scope.requestId));
    }
  };
}

function serverStream(rpc: ServerStreamRpc, context: ServerContext): handleServerStreamingCall<Buffer, Buffer> {
  return (stream) => {
    const call = begin(rpc, stream, context);
    const answers = context.dispatcher.serverStream(rpc, call, () => decodeBinary(rpc.method.request, stream.request));
    void send(answers, stream, { rpc, call });
  };
}

function bidiStream(rpc: BidiStreamRpc, context: ServerContext): handleBidiStreamingCall<Buffer, Buffer> {
  return (stream) => {
    const call = begin(rpc, stream, context);
    void send(context.dispatcher.bidiStream(rpc, call, messages(rpc, stream)), stream, { rpc, call });
  };
}

/** What every kind of call has. */
type AnyStream = Pick<
  ServerUnaryCall<Buffer, Buffer>,
  'metadata' | 'getPeer' | 'getAuthContext' | 'getDeadline' | 'sendMetadata'
> &
  EventEmitter;

function begin(rpc: Rpc, stream: AnyStream, { dispatcher }: ServerContext): Call {
  const deadline = Number(stream.getDeadline());
  const timeoutMs = Number.isFinite(deadline) ? deadline - Date.now() : undefined;
  const call = dispatcher.begin(rpc, { timeoutMs, origin: grpcOrigin(stream.metadata, stream) });
  const trace = traceResponse(call.report);
  if (trace !== undefined) {
    const metadata = new Metadata();
    metadata.set(TRACE_RESPONSE, trace);
    stream.sendMetadata(metadata);
  }
  stream.on('cancelled', () => {
    if (Date.now() + DEADLINE_SKEW_MS >= deadline) call.scope.expire();
    else call.scope.cancel();
  });
  return call;
}

async function* messages({ method }: Rpc, stream: ServerDuplexStream<Buffer, Buffer>): AsyncGenerator<object> {
  // NOTE: iterating the stream itself would destroy it at the client's last message, and with it the way for answers.
  for await (const bytes of stream.iterator({ destroyOnReturn: false }))
    yield decodeBinary(method.request, bytes as Buffer);
}

/** Writes no faster than the client reads. */
async function send(
  answers: AsyncIterable<object>,
  stream: ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>,
  { rpc, call }: { readonly rpc: Rpc; readonly call: Call },
): Promise<void> {
  const { signal } = call.scope;
  try {
    for await (const answer of answers) {
      if (!stream.write(encodeBinary(rpc.method.response, answer))) await untilAborted(once(stream, 'drain'), signal);
    }
    stream.end();
  } catch (error) {
    // grpc-js sends an error that is emitted as the status of the stream.
    stream.emit('error', errorStatus(GatewayError.from(error), call.scope.requestId));
  }
}
