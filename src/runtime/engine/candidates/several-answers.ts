/** Owns the search for several answers to one request: which of them are being computed, and what they are in the end. */
import { GrammarMatcher } from '../../grammar/matcher.ts';
import type { Vocabulary } from '../../grammar/vocabulary.ts';
import type { EntryResult } from '../../scheduler/scheduler.ts';
import type { Answered, Answering } from '../answering.ts';
import type { GenerateRequest } from '../generate.ts';
import { AnswerNode } from './answer-node.ts';
import type { AnswerSearch } from './answer-search.ts';
import { BestFirstSearch } from './best-first.ts';
import { Draws } from './draws.ts';

export class SeveralAnswers implements Answering {
  readonly tokens: Int32Array;
  readonly #search: AnswerSearch;
  readonly #count: number;
  /** What is being computed: 0 in the sequence's own slot, the others beside it where there is room. */
  #asked: readonly AnswerNode[];

  constructor({ grammar, sampling, candidates = 1 }: GenerateRequest, vocabulary: Vocabulary) {
    const first = AnswerNode.first(new GrammarMatcher(vocabulary, grammar));
    this.tokens = first.tokens;
    this.#count = candidates;
    this.#search =
      sampling.temperature === 0 ? new BestFirstSearch(first, candidates) : new Draws(first, sampling, candidates);
    this.#asked = [first];
  }

  get isComplete(): boolean {
    return this.#search.isComplete;
  }

  take(logits: Float32Array, branch: number): number {
    const node = this.#asked[branch] as AnswerNode;
    this.#search.expand(node, logits);
    return node.forcedTokens;
  }

  /** Several answers choose differently. */
  takeChoice(): undefined {}

  next(): EntryResult {
    this.#asked = this.#search.wanted(this.#count);
    const [answer, ...alternatives] = this.#asked.map(({ tokens }) => tokens) as [Int32Array, ...Int32Array[]];
    return { type: 'replaced', answer, alternatives };
  }

  answered(): Answered {
    const { answers } = this.#search;
    const [{ tokens, numDecisions }] = answers as [AnswerNode];
    return {
      candidates: answers.map(({ tokens, logProbs }) => ({ tokens, logProbs })),
      generatedTokens: numDecisions,
      forcedTokens: tokens.length - numDecisions,
    };
  }
}
