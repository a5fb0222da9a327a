/** Owns one answer under way: what was chosen, what was forced, how probable it was. Knows no scheduler and no clock. */
import { GrammarMatcher } from '../grammar/matcher.ts';
import type { Vocabulary } from '../grammar/vocabulary.ts';
import { Sampler } from '../sampling/sampler.ts';
import type { EntryResult } from '../scheduler/scheduler.ts';
import type { ChoiceField } from '../types.ts';
import type { Answered, Answering } from './answering.ts';
import type { GenerateRequest } from './generate.ts';

export class Generation implements Answering {
  readonly #matcher: GrammarMatcher;
  readonly #sampler: Sampler;
  /** [grammar.maxTokens] The answer is its first `#length` tokens. */
  readonly #answer: Int32Array;
  #length = 0;
  #generatedTokens = 0;
  readonly #logProbs: Record<ChoiceField, number> = { control: 0, function: 0, args: 0, status: 0, words: 0 };
  /** What the last decision added; a view. */
  #added: Int32Array;
  /** Filled anew at each decision. */
  readonly #forced: number[] = [];
  /** `awaited` while control and function are to be told; `begun` once a token of the function was taken; `idle`: nothing to tell. */
  #telling: 'idle' | 'awaited' | 'begun';
  #choice: Int32Array | undefined;

  constructor({ grammar, sampling, tellsChoice = false }: GenerateRequest, vocabulary: Vocabulary) {
    this.#telling = tellsChoice ? 'awaited' : 'idle';
    this.#matcher = new GrammarMatcher(vocabulary, grammar);
    this.#sampler = new Sampler(sampling);
    this.#answer = new Int32Array(grammar.maxTokens);
    this.#takeForced();
    this.#added = this.tokens;
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

  takeChoice(): Int32Array | undefined {
    const choice = this.#choice;
    this.#choice = undefined;
    return choice;
  }

  take(logits: Float32Array): number {
    this.#added = this.decide(logits);
    return this.#added.length - 1;
  }

  next(): EntryResult {
    return { type: 'appended', tokens: this.#added };
  }

  answered(): Answered {
    // A copy: the view's whole buffer would travel with it to another thread.
    const candidate = { tokens: this.tokens.slice(), logProbs: this.#logProbs };
    return { candidates: [candidate], generatedTokens: this.generatedTokens, forcedTokens: this.forcedTokens };
  }

  #takeForced(): void {
    this.#forced.length = 0;
    this.#matcher.forcedTokens(this.#forced);
    for (const token of this.#forced) this.#take(token);
    if (this.#telling === 'begun') this.#noteChoice();
  }

  /** The function is chosen when its decision is left behind, and the control before it; with the last token there is no need to tell. */
  #noteChoice(): void {
    if (this.isComplete || this.#matcher.field === 'function') return;
    this.#telling = 'idle';
    this.#choice = this.tokens.slice();
  }

  #take(token: number): void {
    if (this.#telling === 'awaited' && this.#matcher.field === 'function') this.#telling = 'begun';
    this.#matcher.accept(token);
    this.#answer[this.#length++] = token;
  }
}
