/** Owns the search for answers to one request: which beginnings are being computed, and what the answers are in the end. */
import { GrammarMatcher } from '../../grammar/matcher.ts';
import type { Vocabulary } from '../../grammar/vocabulary.ts';
import type { EntryResult } from '../../scheduler/scheduler.ts';
import type { Answered, Answering } from '../answering.ts';
import type { GenerateRequest } from '../generate.ts';
import { AnswerNode } from './answer-node.ts';
import type { AnswerSearch } from './answer-search.ts';
import { BestChoiceSearch } from './best-choice.ts';
import { BestFirstSearch } from './best-first.ts';
import { Draws } from './draws.ts';

export class SearchedAnswers implements Answering {
  readonly tokens: Int32Array;
  readonly #search: AnswerSearch;
  readonly #count: number;
  /** What is being computed: 0 in the sequence's own slot, the others beside it where there is room. */
  #asked: readonly AnswerNode[];
  /** It is still to be told. */
  #tellsChoice: boolean;

  constructor(request: GenerateRequest, vocabulary: Vocabulary) {
    const { grammar, candidates = 1, tellsChoice = false } = request;
    const first = AnswerNode.first(new GrammarMatcher(vocabulary, grammar));
    this.tokens = first.tokens;
    this.#count = candidates;
    this.#tellsChoice = tellsChoice;
    this.#search = searchFrom(first, request);
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

  /** Of a single answer: several choose differently. */
  takeChoice(): Int32Array | undefined {
    const { chosen } = this.#search;
    if (!this.#tellsChoice || chosen === undefined) return undefined;
    this.#tellsChoice = false;
    // With the last token there is no need to tell.
    return chosen.isComplete ? undefined : chosen.tokens;
  }

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

function searchFrom(first: AnswerNode, { sampling, candidates = 1 }: GenerateRequest): AnswerSearch {
  if (sampling.temperature > 0) return new Draws(first, sampling, candidates);
  return candidates > 1 ? new BestFirstSearch(first, { width: candidates }) : new BestChoiceSearch(first);
}
