/** IEEE 754 half precision, as GGUF's blocks store their scales. */

const bits = new DataView(new ArrayBuffer(4));

/** The nearest half, ties to even; subnormal halves count, what is too large becomes infinite. */
export function toHalf(value: number): number {
  bits.setFloat32(0, value);
  const single = bits.getUint32(0);
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // Normal: the exponent is rebased from 127 to 15; a carry out of the fraction goes into it, as it should.
    return sign | roundedShift(magnitude - 0x38000000, 13);
  }
  const exponent = magnitude >>> 23;
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  return exponent < 102 ? sign : sign | roundedShift(fraction, 126 - exponent);
}

export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** value / 2^shift, to the nearest integer, ties to even. */
function roundedShift(value: number, shift: number): number {
  const half = 2 ** (shift - 1);
  const whole = Math.floor(value / 2 ** shift);
  const rest = value - whole * 2 ** shift;
  return rest > half || (rest === half && whole % 2 === 1) ? whole + 1 : whole;
}
