/** Which tokens may continue a text, by UTF-8 state: found once per vocabulary, so no request pays for its size. */
import type { ByteTrie } from './byte-trie.ts';
import type { TokenBytes } from './token-bytes.ts';
import { TokenList } from './token-list.ts';
import { missingBytes, NUM_UTF8_STATES, UTF8 } from './utf8.ts';

type TextMask = {
  /** Ascending. */
  readonly tokens: Int32Array;
  /** [tokens] Room that a token needs: its bytes, and those that its last character lacks. */
  readonly neededBytes: Int32Array;
  readonly mostNeededBytes: number;
};

export class TextMasks {
  readonly #masks: readonly TextMask[];

  constructor(trie: ByteTrie, tokenBytes: TokenBytes) {
    this.#masks = Array.from({ length: NUM_UTF8_STATES }, (_, state) => {
      const list = new TokenList();
      trie.collect(UTF8, state, list);
      list.sort();
      const tokens = list.tokens.slice(0, list.count);
      const neededBytes = tokens.map((token) => neededFrom(state, token, tokenBytes));
      return { tokens, neededBytes, mostNeededBytes: neededBytes.reduce((most, needed) => Math.max(most, needed), 0) };
    });
  }

  /** Appends, ascending, the tokens that may follow in a text at `utf8State` with room for `bytesLeft` more bytes. */
  collect(utf8State: number, bytesLeft: number, out: TokenList): void {
    const { tokens, neededBytes, mostNeededBytes } = this.#masks[utf8State] as TextMask;
    if (bytesLeft >= mostNeededBytes) {
      out.append(tokens);
      return;
    }
    out.reserve(tokens.length);
    const list = out.tokens;
    let { count } = out;
    for (let i = 0; i < tokens.length; i++) {
      // Written even if it is not kept: most are, and a branch less makes this several times faster.
      list[count] = tokens[i] as number;
      count += (neededBytes[i] as number) <= bytesLeft ? 1 : 0;
    }
    out.count = count;
  }
}

function neededFrom(state: number, token: number, { bytes, offsets }: TokenBytes): number {
  const start = offsets[token] as number;
  const end = offsets[token + 1] as number;
  let after = state;
  for (let i = start; i < end; i++) after = UTF8.step(after, bytes[i] as number);
  return end - start + missingBytes(after);
}
