/** The gRPC status of every error code, written down by hand. */
import { status } from '@grpc/grpc-js';
import type { ErrorCode } from '../../src/runtime/index.ts';

export const GRPC_CODES: Readonly<Record<ErrorCode, number>> = {
  invalid_request: status.INVALID_ARGUMENT,
  context_length: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  permission_denied: status.PERMISSION_DENIED,
  model_not_found: status.NOT_FOUND,
  not_found: status.NOT_FOUND,
  conflict: status.ALREADY_EXISTS,
  failed_precondition: status.FAILED_PRECONDITION,
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
