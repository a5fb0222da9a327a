/** The automaton of what stands between the quotation marks of a JSON string, of any length. */
import { REFUSED } from './byte-automaton.ts';
import { BOUNDARY, type CharacterAutomaton, NUM_UTF8_STATES, UTF8, UTF8_NEXT } from './utf8.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What may follow a backslash: a quotation mark, a backslash, `n` and `t`. */
const ESCAPED = [QUOTE, BACKSLASH, 0x6e, 0x74] as const;

/** UTF-8's states, and one after a backslash. */
const AFTER_BACKSLASH = NUM_UTF8_STATES;
const NUM_STATES = NUM_UTF8_STATES + 1;

/** [states, 256] */
const NEXT = new Int8Array(NUM_STATES * 256).fill(REFUSED);
NEXT.set(UTF8_NEXT);
NEXT[BOUNDARY * 256 + QUOTE] = REFUSED;
NEXT[BOUNDARY * 256 + BACKSLASH] = AFTER_BACKSLASH;
for (const byte of ESCAPED) NEXT[AFTER_BACKSLASH * 256 + byte] = BOUNDARY;

export const JSON_STRING: CharacterAutomaton = {
  start: BOUNDARY,
  numStates: NUM_STATES,
  missingBytes: (state) => (state === AFTER_BACKSLASH ? 1 : UTF8.missingBytes(state)),
  step: (state, byte) => NEXT[state * 256 + byte] as number,
  isAccepting: (state) => state === BOUNDARY,
};
