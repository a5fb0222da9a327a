/** exp for a row of logits: several times faster than `Math.exp`, right to 12 digits. */

/** Steps per factor of two. */
const NUM_STEPS = 256;
const STEPS_PER_UNIT = NUM_STEPS / Math.LN2;
/** Below this the result is 0; that keeps all powers of two normal numbers. */
const LEAST = -700;

/** [steps] 2 ** (step / NUM_STEPS) */
const FRACTIONS = Float64Array.from({ length: NUM_STEPS }, (_, step) => 2 ** (step / NUM_STEPS));
/** [1 + largest exponent] 2 ** -exponent */
const POWERS = Float64Array.from({ length: Math.ceil(-LEAST / Math.LN2) + 1 }, (_, exponent) => 2 ** -exponent);

/** `x`: at most 0, -Infinity included. */
export function expOfNegative(x: number): number {
  if (x < LEAST) return 0;
  // To the nearest step; what remains is so small that four terms of the series are exact to 2e-13.
  const steps = (x * STEPS_PER_UNIT - 0.5) | 0;
  const rest = x - steps / STEPS_PER_UNIT;
  const series = 1 + rest * (1 + rest * (1 / 2 + rest * (1 / 6)));
  return (POWERS[-(steps >> 8)] as number) * (FRACTIONS[steps & (NUM_STEPS - 1)] as number) * series;
}
