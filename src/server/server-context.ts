/** What both protocol servers are built with. */
import type { Logger } from 'pino';
import type { Dispatcher } from './dispatcher.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';
import type { Rpc } from './rpc.ts';
import type { SecurityConfig } from './security/config-keys.ts';
import type { Security } from './security/security.ts';
import type { StartupProgress } from './startup-progress.ts';

/**
 * How long the last answers may take to leave when a server closes, in milliseconds; then every connection is cut. Only
 * connections that would never end by themselves need all of it: health watches, half-sent requests.
 */
export const FLUSH_MS = 500;

export type ServerContext = {
  readonly rpcs: readonly Rpc[];
  readonly dispatcher: Dispatcher;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly startup: StartupProgress;
  readonly security: Security;
  readonly logger: Logger;
  readonly limits: TransportLimits;
};

/** Bounds on connections and on what comes over them. */
export type TransportLimits = Pick<
  SecurityConfig,
  | 'maxHeaderBytes'
  | 'headersTimeoutMs'
  | 'requestTimeoutMs'
  | 'idleTimeoutMs'
  | 'maxConnections'
  | 'maxConnectionsPerPeer'
  | 'maxRequestsPerConnection'
  | 'maxStreamsPerConnection'
> & {
  /** Largest request: an HTTP body or a gRPC message. */
  readonly maxBodyBytes: number;
};
