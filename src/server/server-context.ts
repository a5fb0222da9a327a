/** What both protocol servers are built with. */
import type { Actions } from './actions.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';
import type { DeadlineLimits } from './request-scope.ts';

/**
 * How long the last answers may take to leave when a server closes, in milliseconds; then every connection is cut. Only
 * connections that would never end by themselves need all of it: health watches, half-sent requests.
 */
export const FLUSH_MS = 500;

export type ServerContext = {
  readonly actions: Actions;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly limits: DeadlineLimits & {
    /** Largest request: an HTTP body or a gRPC message. */
    readonly maxBodyBytes: number;
  };
};
