/** lam.v1.ActionService/PredictAction */
import type { handleUnaryCall } from '@grpc/grpc-js';
import { GatewayError } from '../../runtime/index.ts';
import { RequestScope } from '../request-scope.ts';
import type { ServerContext } from '../server-context.ts';
import { decodePredictActionRequest, encodePredictActionResponse } from '../wire/binary.ts';
import { errorStatus } from './errors.ts';

/**
 * The client's deadline timer runs ahead of ours by the way the request took, so its cancellation arrives just before our
 * own timer. Within this many milliseconds of the deadline it is the deadline that ended the request.
 */
const DEADLINE_SKEW_MS = 20;

/** Takes and answers bytes: a message that cannot be decoded is the client's error, and grpc-js would call it ours. */
export function predictAction(context: ServerContext): handleUnaryCall<Buffer, Buffer> {
  return async (call, callback) => {
    const deadline = Number(call.getDeadline());
    const timeoutMs = Number.isFinite(deadline) ? deadline - Date.now() : undefined;
    using scope = new RequestScope({
      timeoutMs,
      deadlines: context.limits,
      shutdownSignal: context.lifecycle.shutdownSignal,
    });
    call.on('cancelled', () => {
      if (Date.now() + DEADLINE_SKEW_MS >= deadline) scope.expire();
      else scope.cancel();
    });
    try {
      const response = await context.actions.predictAction(() => decodePredictActionRequest(call.request), scope);
      callback(null, encodePredictActionResponse(response));
    } catch (error) {
      callback(errorStatus(GatewayError.from(error), scope.requestId));
    }
  };
}
