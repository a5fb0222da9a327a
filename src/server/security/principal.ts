/** Who calls, what the caller may do, and how much of it. */
import type { Permission } from '../call.ts';

export const SCOPES = ['predict', 'operate', 'scrape'] as const satisfies readonly Permission[];

/** Limits of one caller, by its name, in one gateway; undefined: none. */
export type CallerLimits = {
  /** Calls per minute in the long run. */
  readonly requestsPerMinute?: number | undefined;
  /** Calls at once after a pause; by default those of one second, at least one. */
  readonly burst?: number | undefined;
  /** Calls under way at once. */
  readonly maxConcurrent?: number | undefined;
};

export type Principal = {
  /** For the log, the audit trail, limits and the ownership of episodes: the same whichever credential was used. */
  readonly name: string;
  readonly kind: 'api_key' | 'token' | 'certificate' | 'anonymous';
  readonly scopes: readonly Permission[];
  readonly limits: CallerLimits;
};

/** Names of this form come from tokens; the names of an access file have no colon, so no token can take one of them. */
export const TOKEN_PREFIX = 'token:';
export const ANONYMOUS_NAME = 'anonymous';
