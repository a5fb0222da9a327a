/** The automaton of a text node: characters in its notation, bounded in length. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';
import type { TextNode, TextNotation } from './grammar.ts';
import { JSON_STRING } from './json-string.ts';
import { type CharacterAutomaton, UTF8 } from './utf8.ts';

export const CHARACTERS: Readonly<Record<TextNotation, CharacterAutomaton>> = { plain: UTF8, json: JSON_STRING };

/** A state is `bytes so far * states of the notation + state of the notation`. */
export class TextAutomaton implements ByteAutomaton {
  readonly start: number;
  readonly #characters: CharacterAutomaton;
  readonly #minBytes: number;
  readonly #maxBytes: number;

  constructor({ notation = 'plain', minBytes, maxBytes }: Pick<TextNode, 'notation' | 'minBytes' | 'maxBytes'>) {
    this.#characters = CHARACTERS[notation];
    this.start = this.#characters.start;
    this.#minBytes = minBytes;
    this.#maxBytes = maxBytes;
  }

  step(state: number, byte: number): number {
    const characters = this.#characters;
    const next = characters.step(this.characterState(state), byte);
    if (next === REFUSED) return REFUSED;
    // A character that would not fit is refused at its first byte, so none is ever cut off.
    if (characters.missingBytes(next) >= this.bytesLeft(state)) return REFUSED;
    return (this.#numBytes(state) + 1) * characters.numStates + next;
  }

  isAccepting(state: number): boolean {
    return this.#characters.isAccepting(this.characterState(state)) && this.#numBytes(state) >= this.#minBytes;
  }

  /** Bytes that still fit after `state`. */
  bytesLeft(state: number): number {
    return this.#maxBytes - this.#numBytes(state);
  }

  /** Where in a character `state` is: the part of it that does not depend on the node's bounds. */
  characterState(state: number): number {
    return state % this.#characters.numStates;
  }

  #numBytes(state: number): number {
    return Math.floor(state / this.#characters.numStates);
  }
}
