/** Errors on their way between threads: structured clones lose the class, so they travel as data. */
import { type ErrorCode, type ErrorDetails, GatewayError } from '../errors.ts';

export type WireError = { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };

export function toWireError(thrown: unknown): WireError {
  const { code, message, details } = GatewayError.from(thrown);
  return { code, message, details };
}

export function fromWireError({ code, message, details }: WireError): GatewayError {
  return new GatewayError(code, message, details);
}
