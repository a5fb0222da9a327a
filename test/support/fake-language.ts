/** A deterministic language: the logits after a prefix are a function of a hash of the whole prefix. The oracle of tests. */

/** Hash of no tokens at all. */
export const EMPTY_PREFIX = 0x9e3779b9;

/** Hash of a prefix and one more token. Murmur3's mixing: one different token, or another order, changes every bit. */
export function extendPrefix(hash: number, token: number): number {
  const mixed = Math.imul(hash ^ Math.imul(token + 1, 0xcc9e2d51), 0x85ebca6b);
  return scramble(mixed);
}

export function hashPrefix(tokens: Iterable<number>): number {
  let hash = EMPTY_PREFIX;
  for (const token of tokens) hash = extendPrefix(hash, token);
  return hash;
}

/** Writes the logits after the prefix with this hash into `row` [vocab]: each in -4 .. 4. */
export function writeLogits(hash: number, row: Float32Array): void {
  for (let token = 0; token < row.length; token++) {
    row[token] = (scramble(hash ^ Math.imul(token + 1, 0x27d4eb2f)) / 2 ** 32) * 8 - 4;
  }
}

/** Unsigned 32 bit. */
function scramble(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
