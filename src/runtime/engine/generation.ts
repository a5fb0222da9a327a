/** Owns one answer under way: what was chosen, what was forced, how probable it was. Knows no scheduler and no clock. */
import { GrammarMatcher } from '../grammar/matcher.ts';
import type { Vocabulary } from '../grammar/vocabulary.ts';
import { Sampler } from '../sampling/sampler.ts';
import type { ChoiceField } from '../types.ts';
import type { GenerateRequest } from './generate.ts';

export class Generation {
  readonly #matcher: GrammarMatcher;
  readonly #sampler: Sampler;
  /** [grammar.maxTokens] The answer is its first `#length` tokens. */
  readonly #answer: Int32Array;
  #length = 0;
  #generatedTokens = 0;
  readonly #logProbs: Record<ChoiceField, number> = { control: 0, function: 0, args: 0, status: 0 };
  /** Filled anew at each decision. */
  readonly #forced: number[] = [];

  constructor({ grammar, sampling }: GenerateRequest, vocabulary: Vocabulary) {
    this.#matcher = new GrammarMatcher(vocabulary, grammar);
    this.#sampler = new Sampler(sampling);
    this.#answer = new Int32Array(grammar.maxTokens);
    this.#takeForced();
  }

  /** True once the answer has all its tokens; the last ones are never computed. */
  get isComplete(): boolean {
    return this.#matcher.isTerminated;
  }

  /** The answer so far; a view. Before the first decision: what the grammar forces from the start. */
  get tokens(): Int32Array {
    return this.#answer.subarray(0, this.#length);
  }

  get generatedTokens(): number {
    return this.#generatedTokens;
  }

  get forcedTokens(): number {
    return this.#length - this.#generatedTokens;
  }

  get logProbs(): Readonly<Record<ChoiceField, number>> {
    return this.#logProbs;
  }

  /**
   * Chooses a token by a row of logits [vocab] and takes everything that follows from it. Returns what was added: one
   * token or more, a view. Throws `GatewayError` (`backend_failed`) if the row is not made of numbers.
   */
  decide(logits: Float32Array): Int32Array {
    const from = this.#length;
    const { field } = this.#matcher;
    const { token, logProb } = this.#sampler.sample(logits, this.#matcher.allowed());
    this.#take(token);
    this.#generatedTokens += 1;
    this.#logProbs[field] += logProb;
    this.#takeForced();
    return this.#answer.subarray(from, this.#length);
  }

  #takeForced(): void {
    this.#forced.length = 0;
    this.#matcher.forcedTokens(this.#forced);
    for (const token of this.#forced) this.#take(token);
  }

  #take(token: number): void {
    this.#matcher.accept(token);
    this.#answer[this.#length++] = token;
  }
}
