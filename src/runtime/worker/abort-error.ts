/** What an aborted signal means for who waits. */
import { GatewayError } from '../errors.ts';

/** `deadline_exceeded` for a timeout, otherwise `cancelled` or the `GatewayError` that was given as the reason. */
export function abortError(signal: AbortSignal): GatewayError {
  const error = GatewayError.from(signal.reason);
  if (error === signal.reason || error.code !== 'internal') return error;
  // Any other reason is the caller's way to say why; it is no failure of ours.
  return new GatewayError('cancelled', 'the request was cancelled', { cause: signal.reason });
}
