/** Every error code as an HTTP status, and an error as a JSON answer. */
import type { ErrorCode, GatewayError } from '../../runtime/index.ts';

/** Total: a new code does not compile before HTTP answers for it. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_request: 400,
  context_length: 400,
  model_not_found: 404,
  payload_too_large: 413,
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
export type HttpErrorCode = 'not_found' | 'method_not_allowed' | 'unsupported_media_type';

type ErrorBody = {
  readonly code: ErrorCode | HttpErrorCode;
  readonly message: string;
  readonly field?: string;
  readonly request_id?: string;
};

export const JSON_TYPE = 'application/json; charset=utf-8';

export function errorResponse({ code, message, details }: GatewayError, requestId: string): Response {
  const { field, retryAfterMs } = details;
  const headers: Record<string, string> = { 'content-type': JSON_TYPE };
  if (retryAfterMs !== undefined) {
    // The standard header counts whole seconds; the other one lets a client come back sooner.
    headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
    headers['retry-after-ms'] = String(retryAfterMs);
  }
  const error: ErrorBody = { code, message, ...(field !== undefined && { field }), request_id: requestId };
  return new Response(JSON.stringify({ error }), { status: HTTP_STATUS[code], headers });
}

export function httpErrorResponse(
  status: number,
  error: { readonly code: HttpErrorCode; readonly message: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify({ error }), { status, headers: { 'content-type': JSON_TYPE, ...headers } });
}
