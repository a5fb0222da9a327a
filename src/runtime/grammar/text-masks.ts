/** Which tokens may continue a text, by place in a character: found once per vocabulary, so no request pays for its size. */
import type { ByteTrie } from './byte-trie.ts';
import type { DecisionTokens } from './decision-tokens.ts';
import type { TokenBytes } from './token-bytes.ts';
import { TokenList } from './token-list.ts';
import type { CharacterAutomaton } from './utf8.ts';

/** What a token needs is room: for its bytes, and for those that its last character lacks. */
type TextMask = {
  /** Ordered by the bytes that they need, then by id: those that fit are the first ones, however much room there is. */
  readonly tokens: Int32Array;
  /** [most needed bytes + 1] How many tokens need at most that many bytes. */
  readonly counts: Int32Array;
};

export type TextMasksSource = {
  readonly trie: ByteTrie;
  readonly tokenBytes: TokenBytes;
  readonly characters: CharacterAutomaton;
};

export class TextMasks {
  /** By the state of the character automaton. */
  readonly #masks: readonly TextMask[];

  constructor(source: TextMasksSource) {
    this.#masks = Array.from({ length: source.characters.numStates }, (_, state) => maskFrom(state, source));
  }

  /** Says which tokens may follow in a text at `characterState` with room for `bytesLeft` more bytes. Takes no time. */
  share(characterState: number, bytesLeft: number, out: DecisionTokens): void {
    const { tokens, counts } = this.#masks[characterState] as TextMask;
    out.share(tokens, counts[Math.min(bytesLeft, counts.length - 1)] as number);
  }
}

function maskFrom(state: number, { trie, tokenBytes, characters }: TextMasksSource): TextMask {
  const list = new TokenList();
  trie.collect({ automaton: characters, state }, list);
  list.sort();
  const byId = list.tokens.subarray(0, list.count);
  const neededBytes = byId.map((token) => {
    const { bytes, offsets } = tokenBytes;
    const end = offsets[token + 1] as number;
    let after = state;
    for (let i = offsets[token] as number; i < end; i++) after = characters.step(after, bytes[i] as number);
    return tokenBytes.length(token) + characters.missingBytes(after);
  });
  // A counting sort, which keeps the ids ascending among equals.
  const counts = new Int32Array(neededBytes.reduce((most, needed) => Math.max(most, needed), 0) + 1);
  for (const needed of neededBytes) counts[needed] = (counts[needed] as number) + 1;
  for (let needed = 1; needed < counts.length; needed++) {
    counts[needed] = (counts[needed] as number) + (counts[needed - 1] as number);
  }
  const nextRank = new Int32Array(counts.length);
  nextRank.set(counts.subarray(0, -1), 1);
  const tokens = new Int32Array(byId.length);
  for (let i = 0; i < byId.length; i++) {
    const needed = neededBytes[i] as number;
    const rank = nextRank[needed] as number;
    tokens[rank] = byId[i] as number;
    nextRank[needed] = rank + 1;
  }
  return { tokens, counts };
}
