/** A choice node's alternatives as a trie without nodes: sorted once, then narrowed to a range of ranks per token. */
import { InvariantError } from '../errors.ts';
import type { ChoiceNode, NodeIndex } from './grammar.ts';
import type { Position } from './position.ts';
import { ENDED, firstDifference, sortAlternatives, tokenOf } from './sort-alternatives.ts';
import type { TokenList } from './token-list.ts';

const known = new WeakMap<ChoiceNode, Alternatives>();

export class Alternatives {
  readonly #node: ChoiceNode;
  /** [alternatives] Indices of the alternatives, ordered by their tokens. */
  readonly #order: Int32Array;
  #firstTokens: Int32Array | undefined;
  #isUnambiguous = false;

  private constructor(node: ChoiceNode) {
    this.#node = node;
    this.#order = sortAlternatives(node);
  }

  /** Of a node: made once, because sorting takes longer than all that is done with it. The node must not change. */
  static of(node: ChoiceNode): Alternatives {
    let alternatives = known.get(node);
    if (alternatives === undefined) {
      alternatives = new Alternatives(node);
      known.set(node, alternatives);
    }
    return alternatives;
  }

  /** Distinct first tokens of all alternatives, ascending. */
  get firstTokens(): Int32Array {
    if (this.#firstTokens === undefined) {
      const first = this.#order.map((_, rank) => this.tokenAt(rank, 0));
      this.#firstTokens = first.filter((token, rank) => token !== first[rank - 1]);
    }
    return this.#firstTokens;
  }

  get count(): number {
    return this.#order.length;
  }

  /** Token `depth` of the alternative of this rank, or {@link ENDED}. */
  tokenAt(rank: number, depth: number): number {
    return tokenOf(this.#node, this.#order[rank] as number, depth);
  }

  /** The node after the alternative of this rank. */
  nextOf(rank: number): NodeIndex {
    return this.#node.next[this.#order[rank] as number] as number;
  }

  /** The only token that can follow, or -1 where several can. */
  soleToken({ low, high, depth }: Position): number {
    const token = this.tokenAt(low, depth);
    return token === this.tokenAt(high - 1, depth) ? token : -1;
  }

  /** Appends, ascending, the tokens that can follow. */
  collect({ low, high, depth }: Position, out: TokenList): void {
    let previous = ENDED;
    for (let rank = low; rank < high; rank++) {
      const token = this.tokenAt(rank, depth);
      if (token !== previous) out.push(token);
      previous = token;
    }
  }

  /** Takes `token`; false, and nothing changed, if it cannot follow. */
  narrow(position: Position, token: number): boolean {
    const low = this.#firstRankFrom(position, token);
    if (low === position.high || this.tokenAt(low, position.depth) !== token) return false;
    const high = this.#firstRankFrom(position, token + 1);
    position.low = low;
    position.high = high;
    position.depth += 1;
    return true;
  }

  /** Lowest rank in the position's range with a following token of at least `token`. */
  #firstRankFrom(position: Position, token: number): number {
    let { low, high } = position;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tokenAt(middle, position.depth) < token) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Throws `InvariantError` unless no alternative is a proper prefix of another and equal ones lead to the same node. */
  checkUnambiguous(): void {
    if (this.#isUnambiguous) return;
    for (let rank = 1; rank < this.count; rank++) {
      // A prefix sorts directly before what it is a prefix of, but for copies of itself.
      const [a, b] = [this.#order[rank - 1] as number, this.#order[rank] as number];
      const depth = firstDifference(this.#node, a, b);
      if (tokenOf(this.#node, a, depth) !== ENDED) continue;
      if (tokenOf(this.#node, b, depth) !== ENDED) throw new InvariantError(`alternative ${a} begins alternative ${b}`);
      if (this.#node.next[a] === this.#node.next[b]) continue;
      throw new InvariantError(`alternatives ${a} and ${b} are equal but lead apart`);
    }
    this.#isUnambiguous = true;
  }
}
