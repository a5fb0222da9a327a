/** Owns a request under way: its sequence for the scheduler, its answer, and the account of its times. */
import type { Vocabulary } from '../grammar/vocabulary.ts';
import { Sequence } from '../scheduler/sequence.ts';
import type { GenerateRequest, GenerateResult } from './generate.ts';
import { Generation } from './generation.ts';

export type JobOptions = {
  readonly id: number;
  readonly request: GenerateRequest;
  readonly vocabulary: Vocabulary;
  /** Clock value since which the client waits. */
  readonly submittedMs: number;
};

export class Job {
  readonly sequence: Sequence;
  readonly #generation: Generation;
  readonly #submittedMs: number;
  /** When the first row of logits was there; undefined before. */
  #prefilledMs: number | undefined;

  constructor({ id, request, vocabulary, submittedMs }: JobOptions) {
    const { promptTokens, grammar, deadlineMs } = request;
    this.#submittedMs = submittedMs;
    this.#generation = new Generation(request, vocabulary);
    // What the grammar forces from the start needs no decision, so it is computed with the end of the prompt.
    const forced = this.#generation.tokens;
    const tokens = new Int32Array(promptTokens.length + forced.length);
    tokens.set(promptTokens);
    tokens.set(forced, promptTokens.length);
    this.sequence = new Sequence({
      id,
      tokens,
      maxNewTokens: grammar.maxTokens - forced.length,
      ...(deadlineMs !== undefined && { deadlineMs }),
    });
  }

  /** True once nothing more is to be computed; from the start, if the grammar has only one answer. */
  get isComplete(): boolean {
    return this.#generation.isComplete;
  }

  /** Chooses by a row of logits [vocab] that was there at `computedMs`. Returns what is to be computed next; a view. */
  decide(logits: Float32Array, computedMs: number): Int32Array {
    this.#prefilledMs ??= computedMs;
    return this.#generation.decide(logits);
  }

  /** The answer of a complete job. */
  result(endMs: number): GenerateResult {
    const { tokens, generatedTokens, forcedTokens, logProbs } = this.#generation;
    const admittedMs = this.sequence.admission?.admittedMs ?? endMs;
    const prefilledMs = this.#prefilledMs ?? endMs;
    return {
      // A copy: the view's whole buffer would travel with it to another thread.
      tokens: tokens.slice(),
      generatedTokens,
      forcedTokens,
      cachedTokens: this.sequence.admission?.cachedTokens ?? 0,
      logProbs,
      queueMs: admittedMs - this.#submittedMs,
      prefillMs: prefilledMs - admittedMs,
      decodeMs: endMs - prefilledMs,
    };
  }
}
