/** The rules of walking a grammar, node by node. Holds what is derived from the grammar; positions are the caller's. */

import { invariant } from '../errors.ts';
import { Alternatives } from './alternatives.ts';
import { REFUSED } from './byte-automaton.ts';
import type { DecisionTokens } from './decision-tokens.ts';
import type { Grammar, GrammarNode, NodeIndex, NumberNode, TextNode } from './grammar.ts';
import type { Position } from './position.ts';
import { ENDED } from './sort-alternatives.ts';
import { NONE, NumberSpan, type Span, TextSpan } from './spans.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Serves any number of positions in one grammar. Nodes are prepared when they are first reached: most never are. */
export class GrammarWalker {
  readonly #vocabulary: Vocabulary;
  readonly #nodes: readonly GrammarNode[];
  readonly #alternatives: (Alternatives | undefined)[] = [];
  readonly #spans: (Span | undefined)[] = [];

  constructor(vocabulary: Vocabulary, grammar: Grammar) {
    this.#vocabulary = vocabulary;
    this.#nodes = grammar.nodes;
  }

  node(index: NodeIndex): GrammarNode {
    return this.#nodes[index] as GrammarNode;
  }

  enter(position: Position, index: NodeIndex): void {
    const node = this.node(index);
    position.node = index;
    position.depth = 0;
    position.low = 0;
    position.high = node.type === 'choice' ? node.next.length : 0;
    position.state = 0;
    if (node.type === 'text' || node.type === 'number') position.state = this.#span(index, node).automaton.start;
  }

  /** Says, in `out`, which tokens can follow; none at the end. */
  collect(position: Position, out: DecisionTokens): void {
    out.clear();
    const node = this.node(position.node);
    switch (node.type) {
      case 'choice':
        this.#choice(position.node).collect(position, out.list);
        out.take();
        return;
      case 'text':
      case 'number': {
        const span = this.#span(position.node, node);
        span.collect(position.state, out);
        if (span.automaton.isAccepting(position.state)) out.ends = this.#choice(node.next).firstTokens;
        return;
      }
      case 'end':
        return;
    }
  }

  /** The only token that can follow, or -1 where several can and at the end. Cheaper than collecting them. */
  soleToken(position: Position): number {
    const node = this.node(position.node);
    switch (node.type) {
      case 'choice':
        return this.#choice(position.node).soleToken(position);
      case 'text':
      case 'number': {
        const span = this.#span(position.node, node);
        const within = span.soleToken(position.state);
        if (!span.automaton.isAccepting(position.state)) return Math.max(within, -1);
        const { firstTokens } = this.#choice(node.next);
        return within === NONE && firstTokens.length === 1 ? (firstTokens[0] as number) : -1;
      }
      case 'end':
        return -1;
    }
  }

  /** Takes `token`; false, and nothing changed, if it cannot follow. */
  advance(position: Position, token: number): boolean {
    const node = this.node(position.node);
    switch (node.type) {
      case 'choice':
        return this.#advanceChoice(position, token);
      case 'text':
      case 'number':
        // Never both: no token that ends a text or number can go on with it.
        return this.#advanceSpan(position, node, token) || this.#leaveSpan(position, node, token);
      case 'end':
        return false;
    }
  }

  #advanceChoice(position: Position, token: number): boolean {
    const alternatives = this.#choice(position.node);
    if (!alternatives.narrow(position, token)) return false;
    // No alternative is a proper prefix of another, so where one ends all that are left are its equals.
    if (alternatives.tokenAt(position.low, position.depth) === ENDED) {
      this.enter(position, alternatives.nextOf(position.low));
    }
    return true;
  }

  #advanceSpan(position: Position, node: TextNode | NumberNode, token: number): boolean {
    if (!this.#vocabulary.isText(token)) return false;
    const { automaton } = this.#span(position.node, node);
    const state = this.#vocabulary.walk(automaton, position.state, token);
    if (state === REFUSED) return false;
    position.state = state;
    return true;
  }

  /** The token ends the text or number and is the first of what follows. */
  #leaveSpan(position: Position, node: TextNode | NumberNode, token: number): boolean {
    if (!this.#span(position.node, node).automaton.isAccepting(position.state)) return false;
    if (!this.#choice(node.next).firstTokens.includes(token)) return false;
    this.enter(position, node.next);
    return this.#advanceChoice(position, token);
  }

  #choice(index: NodeIndex): Alternatives {
    const known = this.#alternatives[index];
    if (known) return known;
    const node = this.node(index);
    invariant(node.type === 'choice', `node ${index} is no choice`);
    const alternatives = Alternatives.of(node);
    this.#alternatives[index] = alternatives;
    return alternatives;
  }

  #span(index: NodeIndex, node: TextNode | NumberNode): Span {
    const known = this.#spans[index];
    if (known) return known;
    const span = node.type === 'text' ? new TextSpan(this.#vocabulary, node) : new NumberSpan(this.#vocabulary, node);
    this.#spans[index] = span;
    return span;
  }
}
