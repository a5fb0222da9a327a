/** The closed table of error codes, and the one class that carries them. Protocols map codes to their own statuses. */

/** Every way in which a request can fail. `src/server/http` and `src/server/grpc` each map all of them. */
export type ErrorCode =
  | 'invalid_request'
  | 'context_length'
  | 'model_not_found'
  /** No such episode, or whatever else is named. */
  | 'not_found'
  /** The request is fine but the gateway's state is not: an unknown base of a difference, a model that is in use. */
  | 'failed_precondition'
  /** The same request id with another body. */
  | 'conflict'
  | 'unauthenticated'
  | 'permission_denied'
  | 'payload_too_large'
  /** This caller's own limit, not the gateway's. */
  | 'rate_limited'
  | 'overloaded'
  | 'cancelled'
  | 'deadline_exceeded'
  | 'unavailable'
  | 'unimplemented'
  | 'backend_failed'
  | 'internal';

/** What a client may be told beside the message. */
export type ErrorDetails = {
  /** Path of the offending input field in proto spelling, e.g. `controls[3].id`. */
  readonly field?: string;
  /** How long to wait before a repeat, in milliseconds; set on `overloaded`, `rate_limited` and `unavailable`. */
  readonly retryAfterMs?: number;
};

/** An expected failure. A bug is an {@link InvariantError} instead. */
export class GatewayError extends Error {
  override readonly name: string = 'GatewayError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: ErrorDetails & { cause?: unknown } = {}) {
    const { cause, ...details } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** The only conversion of something thrown: aborts become `cancelled`, timeouts `deadline_exceeded`, the rest `internal`. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    if (thrown instanceof Error) {
      if (thrown.name === 'AbortError')
        return new GatewayError('cancelled', 'the request was cancelled', { cause: thrown });
      if (thrown.name === 'TimeoutError') {
        return new GatewayError('deadline_exceeded', 'the deadline passed', { cause: thrown });
      }
      return new GatewayError('internal', thrown.message, { cause: thrown });
    }
    return new GatewayError('internal', String(thrown));
  }
}

/** A broken invariant: a bug of ours, never the caller's fault. */
export class InvariantError extends GatewayError {
  override readonly name = 'InvariantError';

  constructor(message: string) {
    super('internal', message);
  }
}

/** Throws {@link InvariantError} unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Shorthand for the most common failure: an input field that is not acceptable. */
export function invalid(field: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `${field}: ${problem}`, { field });
}
