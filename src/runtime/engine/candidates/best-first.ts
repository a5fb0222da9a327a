/**
 * The most probable answers: a beam search whose steps are decisions, done best first.
 *
 * A beam search of width n keeps, after each decision, the n most probable beginnings. Since a beginning is never less
 * probable than what it becomes, the same answers are found by always going on with the most probable beginning of all, and
 * dropping one when n others with as many decisions were gone on with: "Best-First Beam Search", Meister, Vieira, Cotterell,
 * 2020 (https://arxiv.org/abs/2007.03909). It ends with the n-th whole answer. Where the model is sure of itself, that is
 * after a fraction of the work, and answers come in order of their probability. An alternative that impossible logits
 * (-Infinity) rule out is not one.
 *
 * The greedy answer is never dropped for the width's sake: so the first answer is at least as probable as that one.
 *
 * Nodes may be expanded before their turn, in slots that are free; their turn decides all the same.
 */
import { Sampler } from '../../sampling/sampler.ts';
import type { AnswerNode } from './answer-node.ts';
import type { AnswerSearch } from './answer-search.ts';
import { topTokens } from './top-tokens.ts';

/** A node that may be gone on with, made when somebody looks at it: most never are. */
class OpenNode {
  /** Of the whole beginning, this choice included. */
  readonly logProb: number;
  readonly isGreedy: boolean;
  readonly #make: () => AnswerNode;
  #node: AnswerNode | undefined;

  constructor(logProb: number, isGreedy: boolean, make: () => AnswerNode) {
    this.logProb = logProb;
    this.isGreedy = isGreedy;
    this.#make = make;
  }

  get node(): AnswerNode {
    this.#node ??= this.#make();
    return this.#node;
  }
}

export type BestFirstOptions = {
  /** Most nodes that are gone on with after as many decisions. */
  readonly width: number;
  /** How many answers are wanted. Default: the width. */
  readonly count?: number;
  /** Where an answer ends, as far as this search is concerned. Default: where it is whole. */
  readonly isAnswer?: (node: AnswerNode) => boolean;
  /** Where more than the likeliest token is looked at. Default: everywhere. */
  readonly branchesAt?: (node: AnswerNode) => boolean;
};

export class BestFirstSearch implements AnswerSearch {
  readonly answers: AnswerNode[] = [];
  readonly #width: number;
  readonly #count: number;
  readonly #isAnswer: (node: AnswerNode) => boolean;
  readonly #branchesAt: (node: AnswerNode) => boolean;
  readonly #greedy = new Sampler({ temperature: 0, seed: 0 });
  /** The most probable first; among equals, the one found first. */
  readonly #open: OpenNode[];
  /** What follows the nodes that were expanded and not yet gone on with. */
  readonly #expanded = new Map<AnswerNode, readonly OpenNode[]>();
  /** By number of decisions: how many nodes were gone on with. */
  readonly #widths: number[] = [];

  constructor(
    first: AnswerNode,
    { width, count = width, isAnswer = (node) => node.isComplete, branchesAt = () => true }: BestFirstOptions,
  ) {
    this.#width = width;
    this.#count = count;
    this.#isAnswer = isAnswer;
    this.#branchesAt = branchesAt;
    this.#open = [new OpenNode(0, true, () => first)];
    this.#advance();
  }

  get isComplete(): boolean {
    return this.answers.length === this.#count || this.#open.length === 0;
  }

  wanted(max: number): readonly AnswerNode[] {
    const wanted: AnswerNode[] = [];
    const widths = [...this.#widths];
    let numAnswers = this.answers.length;
    for (const open of this.#open) {
      if (wanted.length === max || numAnswers === this.#count) break;
      const { node } = open;
      if (this.#isAnswer(node)) numAnswers += 1;
      else if (this.#isWithin(widths, open)) {
        widths[node.numDecisions] = (widths[node.numDecisions] ?? 0) + 1;
        if (!this.#expanded.has(node)) wanted.push(node);
      }
    }
    return wanted;
  }

  expand(node: AnswerNode, logits: Float32Array): void {
    const isGreedy = this.#open.some((open) => open.isGreedy && open.node === node);
    // Whatever follows with less probability comes too late: by then n whole answers are there, or n nodes that go on.
    const count = this.#branchesAt(node) ? 2 * this.#width : 1;
    const tokens = topTokens(node, logits, { count, greedy: this.#greedy });
    const possible = tokens.filter(({ logProb }) => logProb > Number.NEGATIVE_INFINITY);
    const following = possible.map(
      ({ token, logProb }, rank) =>
        new OpenNode(node.logProb + logProb, isGreedy && rank === 0, () => node.follow(token, logProb)),
    );
    this.#expanded.set(node, following);
    this.#advance();
  }

  /** Goes on with the most probable node for as long as it is known what follows. */
  #advance(): void {
    while (!this.isComplete) {
      const [open] = this.#open as [OpenNode];
      const { node } = open;
      if (this.#isAnswer(node)) this.answers.push(node);
      else if (this.#isWithin(this.#widths, open)) {
        const following = this.#expanded.get(node);
        if (following === undefined) return;
        this.#expanded.delete(node);
        this.#widths[node.numDecisions] = (this.#widths[node.numDecisions] ?? 0) + 1;
        for (const next of following) this.#insert(next);
      }
      this.#open.splice(this.#open.indexOf(open), 1);
    }
  }

  #isWithin(widths: readonly number[], { isGreedy, node }: OpenNode): boolean {
    return isGreedy || (widths[node.numDecisions] ?? 0) < this.#width;
  }

  #insert(open: OpenNode): void {
    let at = this.#open.length;
    while (at > 0 && (this.#open[at - 1] as OpenNode).logProb < open.logProb) at -= 1;
    this.#open.splice(at, 0, open);
  }
}
