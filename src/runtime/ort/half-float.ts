/** 16-bit floats (IEEE 754 binary16), of which JavaScript knows nothing yet. */

/** Every half as a float32, made on first use: 256 KiB, and a look-up per number. */
let table: Float32Array | undefined;

/** Writes the halves as floats to the beginning of `target`. */
export function readHalves(halves: Uint16Array, target: Float32Array): void {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfToFloat(bits));
  for (let i = 0; i < halves.length; i++) target[i] = table[halves[i] as number] as number;
}

/** 1 bit sign, 5 bits exponent with bias 15, 10 bits fraction. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
