/** The automaton of a text node: UTF-8 without control characters, bounded in length. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';
import type { TextNode } from './grammar.ts';
import { missingBytes, NUM_UTF8_STATES, UTF8 } from './utf8.ts';

/** A state is `bytes so far * NUM_UTF8_STATES + UTF-8 state`. */
export class TextAutomaton implements ByteAutomaton {
  readonly start = UTF8.start;
  readonly #minBytes: number;
  readonly #maxBytes: number;

  constructor({ minBytes, maxBytes }: Pick<TextNode, 'minBytes' | 'maxBytes'>) {
    this.#minBytes = minBytes;
    this.#maxBytes = maxBytes;
  }

  step(state: number, byte: number): number {
    const next = UTF8.step(utf8State(state), byte);
    if (next === REFUSED) return REFUSED;
    // A character that would not fit is refused at its first byte, so none is ever cut off.
    if (missingBytes(next) >= this.bytesLeft(state)) return REFUSED;
    return (numBytes(state) + 1) * NUM_UTF8_STATES + next;
  }

  isAccepting(state: number): boolean {
    return UTF8.isAccepting(utf8State(state)) && numBytes(state) >= this.#minBytes;
  }

  /** Bytes that still fit after `state`. */
  bytesLeft(state: number): number {
    return this.#maxBytes - numBytes(state);
  }
}

/** Where in a character `state` is: the part of it that does not depend on the node's bounds. */
export function utf8State(state: number): number {
  return state % NUM_UTF8_STATES;
}

function numBytes(state: number): number {
  return Math.floor(state / NUM_UTF8_STATES);
}
