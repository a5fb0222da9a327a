/** A growable list of token ids that is filled anew at each decision without allocating. */

/** Its tokens are `tokens[0..count)`. What lies behind is left from earlier decisions. */
export class TokenList {
  tokens = new Int32Array(64);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  push(token: number): void {
    if (this.count === this.tokens.length) this.#grow();
    this.tokens[this.count++] = token;
  }

  sort(): void {
    this.tokens.subarray(0, this.count).sort();
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.tokens.length);
    grown.set(this.tokens);
    this.tokens = grown;
  }
}
