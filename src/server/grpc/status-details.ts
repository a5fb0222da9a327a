/** An error as google.rpc.Status with details, for clients that honour the standard error model of gRPC. */
import protobuf from 'protobufjs';
import type { GatewayError } from '../../runtime/index.ts';

/** google/rpc/status.proto and error_details.proto, as far as they are used. */
const { root } = protobuf.parse(
  `syntax = "proto3";
   package google.rpc;
   message Any { string type_url = 1; bytes value = 2; }
   message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
   message Duration { int64 seconds = 1; int32 nanos = 2; }
   message RetryInfo { Duration retry_delay = 1; }
   message ErrorInfo { string reason = 1; string domain = 2; }
   message RequestInfo { string request_id = 1; }
   message BadRequest {
     message FieldViolation { string field = 1; string description = 2; }
     repeated FieldViolation field_violations = 1;
   }`,
  { keepCase: true },
);

/** Whose error reasons they are. */
const DOMAIN = 'lam-gateway';

/** The value of the trailing metadata `grpc-status-details-bin`. `message` is well-formed Unicode. */
export function statusDetails(
  { code, details }: GatewayError,
  status: { readonly code: number; readonly message: string },
  requestId: string,
): Buffer {
  const { field, retryAfterMs } = details;
  const parts = [
    detail('ErrorInfo', { reason: code.toUpperCase(), domain: DOMAIN }),
    detail('RequestInfo', { request_id: requestId }),
    ...(field === undefined
      ? []
      : [detail('BadRequest', { field_violations: [{ field, description: status.message }] })]),
    ...(retryAfterMs === undefined ? [] : [detail('RetryInfo', { retry_delay: duration(retryAfterMs) })]),
  ];
  return encode('Status', { ...status, details: parts });
}

function detail(name: string, message: object): object {
  return { type_url: `type.googleapis.com/google.rpc.${name}`, value: encode(name, message) };
}

function encode(name: string, message: object): Buffer {
  return root.lookupType(`google.rpc.${name}`).encode(message).finish() as Buffer;
}

function duration(ms: number): object {
  const seconds = Math.floor(ms / 1e3);
  return { seconds, nanos: Math.round((ms - seconds * 1e3) * 1e6) };
}
