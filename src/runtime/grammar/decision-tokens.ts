/** The tokens of one decision, and where they are kept: filled anew at each decision without allocating. */
import { TokenList } from './token-list.ts';

/**
 * Every token that may come next, once: `tokens[0..count)` and all of `ends`, in an order that is always the same. What lies behind `count` says nothing. Belongs to the matcher or the vocabulary: do not write to it.
 */
export type AllowedTokens = {
  readonly tokens: Int32Array;
  readonly count: number;
  /** Where a text or number may end: the tokens that end it, ascending. Empty otherwise. */
  readonly ends: Int32Array;
};

const NONE: Int32Array = new Int32Array(0);

export class DecisionTokens implements AllowedTokens {
  tokens: Int32Array = NONE;
  count = 0;
  ends: Int32Array = NONE;
  /** For tokens that are found one by one; see {@link take}. */
  readonly list = new TokenList();

  clear(): void {
    this.list.clear();
    this.share(NONE, 0);
    this.ends = NONE;
  }

  /** Tokens that lie somewhere else, as the first `count` of an array. No copy: there can be very many. */
  share(tokens: Int32Array, count: number): void {
    this.tokens = tokens;
    this.count = count;
  }

  /** The tokens are those in `list`. */
  take(): void {
    this.share(this.list.tokens, this.list.count);
  }
}
