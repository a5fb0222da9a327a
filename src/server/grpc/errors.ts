/** Every error code as a gRPC status, and an error as status with trailing metadata. */
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import type { ErrorCode, GatewayError } from '../../runtime/index.ts';
import { statusDetails } from './status-details.ts';

/** Total: a new code does not compile before gRPC answers for it. */
export const GRPC_STATUS: Readonly<Record<ErrorCode, status>> = {
  invalid_request: status.INVALID_ARGUMENT,
  context_length: status.INVALID_ARGUMENT,
  model_not_found: status.NOT_FOUND,
  not_found: status.NOT_FOUND,
  failed_precondition: status.FAILED_PRECONDITION,
  conflict: status.ALREADY_EXISTS,
  unauthenticated: status.UNAUTHENTICATED,
  permission_denied: status.PERMISSION_DENIED,
  payload_too_large: status.RESOURCE_EXHAUSTED,
  rate_limited: status.RESOURCE_EXHAUSTED,
  overloaded: status.RESOURCE_EXHAUSTED,
  cancelled: status.CANCELLED,
  internal: status.INTERNAL,
  backend_failed: status.INTERNAL,
  unimplemented: status.UNIMPLEMENTED,
  unavailable: status.UNAVAILABLE,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
};

export function errorStatus(error: GatewayError, requestId: string): StatusObject {
  const code = GRPC_STATUS[error.code];
  // grpc-js percent-encodes the message and would throw at a lone surrogate; through UTF-8 it becomes U+FFFD.
  const message = Buffer.from(error.message).toString();
  const { field, retryAfterMs } = error.details;
  const metadata = new Metadata();
  metadata.set('lam-error-code', error.code);
  metadata.set('lam-request-id', requestId);
  if (field !== undefined) metadata.set('lam-error-field', field);
  if (retryAfterMs !== undefined) {
    metadata.set('retry-after-ms', String(retryAfterMs));
    // What gRPC's own retry policy reads.
    metadata.set('grpc-retry-pushback-ms', String(retryAfterMs));
  }
  metadata.set('grpc-status-details-bin', statusDetails(error, { code, message }, requestId));
  return { code, details: message, metadata };
}
