/** The bytes of all tokens, one after another in one array. */

export class TokenBytes {
  /** All text tokens' bytes in the order of their ids. */
  readonly bytes: Uint8Array;
  /** [tokens + 1] `offsets[id]..offsets[id + 1]` in `bytes`; empty for special and unused tokens. */
  readonly offsets: Int32Array;
  /** Length of the longest token in bytes. */
  readonly longest: number;

  constructor(tokens: readonly (Uint8Array | undefined)[]) {
    this.offsets = new Int32Array(tokens.length + 1);
    let longest = 0;
    for (const [id, token] of tokens.entries()) {
      const length = token?.length ?? 0;
      this.offsets[id + 1] = (this.offsets[id] as number) + length;
      longest = Math.max(longest, length);
    }
    this.longest = longest;
    this.bytes = new Uint8Array(this.offsets[tokens.length] as number);
    for (const [id, token] of tokens.entries()) if (token) this.bytes.set(token, this.offsets[id]);
  }

  get numTokens(): number {
    return this.offsets.length - 1;
  }

  length(token: number): number {
    return (this.offsets[token + 1] as number) - (this.offsets[token] as number);
  }

  /** Ids of all tokens that have bytes, ordered by those; tokens of equal bytes by id. */
  sortedTextTokens(): Int32Array {
    const ids = new Int32Array(this.numTokens);
    let count = 0;
    for (let id = 0; id < ids.length; id++) if (this.length(id) > 0) ids[count++] = id;
    return ids.slice(0, count).sort((a, b) => this.#compare(a, b));
  }

  /** Number of leading bytes that two tokens have in common. */
  sharedPrefix(a: number, b: number): number {
    const startA = this.offsets[a] as number;
    const startB = this.offsets[b] as number;
    const limit = Math.min(this.length(a), this.length(b));
    let shared = 0;
    while (shared < limit && this.bytes[startA + shared] === this.bytes[startB + shared]) shared += 1;
    return shared;
  }

  #compare(a: number, b: number): number {
    const shared = this.sharedPrefix(a, b);
    const lengthA = this.length(a);
    const lengthB = this.length(b);
    if (shared === lengthA || shared === lengthB) return lengthA - lengthB || a - b;
    return (
      (this.bytes[(this.offsets[a] as number) + shared] as number) -
      (this.bytes[(this.offsets[b] as number) + shared] as number)
    );
  }
}
