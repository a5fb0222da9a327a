/** Every error code as a gRPC status, and an error as status with trailing metadata. */
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import type { ErrorCode, GatewayError } from '../../runtime/index.ts';

/** Total: a new code does not compile before gRPC answers for it. */
export const GRPC_STATUS: Readonly<Record<ErrorCode, status>> = {
  invalid_request: status.INVALID_ARGUMENT,
  context_length: status.INVALID_ARGUMENT,
  model_not_found: status.NOT_FOUND,
  payload_too_large: status.RESOURCE_EXHAUSTED,
  overloaded: status.RESOURCE_EXHAUSTED,
  cancelled: status.CANCELLED,
  internal: status.INTERNAL,
  backend_failed: status.INTERNAL,
  unimplemented: status.UNIMPLEMENTED,
  unavailable: status.UNAVAILABLE,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
};

export function errorStatus({ code, message, details }: GatewayError, requestId: string): Partial<StatusObject> {
  const metadata = new Metadata();
  metadata.set('lam-error-code', code);
  metadata.set('lam-request-id', requestId);
  if (details.field !== undefined) metadata.set('lam-error-field', details.field);
  if (details.retryAfterMs !== undefined) metadata.set('retry-after-ms', String(details.retryAfterMs));
  // grpc-js percent-encodes the message and would throw at a lone surrogate; through UTF-8 it becomes U+FFFD.
  return { code: GRPC_STATUS[code], details: Buffer.from(message).toString(), metadata };
}
