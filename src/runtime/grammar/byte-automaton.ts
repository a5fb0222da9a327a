/** The small interface of everything that recognises text byte by byte, and so can be walked along a token's bytes. */

/** What {@link ByteAutomaton.step} answers to a byte that cannot follow. */
export const REFUSED = -1;

/**
 * Deterministic. States are integers from 0 that a double holds exactly, so walking one allocates nothing. From each
 * state that `step` returns, some accepting state can still be reached: there are no dead ends to fall into.
 */
export interface ByteAutomaton {
  readonly start: number;
  /** The state after `byte` (0..255), or {@link REFUSED}. */
  step(state: number, byte: number): number;
  /** True when the bytes so far are a whole text by themselves. */
  isAccepting(state: number): boolean;
}
