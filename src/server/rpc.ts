/** What an rpc is: its names, its routes, what it takes to call it, and the use case behind it. */
import { invariant } from '../runtime/index.ts';
import type { Call, Permission } from './call.ts';
import { describeMethod, type MethodDescriptor } from './wire/schema.ts';

/**
 * - permit: the gateway is ready and admission has room; the deadline has the configured default and maximum
 * - ready: the gateway is ready; the deadline is the client's, or none
 * - always: whatever the gateway's phase; the deadline is the client's, or none
 */
export type AdmissionRule = 'permit' | 'ready' | 'always';

/** Segments in braces are fields of the request, for example `/v1/episodes/{session_id}:end`. */
export type HttpRoute = { readonly method: 'GET' | 'POST'; readonly path: string };

type RpcBase = {
  /** In package lam.v1. */
  readonly service: string;
  readonly name: string;
  /** Undefined: not offered over HTTP. */
  readonly http?: HttpRoute;
  readonly permission: Permission;
  readonly admission: AdmissionRule;
};

/**
 * Declared as methods, so that each row's use case may name its own message type: the codecs guarantee the type that the
 * .proto files state.
 */
export type UnaryUseCase = { handle(message: object, call: Call): object | Promise<object> };
export type StreamUseCase = { handle(message: object, call: Call): AsyncIterable<object> };
export type DuplexUseCase = { handle(messages: AsyncIterable<object>, call: Call): AsyncIterable<object> };

export type RpcRow = RpcBase &
  (
    | ({ readonly kind: 'unary' } & UnaryUseCase)
    | ({ readonly kind: 'server_stream' } & StreamUseCase)
    | ({ readonly kind: 'bidi_stream' } & DuplexUseCase)
  );

/** A row of the table together with what the .proto files say of it. */
export type Rpc = RpcRow & { readonly method: MethodDescriptor };
export type UnaryRpc = Extract<Rpc, { readonly kind: 'unary' }>;
export type ServerStreamRpc = Extract<Rpc, { readonly kind: 'server_stream' }>;
export type BidiStreamRpc = Extract<Rpc, { readonly kind: 'bidi_stream' }>;

/** Throws `InvariantError` if the row contradicts the .proto files. */
export function defineRpc(row: RpcRow): Rpc {
  const method = describeMethod(row.service, row.name);
  invariant(method.kind === row.kind, `${method.path} is ${method.kind} in the .proto files, ${row.kind} in the table`);
  return { ...row, method };
}
