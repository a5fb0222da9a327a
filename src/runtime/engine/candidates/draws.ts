/**
 * Answers drawn at random, each as if it were alone: draw 0 is what a request for one answer gets. Draws share what they
 * have in common: all that come to a node are there when it is expanded, so no node is expanded twice.
 */
import { Rng } from '../../sampling/rng.ts';
import { Sampler } from '../../sampling/sampler.ts';
import type { SamplingOptions } from '../generate.ts';
import type { AnswerNode } from './answer-node.ts';
import type { AnswerSearch } from './answer-search.ts';

/** Tells the numbers that seed the draws from those that the first draw uses. */
const SEEDS_OF_DRAWS = 0x5bd1e995;

export class Draws implements AnswerSearch {
  /** Where draws are that go on, and who is there; in the order in which they came. */
  readonly #waiting = new Map<AnswerNode, readonly Sampler[]>();
  readonly #answers: AnswerNode[] = [];

  /** `count`: how many answers are drawn; equal ones count once. */
  constructor(first: AnswerNode, sampling: SamplingOptions, count: number) {
    this.#arrive(
      first,
      seedsOfDraws(sampling.seed, count).map((seed) => new Sampler({ ...sampling, seed })),
    );
  }

  get isComplete(): boolean {
    return this.#waiting.size === 0;
  }

  get answers(): readonly AnswerNode[] {
    // Equal probabilities are as good as none: then the tokens decide, so that the order of expansion does not.
    return this.#answers.toSorted((a, b) => b.logProb - a.logProb || compareTokens(a.tokens, b.tokens));
  }

  wanted(max: number): readonly AnswerNode[] {
    return [...this.#waiting.keys()].slice(0, max);
  }

  expand(node: AnswerNode, logits: Float32Array): void {
    const followers = new Map<number, { readonly next: AnswerNode; readonly samplers: Sampler[] }>();
    const allowed = node.allowed();
    for (const sampler of this.#waiting.get(node) ?? []) {
      const { token, logProb } = sampler.sample(logits, allowed);
      const follower = followers.get(token) ?? { next: node.follow(token, logProb), samplers: [] };
      follower.samplers.push(sampler);
      followers.set(token, follower);
    }
    this.#waiting.delete(node);
    for (const { next, samplers } of followers.values()) this.#arrive(next, samplers);
  }

  #arrive(node: AnswerNode, samplers: readonly Sampler[]): void {
    if (node.isComplete) this.#answers.push(node);
    else this.#waiting.set(node, samplers);
  }
}

/** One seed per draw, of which the first is `seed`. */
export function seedsOfDraws(seed: number, count: number): readonly number[] {
  const seeds = new Rng(seed ^ SEEDS_OF_DRAWS);
  return [seed, ...Array.from({ length: count - 1 }, () => seeds.nextUint32())];
}

function compareTokens(a: Int32Array, b: Int32Array): number {
  const at = a.findIndex((token, i) => token !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] ?? -1);
}
