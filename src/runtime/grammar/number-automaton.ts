/** The automaton of a number node: plain decimal notation, value within the node's range. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';
import { type DecimalRange, decimalRange, type Magnitudes, type NumberBounds } from './decimal-range.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Bytes that occur somewhere in a number. */
export const NUMBER_BYTES: readonly number[] = [
  MINUS,
  POINT,
  ...Array.from({ length: 10 }, (_, digit) => ZERO + digit),
];

/** Phases of a number. In phase `POINTED + n` the point and n decimals have been written. */
const EMPTY = 0;
const INTEGER = 1;
const POINTED = 2;

/** Number of phases that a state has room for; the longest fraction has 13 digits. */
const NUM_PHASES = 16;
const PER_DIGITS = 2 * NUM_PHASES;

/**
 * A state is `digits so far, read as one integer * 32 + phase * 2 + (1 if negative)`. Whether a prefix can still
 * become a number in the range is arithmetic: the values that can follow it form an interval per length.
 */
export class NumberAutomaton implements ByteAutomaton {
  readonly start = 0;
  readonly #range: DecimalRange;
  /** [phases] A step is taken per byte of a thousand tokens, and a power would take longer than the rest of it. */
  readonly #unitsPerLastDigit: Float64Array;

  constructor(bounds: NumberBounds) {
    this.#range = decimalRange(bounds);
    const { scale } = this.#range;
    this.#unitsPerLastDigit = Float64Array.from({ length: NUM_PHASES }, (_, phase) =>
      phase <= POINTED ? scale : scale / 10 ** (phase - POINTED),
    );
  }

  step(state: number, byte: number): number {
    const digits = digitsOf(state);
    const rest = state - digits * PER_DIGITS;
    const phase = rest >> 1;
    const negative = rest & 1;
    if (byte >= ZERO && byte <= NINE) {
      if (phase === INTEGER && digits === 0) return REFUSED;
      if (phase === POINTED + this.#range.maxDecimals) return REFUSED;
      const nextPhase = phase <= INTEGER ? INTEGER : phase + 1;
      return this.#ifPossible(digits * 10 + (byte - ZERO), nextPhase, negative);
    }
    if (byte === POINT) {
      if (phase !== INTEGER || this.#range.maxDecimals === 0) return REFUSED;
      return this.#ifPossible(digits, POINTED, negative);
    }
    if (byte === MINUS) {
      const { low, high } = this.#range.negative;
      return state === this.start && low <= high ? pack(0, EMPTY, 1) : REFUSED;
    }
    return REFUSED;
  }

  isAccepting(state: number): boolean {
    const digits = digitsOf(state);
    const rest = state - digits * PER_DIGITS;
    const phase = rest >> 1;
    if (phase === EMPTY || phase === POINTED) return false;
    const units = digits * (this.#unitsPerLastDigit[phase] as number);
    const { low, high } = this.#magnitudes(rest & 1);
    return low <= units && units <= high;
  }

  /** The state, or REFUSED when nothing that begins so lies in the range. */
  #ifPossible(digits: number, phase: number, negative: number): number {
    const { low, high } = this.#magnitudes(negative);
    const mayGrow = phase === INTEGER && digits > 0;
    // What follows fills in lower places: [smallest, smallest + width), and ten times that per further integer digit.
    for (let width = this.#unitsPerLastDigit[phase] as number; digits * width <= high; width *= 10) {
      if ((digits + 1) * width > low) return pack(digits, phase, negative);
      if (!mayGrow) break;
    }
    return REFUSED;
  }

  #magnitudes(negative: number): Magnitudes {
    return negative === 1 ? this.#range.negative : this.#range.positive;
  }
}

function pack(digits: number, phase: number, negative: number): number {
  return digits * PER_DIGITS + phase * 2 + negative;
}

function digitsOf(state: number): number {
  return Math.floor(state / PER_DIGITS);
}
