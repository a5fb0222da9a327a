/** Whom an episode belongs to. */
import type { Call } from '../call.ts';

/** Name of the caller, the same whichever of its credentials it used; empty without authentication. */
export function ownerOf({ principal }: Call): string {
  return principal?.name ?? '';
}
