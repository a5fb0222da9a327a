/** Failed answers over HTTP as errors, whether a gateway gave them or something in front of it. */
import { type ErrorCode, type ErrorDetails, isGatewayCode, LamClientError } from './errors.ts';

/** For answers without the gateway's code: those of proxies, and of routes that do not exist. */
const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'unimplemented',
  405: 'unimplemented',
  408: 'unavailable',
  413: 'payload_too_large',
  415: 'invalid_request',
  429: 'overloaded',
  502: 'unavailable',
  503: 'unavailable',
  504: 'deadline_exceeded',
};

export type FailedResponse = { readonly status: number; readonly headers: Headers; readonly text: string };

export function errorOfResponse({ status, headers, text }: FailedResponse, nowMs: number): LamClientError {
  const retryAfterMs = readRetryAfter(headers, nowMs);
  const error = errorOfBody(text);
  if (error !== undefined) return retryAfterMs === undefined ? error : error.with({ retryAfterMs });
  const code = CODE_BY_STATUS[status] ?? 'invalid_response';
  return new LamClientError(code, `HTTP status ${status}`, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** `{"error": {"code", "message", "field"?, "request_id"?}}`; undefined: it is something else. */
export function errorOfBody(text: string): LamClientError | undefined {
  const error = parse(text)?.error;
  if (error === undefined || !isGatewayCode(error.code)) return undefined;
  const details: ErrorDetails = {
    ...(typeof error.field === 'string' && { field: error.field }),
    ...(typeof error.request_id === 'string' && { requestId: error.request_id }),
  };
  return new LamClientError(error.code, String(error.message ?? ''), details);
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date. `nowMs` counts from 1970. */
export function readRetryAfter(headers: Headers, nowMs: number): number | undefined {
  const inMs = headers.get('retry-after-ms');
  if (inMs !== null && /^\d+$/.test(inMs)) return Number(inMs);
  const standard = headers.get('retry-after');
  if (standard === null) return undefined;
  if (/^\d+$/.test(standard)) return Number(standard) * 1000;
  const atMs = Date.parse(standard);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

type Body = {
  readonly error?: {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly field?: unknown;
    readonly request_id?: unknown;
  };
};

function parse(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch {
    // A proxy's page.
    return undefined;
  }
}
