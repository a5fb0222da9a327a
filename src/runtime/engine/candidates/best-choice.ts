/**
 * One answer: the most probable pair of control and function, and from there on the likeliest tokens.
 *
 * A control is one decision but several tokens. Token by token, four controls that begin alike and have a sixth each are ahead
 * of a fifth one with a third. So beginnings are compared up to where both are chosen, best first; a pair with more than half
 * of the probability costs nothing more than the likeliest tokens do.
 */
import type { AnswerNode } from './answer-node.ts';
import type { AnswerSearch } from './answer-search.ts';
import { BestFirstSearch } from './best-first.ts';

/** Where a model is in doubt, it is so between a few controls. */
const WIDTH = 4;

export class BestChoiceSearch implements AnswerSearch {
  /** For the choice, then for the rest. */
  #search: BestFirstSearch;
  #chosen: AnswerNode | undefined;

  constructor(first: AnswerNode) {
    this.#search = new BestFirstSearch(first, {
      width: WIDTH,
      count: 1,
      isAnswer: (node) => node.isComplete || node.hasChosen,
      // What is thought in words before is not what is compared.
      branchesAt: ({ field }) => field !== 'words',
    });
    this.#advance();
  }

  get isComplete(): boolean {
    return this.#chosen !== undefined && this.#search.isComplete;
  }

  get answers(): readonly AnswerNode[] {
    return this.#search.answers;
  }

  /** Where control and function were chosen; undefined before. */
  get chosen(): AnswerNode | undefined {
    return this.#chosen;
  }

  wanted(max: number): readonly AnswerNode[] {
    return this.#search.wanted(max);
  }

  expand(node: AnswerNode, logits: Float32Array): void {
    this.#search.expand(node, logits);
    this.#advance();
  }

  #advance(): void {
    const [chosen] = this.#search.answers;
    if (this.#chosen !== undefined || chosen === undefined) return;
    this.#chosen = chosen;
    this.#search = new BestFirstSearch(chosen, { width: 1 });
  }
}
