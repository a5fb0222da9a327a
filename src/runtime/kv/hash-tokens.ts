/** A hash over token ids that can be continued. Good enough to spread keys; whoever uses it verifies what it finds. */

/** The hash of no tokens. */
export const HASH_OF_NOTHING = 0;

/** Bits of the second half that fit beside 32 others in the integers that a number holds exactly. */
const LOW_BITS = 21;

/** The hash of what `hash` is the hash of, followed by `tokens`: a whole number below 2 ** 53. */
export function hashTokens(hash: number, tokens: Int32Array): number {
  // Two independent halves, each a multiply-and-mix per token.
  let high = Math.floor(hash / 2 ** LOW_BITS) | 0;
  let low = (hash % 2 ** LOW_BITS) | 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = (tokens[i] as number) + 1;
    high = Math.imul(high ^ token, 0x85ebca6b);
    high ^= high >>> 15;
    low = Math.imul(low + token, 0xc2b2ae35);
    low ^= low >>> 13;
  }
  return (high >>> 0) * 2 ** LOW_BITS + (low >>> (32 - LOW_BITS));
}
