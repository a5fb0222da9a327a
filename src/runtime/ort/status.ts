/** Turns every `OrtStatus *` into an error, and releases it. */
import { GatewayError } from '../errors.ts';
import type { Address, OrtLibrary } from './library.ts';

/** Names of `OrtErrorCode`, by value. */
const CODE_NAMES = [
  'OK',
  'FAIL',
  'INVALID_ARGUMENT',
  'NO_SUCHFILE',
  'NO_MODEL',
  'ENGINE_ERROR',
  'RUNTIME_EXCEPTION',
  'INVALID_PROTOBUF',
  'MODEL_LOADED',
  'NOT_IMPLEMENTED',
  'INVALID_GRAPH',
  'EP_FAIL',
];

/**
 * Throws `GatewayError` (`backend_failed`) unless `status` is null, which means success. `doing` completes the sentence
 * "ONNX Runtime failed to ...".
 */
export function check(library: OrtLibrary, status: Address, doing: string): void {
  if (status !== null) throw toError(library, status, doing);
}

function toError({ api }: OrtLibrary, status: bigint, doing: string): GatewayError {
  const code = api.GetErrorCode(status);
  // The text belongs to the status; koffi has copied it into a string by the time that the status is released.
  const text = api.GetErrorMessage(status);
  api.ReleaseStatus(status);
  return new GatewayError('backend_failed', `ONNX Runtime failed to ${doing}: ${CODE_NAMES[code] ?? code}: ${text}`);
}
