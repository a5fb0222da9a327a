/** Owns a request under way: its sequence for the scheduler, its answer, and the account of its times. */
import type { Vocabulary } from '../grammar/vocabulary.ts';
import type { EntryResult } from '../scheduler/scheduler.ts';
import { Sequence } from '../scheduler/sequence.ts';
import type { Answering } from './answering.ts';
import { SeveralAnswers } from './candidates/several-answers.ts';
import type { AnswerCandidate, GenerateRequest, GenerateResult } from './generate.ts';
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
  readonly #answering: Answering;
  readonly #submittedMs: number;
  /** When the first row of logits was there; undefined before. */
  #prefilledMs: number | undefined;

  constructor({ id, request, vocabulary, submittedMs }: JobOptions) {
    const { promptTokens, grammar, deadlineMs, priority, candidates = 1 } = request;
    this.#submittedMs = submittedMs;
    this.#answering = candidates > 1 ? new SeveralAnswers(request, vocabulary) : new Generation(request, vocabulary);
    // What the grammar forces from the start needs no decision, so it is computed with the end of the prompt.
    const forced = this.#answering.tokens;
    const tokens = new Int32Array(promptTokens.length + forced.length);
    tokens.set(promptTokens);
    tokens.set(forced, promptTokens.length);
    this.sequence = new Sequence({
      id,
      tokens,
      promptTokens: promptTokens.length,
      maxNewTokens: grammar.maxTokens - forced.length,
      queuedMs: submittedMs,
      ...(priority !== undefined && { priority }),
      ...(deadlineMs !== undefined && { deadlineMs }),
    });
  }

  /** True once nothing more is to be computed; from the start, if the grammar has only one answer. */
  get isComplete(): boolean {
    return this.#answering.isComplete;
  }

  /**
   * Takes a row of logits [vocab] that was there at `computedMs`; `branch` as in a plan's entry. Returns how many tokens the
   * grammar forced with it.
   */
  take(logits: Float32Array, { branch = 0, computedMs }: { branch?: number | undefined; computedMs: number }): number {
    this.#prefilledMs ??= computedMs;
    return this.#answering.take(logits, branch);
  }

  /** See {@link Answering.takeChoice}. */
  takeChoice(): Int32Array | undefined {
    return this.#answering.takeChoice();
  }

  /** What is to be computed after the rows of a step, unless it is complete. */
  next(): EntryResult {
    return this.#answering.next();
  }

  /** The answer of a complete job. */
  result(endMs: number): GenerateResult {
    const { candidates, generatedTokens, forcedTokens } = this.#answering.answered();
    const [{ tokens, logProbs }] = candidates as [AnswerCandidate];
    const admittedMs = this.sequence.admission?.admittedMs ?? endMs;
    const prefilledMs = this.#prefilledMs ?? endMs;
    return {
      tokens,
      logProbs,
      candidates,
      generatedTokens,
      forcedTokens,
      cachedTokens: this.sequence.admission?.cachedTokens ?? 0,
      queueMs: admittedMs - this.#submittedMs,
      prefillMs: prefilledMs - admittedMs,
      decodeMs: endMs - prefilledMs,
    };
  }
}
