/** A growable list of token ids that is filled anew at each decision without allocating. */

/** The tokens of one decision, ascending: `tokens[0..count)`. What lies behind is left from earlier decisions. */
export type AllowedTokens = { readonly tokens: Int32Array; readonly count: number };

export class TokenList implements AllowedTokens {
  tokens = new Int32Array(64);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  push(token: number): void {
    this.reserve(1);
    this.tokens[this.count++] = token;
  }

  append(tokens: Int32Array): void {
    this.reserve(tokens.length);
    this.tokens.set(tokens, this.count);
    this.count += tokens.length;
  }

  /** Puts `token` where it belongs in a list that is sorted. */
  insert(token: number): void {
    this.reserve(1);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens[middle] as number) < token) low = middle + 1;
      else high = middle;
    }
    this.tokens.copyWithin(low + 1, low, this.count);
    this.tokens[low] = token;
    this.count += 1;
  }

  sort(): void {
    this.tokens.subarray(0, this.count).sort();
  }

  /** Makes room for `extra` more tokens in `tokens`. */
  reserve(extra: number): void {
    if (this.count + extra <= this.tokens.length) return;
    const grown = new Int32Array(Math.max(2 * this.tokens.length, this.count + extra));
    grown.set(this.tokens.subarray(0, this.count));
    this.tokens = grown;
  }
}
