/** What a client believes of one endpoint. Pure: time and chance are arguments. */

/**
 * - healthy: the last thing heard of it was an answer
 * - suspect: one call has failed since; a probe is under way, calls prefer others
 * - down: a probe or a second call has failed too; calls go there only if all are down, probes go there ever more rarely
 */
export type Health =
  | { readonly type: 'healthy' }
  | { readonly type: 'suspect' }
  | { readonly type: 'down'; readonly failedProbes: number; readonly probeAtMs: number };

/** An answer is one whether it is a result or an error of the caller's making. */
export type HealthEvent = 'answered' | 'failed' | 'probe_ready' | 'probe_failed';

const FIRST_PROBE_MS = 1000;
const RAREST_PROBE_MS = 30_000;

export const HEALTHY: Health = { type: 'healthy' };

export type Moment = { readonly nowMs: number /** In [0, 1). */; readonly random: number };

export function nextHealth(health: Health, event: HealthEvent, moment: Moment): Health {
  switch (event) {
    case 'answered':
    case 'probe_ready':
      return HEALTHY;
    case 'failed':
      if (health.type === 'healthy') return { type: 'suspect' };
      return health.type === 'suspect' ? down(0, moment) : health;
    case 'probe_failed':
      return down(health.type === 'down' ? health.failedProbes + 1 : 1, moment);
  }
}

/** Whether an endpoint that is not healthy should be asked now how it is. */
export function isProbeDue(health: Health, nowMs: number): boolean {
  return health.type === 'suspect' || (health.type === 'down' && nowMs >= health.probeAtMs);
}

/** Between half and all of a wait that doubles, so that not all desktops ask at the same moment. */
function down(failedProbes: number, { nowMs, random }: Moment): Health {
  const waitMs = Math.min(RAREST_PROBE_MS, FIRST_PROBE_MS * 2 ** Math.max(0, failedProbes - 1));
  return { type: 'down', failedProbes, probeAtMs: nowMs + waitMs * (0.5 + random / 2) };
}
