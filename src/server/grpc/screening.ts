/**
 * Looks at a call before its message is read: grpc-js gathers the whole message, megabytes of it, before a handler runs.
 * Who may not call has none gathered, and a message that does not arrive in time ends its call. What grpc-js itself refuses of a
 * message, for its size or its compression, is told and counted as any other error.
 */
import {
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import { GatewayError } from '../../runtime/index.ts';
import type { Origin } from '../call.ts';
import type { Rpc } from '../rpc.ts';
import type { ServerContext } from '../server-context.ts';
import { errorStatus } from './errors.ts';
import { grpcOrigin } from './origin.ts';

export function screening(context: ServerContext): ServerInterceptor {
  const rpcs = new Map(context.rpcs.map((rpc) => [rpc.method.path, rpc]));
  const { maxBodyBytes, maxHeaderBytes, requestTimeoutMs } = context.limits;

  return ({ path }, call) => {
    const rpc = rpcs.get(path);
    // Health and reflection are open to all.
    if (rpc === undefined) return new ServerInterceptingCall(call);
    if (rpc.kind === 'unary') sendTogether(call);
    let timer: NodeJS.Timeout | undefined;
    const settle = () => clearTimeout(timer);
    const send = call.sendStatus.bind(call);
    let isRefused = false;
    const refuse = async (origin: Origin, error: GatewayError) => {
      settle();
      // Each piece of a message that is too large is refused anew.
      if (isRefused) return;
      isRefused = true;
      send(await refusal(rpc, { origin, error }, context));
    };

    let unread: Origin | undefined;
    // NOTE: The one trace of what grpc-js refuses itself is that it sends a status; it tells no interceptor and no handler.
    call.sendStatus = (ended) => {
      if (unread !== undefined) void refuse(unread, messageError(ended, maxBodyBytes));
      else if (rpc.kind === 'bidi_stream' && !isOurs(ended)) send(errorStatus(messageError(ended, maxBodyBytes), ''));
      else send(ended);
    };

    const screen = async (metadata: Metadata, next: (metadata: Metadata) => void) => {
      const origin = grpcOrigin(metadata, call);
      if (bytesOf(metadata) > maxHeaderBytes) {
        const message = `the metadata is larger than ${maxHeaderBytes} bytes`;
        return refuse(origin, new GatewayError('payload_too_large', message));
      }
      if (!(await context.security.screen(origin))) return refuse(origin, CHANGED_MIND);
      // The messages of a bidirectional stream come when there is something to say.
      if (rpc.kind !== 'bidi_stream') {
        timer = setTimeout(() => {
          const message = `no message within ${requestTimeoutMs} ms`;
          void refuse(origin, new GatewayError('deadline_exceeded', message));
        }, requestTimeoutMs);
        unread = origin;
      }
      next(metadata);
    };

    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => void screen(metadata, next))
      .withOnReceiveMessage((message, next) => {
        settle();
        unread = undefined;
        next(message);
      })
      .withOnCancel(settle)
      .build();
    const responder = new ResponderBuilder().withStart((next) => next(listener)).build();
    return new ServerInterceptingCall(call, responder);
  };
}

/**
 * Lets a message and the status behind it leave together. grpc-js sends the status when the message is written, a turn of the
 * event loop later; the status of a unary answer is known before.
 */
function sendTogether(call: ServerInterceptingCallInterface): void {
  const sendMessage = call.sendMessage.bind(call);
  call.sendMessage = (message, sent) => {
    sendMessage(message, () => {});
    sent();
  };
}

/** Who was refused a moment ago would be let in now: the credentials have just been reloaded. */
const CHANGED_MIND = new GatewayError('unavailable', 'the credentials were being reloaded', { retryAfterMs: 100 });

/** A status, as grpc-js hands it on. */
type Ended = Parameters<ServerInterceptingCall['sendStatus']>[0];

/** Of our handlers, whose errors have a code of ours. */
function isOurs({ code, metadata }: Ended): boolean {
  return code === status.OK || (metadata?.get('lam-error-code') ?? []).length > 0;
}

/** What grpc-js has against a message. */
function messageError({ code, details }: Ended, maxBytes: number): GatewayError {
  switch (code) {
    case status.RESOURCE_EXHAUSTED:
      return new GatewayError('payload_too_large', `the message is larger than ${maxBytes} bytes`);
    case status.DEADLINE_EXCEEDED:
      return new GatewayError('deadline_exceeded', 'the deadline has passed');
    case status.UNIMPLEMENTED:
      return new GatewayError('unimplemented', details ?? '');
    default:
      return new GatewayError('invalid_request', details ?? '');
  }
}

type Refused = { readonly origin: Origin; readonly error: GatewayError };

/** The call takes its usual way, so that it is counted and logged as any other, but ends where its message is read. */
async function refusal(rpc: Rpc, { origin, error }: Refused, { dispatcher }: ServerContext): Promise<StatusObject> {
  const call = dispatcher.begin(rpc, { timeoutMs: undefined, origin });
  const read = () => Promise.reject(error);
  try {
    if (rpc.kind === 'unary') await dispatcher.unary(rpc, call, read);
    else if (rpc.kind === 'server_stream') await dispatcher.serverStream(rpc, call, read).next();
    else await dispatcher.bidiStream(rpc, call, failing(error)).next();
  } catch (thrown) {
    return errorStatus(GatewayError.from(thrown), call.scope.requestId);
  }
  return errorStatus(error, call.scope.requestId);
}

async function* failing(error: GatewayError): AsyncGenerator<object> {
  yield await Promise.reject(error);
}

/** As HTTP/2 counts: names and values, without what each entry costs besides. */
function bytesOf(metadata: Metadata): number {
  return Object.entries(metadata.toHttp2Headers()).reduce((bytes, [name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return bytes + values.reduce<number>((sum, item) => sum + name.length + String(item).length, 0);
  }, 0);
}
