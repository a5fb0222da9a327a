/** The automaton of a number node: plain decimal notation, value within the node's range. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';
import { type DecimalRange, decimalRange, type Magnitudes, type NumberBounds } from './decimal-range.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Phases of a number. In phase `POINTED + n` the point and n decimals have been written. */
const EMPTY = 0;
const INTEGER = 1;
const POINTED = 2;

/** Number of phases that a state has room for; the longest fraction has 13 digits. */
const NUM_PHASES = 16;

/**
 * A state is `digits so far, read as one integer * 32 + phase * 2 + (1 if negative)`. Whether a prefix can still
 * become a number in the range is arithmetic: the values that can follow it form an interval per length.
 */
export class NumberAutomaton implements ByteAutomaton {
  readonly start = 0;
  readonly #range: DecimalRange;

  constructor(bounds: NumberBounds) {
    this.#range = decimalRange(bounds);
  }

  step(state: number, byte: number): number {
    if (byte >= ZERO && byte <= NINE) return this.#stepDigit(state, byte - ZERO);
    if (byte === POINT) return this.#stepPoint(state);
    if (byte === MINUS) return this.#stepMinus(state);
    return REFUSED;
  }

  isAccepting(state: number): boolean {
    const phase = phaseOf(state);
    if (phase === EMPTY || phase === POINTED) return false;
    const units = digitsOf(state) * this.#unitsPerLastDigit(phase);
    const { low, high } = this.#magnitudes(state);
    return low <= units && units <= high;
  }

  #stepDigit(state: number, digit: number): number {
    const phase = phaseOf(state);
    if (phase === INTEGER && digitsOf(state) === 0) return REFUSED;
    if (phase === POINTED + this.#range.maxDecimals) return REFUSED;
    const nextPhase = phase === EMPTY ? INTEGER : phase === INTEGER ? INTEGER : phase + 1;
    return this.#ifPossible(pack(digitsOf(state) * 10 + digit, nextPhase, isNegative(state)));
  }

  #stepPoint(state: number): number {
    if (phaseOf(state) !== INTEGER || this.#range.maxDecimals === 0) return REFUSED;
    return this.#ifPossible(pack(digitsOf(state), POINTED, isNegative(state)));
  }

  #stepMinus(state: number): number {
    const { low, high } = this.#range.negative;
    return state === this.start && low <= high ? pack(0, EMPTY, 1) : REFUSED;
  }

  /** `state`, or REFUSED when nothing that begins so lies in the range. */
  #ifPossible(state: number): number {
    const { low, high } = this.#magnitudes(state);
    const phase = phaseOf(state);
    const digits = digitsOf(state);
    const mayGrow = phase === INTEGER && digits > 0;
    // What follows fills in lower places: [smallest, smallest + width), and ten times that per further integer digit.
    for (let width = this.#unitsPerLastDigit(phase); digits * width <= high; width *= 10) {
      if ((digits + 1) * width > low) return state;
      if (!mayGrow) break;
    }
    return REFUSED;
  }

  #unitsPerLastDigit(phase: number): number {
    return this.#range.scale / 10 ** Math.max(phase - POINTED, 0);
  }

  #magnitudes(state: number): Magnitudes {
    return isNegative(state) === 1 ? this.#range.negative : this.#range.positive;
  }
}

function pack(digits: number, phase: number, negative: number): number {
  return (digits * NUM_PHASES + phase) * 2 + negative;
}

function isNegative(state: number): number {
  return state % 2;
}

function phaseOf(state: number): number {
  return Math.floor(state / 2) % NUM_PHASES;
}

function digitsOf(state: number): number {
  return Math.floor(state / (2 * NUM_PHASES));
}
