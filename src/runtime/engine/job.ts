/** Owns a request under way: its sequence for the scheduler, its answer, and the account of its times. */
import { invariant } from '../errors.ts';
import type { Grammar } from '../grammar/grammar.ts';
import type { Vocabulary } from '../grammar/vocabulary.ts';
import type { EntryResult } from '../scheduler/scheduler.ts';
import { Sequence } from '../scheduler/sequence.ts';
import type { Answering } from './answering.ts';
import { SearchedAnswers } from './candidates/searched-answers.ts';
import type { AnswerCandidate, GenerateRequest, GenerateResult, OpenRequest } from './generate.ts';
import { Generation } from './generation.ts';

const HELD: EntryResult = { type: 'held' };
const COMPLETED: EntryResult = { type: 'completed' };

export type JobOptions = {
  readonly id: number;
  readonly request: OpenRequest;
  readonly vocabulary: Vocabulary;
  /** Clock value since which the client waits. */
  readonly submittedMs: number;
};

export class Job {
  readonly sequence: Sequence;
  readonly #request: OpenRequest;
  readonly #vocabulary: Vocabulary;
  readonly #submittedMs: number;
  /** Undefined while there is no grammar. */
  #answering: Answering | undefined;
  /** The row after the prompt, while there is no grammar to decide by. */
  #heldRow: Float32Array | undefined;
  /** What the grammar forces from the start, while that is not yet to be computed because the grammar came after the prompt. */
  #lateStart: Int32Array | undefined;
  /** When the first row of logits was there; undefined before. */
  #prefilledMs: number | undefined;
  /** How long that row was held. */
  #heldMs = 0;

  constructor({ id, request, vocabulary, submittedMs }: JobOptions) {
    const { promptTokens, grammar, deadlineMs, priority } = request;
    this.#request = request;
    this.#vocabulary = vocabulary;
    this.#submittedMs = submittedMs;
    this.#answering = grammar && answeringOf({ ...request, grammar }, vocabulary);
    // What the grammar forces from the start needs no decision, so it is computed with the end of the prompt.
    const forced = this.#answering?.tokens ?? new Int32Array(0);
    const tokens = new Int32Array(promptTokens.length + forced.length);
    tokens.set(promptTokens);
    tokens.set(forced, promptTokens.length);
    this.sequence = new Sequence({
      id,
      tokens,
      promptTokens: promptTokens.length,
      maxNewTokens: (grammar?.maxTokens ?? 0) - forced.length,
      queuedMs: submittedMs,
      ...(priority !== undefined && { priority }),
      ...(deadlineMs !== undefined && { deadlineMs }),
    });
  }

  get promptTokens(): Int32Array {
    return this.#request.promptTokens;
  }

  /** True once nothing more is to be computed; from the start, if the grammar has only one answer. */
  get isComplete(): boolean {
    return this.#answering?.isComplete ?? false;
  }

  /** Gives it the grammar that it was created without. Returns the row that was held until `nowMs`: it is to be taken again. */
  supply(grammar: Grammar, nowMs: number): Float32Array | undefined {
    invariant(this.#answering === undefined, `request ${this.sequence.id} has a grammar already`);
    this.#answering = answeringOf({ ...this.#request, grammar }, this.#vocabulary);
    this.sequence.reserve(grammar.maxTokens);
    const { tokens, isComplete } = this.#answering;
    if (tokens.length > 0 && !isComplete) this.#lateStart = tokens;
    const row = this.#heldRow;
    this.#heldRow = undefined;
    if (row !== undefined) this.#heldMs = nowMs - (this.#prefilledMs ?? nowMs);
    return row;
  }

  /**
   * Takes a row of logits [vocab] that was there at `computedMs`; `branch` as in a plan's entry. Returns how many tokens the
   * grammar forced with it; undefined if nothing is decided by it, or not yet.
   */
  take(
    logits: Float32Array,
    { branch = 0, computedMs }: { branch?: number | undefined; computedMs: number },
  ): number | undefined {
    this.#prefilledMs ??= computedMs;
    if (this.#answering === undefined) {
      // A copy: the next step's rows take its place.
      this.#heldRow = logits.slice();
      return undefined;
    }
    return this.isComplete || this.#lateStart !== undefined ? undefined : this.#answering.take(logits, branch);
  }

  /** See {@link Answering.takeChoice}. */
  takeChoice(): Int32Array | undefined {
    return this.#answering?.takeChoice();
  }

  /** What is to be computed after the rows of a step. */
  next(): EntryResult {
    if (this.#answering === undefined) return HELD;
    if (this.isComplete) return COMPLETED;
    const start = this.#lateStart;
    this.#lateStart = undefined;
    return start === undefined ? this.#answering.next() : { type: 'appended', tokens: start };
  }

  /** The answer of a complete job. */
  result(endMs: number): GenerateResult {
    invariant(this.#answering !== undefined, `request ${this.sequence.id} ends without a grammar`);
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
      queueMs: admittedMs - this.#submittedMs + this.#heldMs,
      prefillMs: prefilledMs - admittedMs,
      decodeMs: endMs - prefilledMs - this.#heldMs,
    };
  }
}

function answeringOf(request: GenerateRequest, vocabulary: Vocabulary): Answering {
  const { candidates = 1, bestChoice = false, sampling } = request;
  return candidates > 1 || (bestChoice && sampling.temperature === 0)
    ? new SearchedAnswers(request, vocabulary)
    : new Generation(request, vocabulary);
}
