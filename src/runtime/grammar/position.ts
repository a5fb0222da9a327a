/** Where in a grammar an answer stands: a handful of integers, so a copy is cheap. */
import type { NodeIndex } from './grammar.ts';

export class Position {
  node: NodeIndex = 0;
  /** In a choice: tokens taken so far, and the ranks [low, high) of the sorted alternatives that begin with those. */
  depth = 0;
  low = 0;
  high = 0;
  /** In a text or number: the automaton's state. */
  state = 0;

  copyFrom(other: Position): void {
    this.node = other.node;
    this.depth = other.depth;
    this.low = other.low;
    this.high = other.high;
    this.state = other.state;
  }
}
