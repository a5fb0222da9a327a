/** Failed calls over gRPC as errors, whether a gateway failed them or something on the way did. */
import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type ErrorCode, type ErrorDetails, isGatewayCode, LamClientError } from '../errors.ts';
import { retryDelayOf } from './status-details.ts';

/** For calls that no gateway answered: what is missing here is not known any better than that the call failed. */
const CODE_BY_STATUS: Partial<Readonly<Record<status, ErrorCode>>> = {
  [status.CANCELLED]: 'connection_failed',
  [status.UNKNOWN]: 'internal',
  [status.INVALID_ARGUMENT]: 'invalid_request',
  [status.DEADLINE_EXCEEDED]: 'deadline_exceeded',
  [status.NOT_FOUND]: 'not_found',
  [status.PERMISSION_DENIED]: 'permission_denied',
  [status.UNAUTHENTICATED]: 'unauthenticated',
  [status.UNIMPLEMENTED]: 'unimplemented',
};

export function errorOfStatus(error: ServiceError): LamClientError {
  const { code, details, metadata } = error;
  const retryAfterMs = readRetryAfter(metadata);
  const field = text(metadata, 'lam-error-field');
  const requestId = text(metadata, 'lam-request-id');
  const known: ErrorDetails = {
    ...(field !== undefined && { field }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    cause: error,
  };
  const gatewayCode = text(metadata, 'lam-error-code');
  return new LamClientError(isGatewayCode(gatewayCode) ? gatewayCode : codeOf(code, details), details, known);
}

/** A gateway always names its code. Without one, UNAVAILABLE and INTERNAL are grpc-js telling of a broken connection. */
function codeOf(code: status, details: string): ErrorCode {
  if (code === status.RESOURCE_EXHAUSTED) return /larger than max/.test(details) ? 'payload_too_large' : 'overloaded';
  return CODE_BY_STATUS[code] ?? 'connection_failed';
}

/** Milliseconds. A negative push-back asks for no repeat at all. */
function readRetryAfter(metadata: Metadata): number | undefined {
  const inMs = text(metadata, 'retry-after-ms') ?? text(metadata, 'grpc-retry-pushback-ms');
  if (inMs !== undefined && /^-?\d+$/.test(inMs)) return Number(inMs) < 0 ? Number.POSITIVE_INFINITY : Number(inMs);
  const [bytes] = metadata.get('grpc-status-details-bin');
  return Buffer.isBuffer(bytes) ? retryDelayOf(bytes) : undefined;
}

function text(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === 'string' ? value : undefined;
}
