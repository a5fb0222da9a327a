/** Which decimals a number node admits, as integers: every bound counted in units of the last decimal. */
import { InvariantError } from '../errors.ts';
import type { NumberNode } from './grammar.ts';

export type NumberBounds = Pick<NumberNode, 'min' | 'max' | 'maxDecimals'>;

/** Magnitudes of one sign, both ends included. Empty if `low > high`. */
export type Magnitudes = { readonly low: number; readonly high: number };

export type DecimalRange = {
  readonly maxDecimals: number;
  /** 10 ** maxDecimals: how many units make 1. */
  readonly scale: number;
  /** Zero and above, in units. */
  readonly positive: Magnitudes;
  /** Below zero, in units and without the sign. Zero is not among them: `-0` is no plain notation. */
  readonly negative: Magnitudes;
};

/** Largest magnitude of a bound, in units: ten times that and some flags beside it still fit a double exactly. */
export const MAX_UNITS = 1e13;

/** Throws `InvariantError` when the bounds are no usable range or no decimal of that length lies between them. */
export function decimalRange(bounds: NumberBounds): DecimalRange {
  const { min, max, maxDecimals } = bounds;
  const scale = 10 ** maxDecimals;
  if (!Number.isInteger(maxDecimals) || maxDecimals < 0) throw unusable(bounds, 'that is no count of digits');
  if (!(Math.max(Math.abs(min), Math.abs(max), 1) * scale <= MAX_UNITS)) throw unusable(bounds, 'too many digits');
  const low = leastUnits(min, scale);
  const high = -leastUnits(-max, scale);
  if (low > high) throw unusable(bounds, 'there is none');
  return {
    maxDecimals,
    scale,
    positive: { low: Math.max(low, 0), high },
    negative: { low: Math.max(-high, 1), high: -low },
  };
}

/** Length in characters of the longest text of a number in the range. */
export function longestNumber({ maxDecimals, scale, positive, negative }: DecimalRange): number {
  const point = maxDecimals > 0 ? 1 : 0;
  // All decimals may be written out, so only the integer part's length depends on the value.
  const length = ({ high }: Magnitudes) => String(Math.floor(high / scale)).length + point + maxDecimals;
  const longestPositive = positive.low <= positive.high ? length(positive) : 0;
  const longestNegative = negative.low <= negative.high ? length(negative) + 1 : 0;
  return Math.max(longestPositive, longestNegative);
}

function unusable({ min, max, maxDecimals }: NumberBounds, problem: string): InvariantError {
  return new InvariantError(`a number in [${min}, ${max}] with at most ${maxDecimals} decimals: ${problem}`);
}

/** The least integer n with n / scale >= bound. The division rounds as parsing the decimal does; the product may not. */
function leastUnits(bound: number, scale: number): number {
  let units = Math.ceil(bound * scale);
  while (units / scale < bound) units += 1;
  while ((units - 1) / scale >= bound) units -= 1;
  return units;
}
