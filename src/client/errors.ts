/** The one error that calls fail with. */

/** The gateway's own codes; docs/api.md says what to do about each. */
export const GATEWAY_CODES = [
  'invalid_request',
  'context_length',
  'model_not_found',
  'not_found',
  'failed_precondition',
  'conflict',
  'unauthenticated',
  'permission_denied',
  'payload_too_large',
  'rate_limited',
  'overloaded',
  'cancelled',
  'deadline_exceeded',
  'unavailable',
  'unimplemented',
  'backend_failed',
  'internal',
] as const;

export type GatewayCode = (typeof GATEWAY_CODES)[number];

/**
 * Beside the gateway's codes:
 * - connection_failed: no whole answer came back. Whether the request arrived is not known.
 * - invalid_response: something that is no gateway answered.
 */
export type ErrorCode = GatewayCode | 'connection_failed' | 'invalid_response';

export type ErrorDetails = {
  /** The offending field in proto spelling, for example `controls[3].id`. */
  readonly field?: string;
  /** How long the gateway asks to wait before a repeat, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Under which the gateway's log has the request. */
  readonly requestId?: string;
  /** Who failed. */
  readonly endpoint?: string;
  /** How often it was tried. */
  readonly attempts?: number;
  readonly cause?: unknown;
};

const RETRYABLE: readonly ErrorCode[] = ['overloaded', 'rate_limited', 'unavailable', 'connection_failed'];

export class LamClientError extends Error {
  override readonly name = 'LamClientError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly endpoint: string | undefined;
  readonly attempts: number;

  /** The code is part of the message, because that is often all that a log shows. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(`[${code}] ${message}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
    this.endpoint = details.endpoint;
    this.attempts = details.attempts ?? 1;
  }

  /** The same call may succeed later. The client itself has then already repeated it as often as it was allowed to. */
  get retryable(): boolean {
    return RETRYABLE.includes(this.code);
  }

  /** The same error with more known about it. */
  with(details: ErrorDetails): LamClientError {
    const { field, retryAfterMs, requestId, endpoint, attempts, cause } = this;
    const known = Object.entries({ field, retryAfterMs, requestId, endpoint, attempts, cause });
    const kept: ErrorDetails = Object.fromEntries(known.filter(([, value]) => value !== undefined));
    return new LamClientError(this.code, this.message.slice(this.code.length + 3), { ...kept, ...details });
  }
}

export function isGatewayCode(text: unknown): text is GatewayCode {
  return GATEWAY_CODES.some((code) => code === text);
}
