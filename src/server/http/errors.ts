/** Every error code as an HTTP status, and an error as a JSON answer. */
import type { ErrorCode, GatewayError } from '../../runtime/index.ts';

/** Total: a new code does not compile before HTTP answers for it. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_request: 400,
  context_length: 400,
  model_not_found: 404,
  not_found: 404,
  failed_precondition: 412,
  conflict: 409,
  unauthenticated: 401,
  permission_denied: 403,
  payload_too_large: 413,
  rate_limited: 429,
  overloaded: 429,
  // nginx's "client closed request": nobody reads it but the log.
  cancelled: 499,
  internal: 500,
  backend_failed: 500,
  unimplemented: 501,
  unavailable: 503,
  deadline_exceeded: 504,
};

/** Failures of HTTP itself, which other protocols do not have. */
export type HttpErrorCode = 'method_not_allowed' | 'unsupported_media_type';

type ErrorBody = {
  readonly code: ErrorCode | HttpErrorCode;
  readonly message: string;
  readonly field?: string;
  readonly request_id?: string;
};

export const JSON_TYPE = 'application/json; charset=utf-8';

/** What an answer's body, or an event of a stream, says of an error. `requestId` is empty where no rpc was called. */
export function errorBody({ code, message, details }: GatewayError, requestId: string): { readonly error: ErrorBody } {
  const { field } = details;
  return {
    error: { code, message, ...(field !== undefined && { field }), ...(requestId && { request_id: requestId }) },
  };
}

export function errorResponse(failure: GatewayError, requestId: string): Response {
  const { retryAfterMs } = failure.details;
  const headers: Record<string, string> = { 'content-type': JSON_TYPE };
  if (retryAfterMs !== undefined) {
    // The standard header counts whole seconds; the other one lets a client come back sooner.
    headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
    headers['retry-after-ms'] = String(retryAfterMs);
  }
  // What RFC 6750 has a client be told.
  if (failure.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  const body = JSON.stringify(errorBody(failure, requestId));
  return new Response(body, { status: HTTP_STATUS[failure.code], headers });
}

export function httpErrorResponse(
  status: number,
  error: { readonly code: ErrorCode | HttpErrorCode; readonly message: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify({ error }), { status, headers: { 'content-type': JSON_TYPE, ...headers } });
}
