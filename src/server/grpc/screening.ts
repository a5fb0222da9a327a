/**
 * Looks at a call before its message is read: grpc-js gathers the whole message, megabytes of it, before a handler runs.
 * Who may not call has none gathered, and a message that does not arrive in time ends its call.
 */
import {
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  type StatusObject,
} from '@grpc/grpc-js';
import { GatewayError } from '../../runtime/index.ts';
import type { Origin } from '../call.ts';
import type { Rpc } from '../rpc.ts';
import type { ServerContext } from '../server-context.ts';
import { errorStatus } from './errors.ts';
import { grpcOrigin } from './origin.ts';

export function screening(context: ServerContext): ServerInterceptor {
  const rpcs = new Map(context.rpcs.map((rpc) => [rpc.method.path, rpc]));
  const { maxHeaderBytes, requestTimeoutMs } = context.limits;

  return ({ path }, call) => {
    const rpc = rpcs.get(path);
    // Health and reflection are open to all.
    if (rpc === undefined) return new ServerInterceptingCall(call);
    let timer: NodeJS.Timeout | undefined;
    const settle = () => clearTimeout(timer);
    const refuse = async (origin: Origin, error: GatewayError) => {
      settle();
      call.sendStatus(await refusal(rpc, { origin, error }, context));
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
        const error = new GatewayError('deadline_exceeded', `no message within ${requestTimeoutMs} ms`);
        timer = setTimeout(() => void refuse(origin, error), requestTimeoutMs);
      }
      next(metadata);
    };

    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => void screen(metadata, next))
      .withOnReceiveMessage((message, next) => {
        settle();
        next(message);
      })
      .withOnCancel(settle)
      .build();
    const responder = new ResponderBuilder().withStart((next) => next(listener)).build();
    return new ServerInterceptingCall(call, responder);
  };
}

/** Who was refused a moment ago would be let in now: the credentials have just been reloaded. */
const CHANGED_MIND = new GatewayError('unavailable', 'the credentials were being reloaded', { retryAfterMs: 100 });

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
