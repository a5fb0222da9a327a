/** The automaton of well-formed UTF-8 without control characters (U+0000..U+001F, U+007F), of any length. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';

/** Recognises texts character by character: its state says nothing but where in a character a text stands. */
export interface CharacterAutomaton extends ByteAutomaton {
  readonly numStates: number;
  /** Bytes that must still come before the text may end. */
  missingBytes(state: number): number;
}

/** Between two characters. The other states lie inside one and say what may follow. */
export const BOUNDARY = 0;
const ONE_MORE = 1;
const TWO_MORE = 2;
const THREE_MORE = 3;
const AFTER_E0 = 4;
const AFTER_ED = 5;
const AFTER_F0 = 6;
const AFTER_F4 = 7;

export const NUM_UTF8_STATES = 8;

/** [state, first byte, last byte, next state]: the Unicode Standard's table 3-7, less the control characters. */
const TRANSITIONS = [
  [BOUNDARY, 0x20, 0x7e, BOUNDARY],
  [BOUNDARY, 0xc2, 0xdf, ONE_MORE],
  [BOUNDARY, 0xe0, 0xe0, AFTER_E0],
  [BOUNDARY, 0xe1, 0xec, TWO_MORE],
  [BOUNDARY, 0xed, 0xed, AFTER_ED],
  [BOUNDARY, 0xee, 0xef, TWO_MORE],
  [BOUNDARY, 0xf0, 0xf0, AFTER_F0],
  [BOUNDARY, 0xf1, 0xf3, THREE_MORE],
  [BOUNDARY, 0xf4, 0xf4, AFTER_F4],
  [ONE_MORE, 0x80, 0xbf, BOUNDARY],
  [TWO_MORE, 0x80, 0xbf, ONE_MORE],
  [THREE_MORE, 0x80, 0xbf, TWO_MORE],
  [AFTER_E0, 0xa0, 0xbf, ONE_MORE], // no overlong forms
  [AFTER_ED, 0x80, 0x9f, ONE_MORE], // no surrogates
  [AFTER_F0, 0x90, 0xbf, TWO_MORE], // no overlong forms
  [AFTER_F4, 0x80, 0x8f, TWO_MORE], // nothing past U+10FFFF
] as const;

/** Bytes that the character begun still lacks, by state. */
const MISSING_BYTES = [0, 1, 2, 3, 2, 2, 3, 3] as const;

/** [states, 256] Shared: do not write to it. */
export const UTF8_NEXT = new Int8Array(NUM_UTF8_STATES * 256).fill(REFUSED);
for (const [state, first, last, next] of TRANSITIONS) {
  UTF8_NEXT.fill(next, state * 256 + first, state * 256 + last + 1);
}

/** Bytes that occur somewhere in such a text. */
export const TEXT_BYTES: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
  TRANSITIONS.some(([, first, last]) => first <= byte && byte <= last),
);

export const UTF8: CharacterAutomaton = {
  start: BOUNDARY,
  numStates: NUM_UTF8_STATES,
  missingBytes: (state) => MISSING_BYTES[state] as number,
  step: (state, byte) => UTF8_NEXT[state * 256 + byte] as number,
  isAccepting: (state) => state === BOUNDARY,
};
