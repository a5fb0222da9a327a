/**
 * The thin client of a gateway: `lam-gateway/client`. Needs `fetch` and nothing of Node's own; gRPC is in
 * `lam-gateway/client/grpc`.
 */
export type { CallOptions } from './caller.ts';
export { type Headers, LamClient, type LamClientOptions } from './client.ts';
export type { Clock } from './clock.ts';
export { type ControlDifference, diffControls } from './diff-controls.ts';
export type { Episode, EpisodeOptions, StepDetails, StepOutcome } from './episode.ts';
export type * from './episode-messages.ts';
export { type ErrorCode, type ErrorDetails, GATEWAY_CODES, type GatewayCode, LamClientError } from './errors.ts';
export { type HttpTransportOptions, httpTransport } from './http.ts';
export type * from './messages.ts';
export type { Method, Safety } from './methods.ts';
export type * from './model-messages.ts';
export { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
export type { Attempt, Connect, Transport } from './transport.ts';
