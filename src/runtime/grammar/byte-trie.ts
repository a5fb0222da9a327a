/** The trie of a vocabulary's bytes, in typed arrays: built once per model, walked with an automaton per decision. */
import { type ByteAutomaton, REFUSED } from './byte-automaton.ts';
import type { TokenBytes } from './token-bytes.ts';
import type { TokenList } from './token-list.ts';

export type TrieWalk = {
  readonly automaton: ByteAutomaton;
  readonly state: number;
  /** Stop when the list has that many tokens. Absent: never. */
  readonly enough?: number;
};

/**
 * Nodes lie in preorder, so a walk is a scan that jumps over the subtrees whose first byte is refused (the layout of
 * llguidance's `TokTrie`). The root has no entry. Tokens lie in the order of their nodes.
 */
export class ByteTrie {
  readonly #numNodes: number;
  /** [nodes] The byte that leads to a node. */
  readonly #byte: Uint8Array;
  /** [nodes] Bytes from the root to a node, at least 1. */
  readonly #depth: Int32Array;
  /** [nodes] First node after a node's subtree. */
  readonly #end: Int32Array;
  /** [nodes + 1] `firstToken[i]..firstToken[i + 1]` in `tokens` are spelled by the path to node i. */
  readonly #firstToken: Int32Array;
  /** [text tokens] */
  readonly #tokens: Int32Array;
  /** [longest token + 1] The automaton's state by depth during a walk; doubles, as states are. */
  readonly #states: Float64Array;

  /** `tokens`: those to find, ordered by their bytes. Absent: all text tokens. */
  constructor(tokenBytes: TokenBytes, tokens = tokenBytes.sortedTextTokens()) {
    const { bytes, offsets, longest } = tokenBytes;
    // One node per byte at most; what tokens share is cut off at the end.
    const mostNodes = tokens.reduce((sum, token) => sum + tokenBytes.length(token), 0);
    const byte = new Uint8Array(mostNodes);
    const depth = new Int32Array(mostNodes);
    const end = new Int32Array(mostNodes);
    const firstToken = new Int32Array(mostNodes + 1);
    const path = new Int32Array(longest + 1);
    let numNodes = 0;
    let openDepth = 0;
    for (let rank = 0; rank < tokens.length; rank++) {
      const token = tokens[rank] as number;
      const shared = rank === 0 ? 0 : tokenBytes.sharedPrefix(tokens[rank - 1] as number, token);
      for (; openDepth > shared; openDepth--) end[path[openDepth] as number] = numNodes;
      const start = offsets[token] as number;
      const length = (offsets[token + 1] as number) - start;
      for (; openDepth < length; numNodes++) {
        byte[numNodes] = bytes[start + openDepth] as number;
        openDepth += 1;
        depth[numNodes] = openDepth;
        firstToken[numNodes] = rank;
        path[openDepth] = numNodes;
      }
    }
    for (; openDepth > 0; openDepth--) end[path[openDepth] as number] = numNodes;
    firstToken[numNodes] = tokens.length;

    this.#numNodes = numNodes;
    this.#byte = byte.slice(0, numNodes);
    this.#depth = depth.slice(0, numNodes);
    this.#end = end.slice(0, numNodes);
    this.#firstToken = firstToken.slice(0, numNodes + 1);
    this.#tokens = tokens;
    this.#states = new Float64Array(longest + 1);
  }

  /** Appends the tokens whose bytes `automaton` takes from `state`, ordered by bytes: all, or a few from `enough` on. */
  collect({ automaton, state, enough = Infinity }: TrieWalk, out: TokenList): void {
    const states = this.#states;
    states[0] = state;
    for (let node = 0; node < this.#numNodes && out.count < enough; ) {
      const depth = this.#depth[node] as number;
      const next = automaton.step(states[depth - 1] as number, this.#byte[node] as number);
      if (next === REFUSED) {
        node = this.#end[node] as number;
        continue;
      }
      states[depth] = next;
      const lastToken = this.#firstToken[node + 1] as number;
      for (let i = this.#firstToken[node] as number; i < lastToken; i++) out.push(this.#tokens[i] as number);
      node += 1;
    }
  }
}
