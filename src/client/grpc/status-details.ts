/** google.rpc.RetryInfo out of `grpc-status-details-bin`. */
import protobuf from 'protobufjs';

/** google/rpc/status.proto and error_details.proto, as far as they are read. */
const { root } = protobuf.parse(
  `syntax = "proto3";
   package google.rpc;
   message Any { string type_url = 1; bytes value = 2; }
   message Status { repeated Any details = 3; }
   message Duration { int64 seconds = 1; int32 nanos = 2; }
   message RetryInfo { Duration retry_delay = 1; }`,
  { keepCase: true },
);
const statusType = root.lookupType('google.rpc.Status');
const retryInfoType = root.lookupType('google.rpc.RetryInfo');

type Status = { readonly details?: readonly { readonly type_url?: string; readonly value?: Uint8Array }[] };
type RetryInfo = { readonly retry_delay?: { readonly seconds?: number; readonly nanos?: number } };

/** Milliseconds; undefined: the bytes hold none. */
export function retryDelayOf(bytes: Uint8Array): number | undefined {
  try {
    const { details = [] } = read<Status>(statusType, bytes);
    const info = details.find(({ type_url = '' }) => type_url.endsWith('/google.rpc.RetryInfo'));
    if (info?.value === undefined) return undefined;
    const { seconds = 0, nanos = 0 } = read<RetryInfo>(retryInfoType, info.value).retry_delay ?? {};
    return seconds * 1e3 + nanos / 1e6;
  } catch {
    // Details of some other kind; they are a hint at best.
    return undefined;
  }
}

function read<T extends object>(type: protobuf.Type, bytes: Uint8Array): T {
  return type.toObject(type.decode(bytes), { longs: Number }) as T;
}
