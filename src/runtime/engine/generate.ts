/** What the engine is asked to do and what it answers: tokens in, tokens out. Structured-cloneable. */
import type { Grammar } from '../grammar/grammar.ts';
import type { ChoiceField } from '../types.ts';

export type SamplingOptions = {
  /** 0: greedy. Otherwise logits are divided by it before a token is drawn. Range 0..2. */
  readonly temperature: number;
  /** Seed of this request's own random numbers (unsigned 32 bit); the same seed gives the same answer, whatever else runs. */
  readonly seed: number;
};

export type GenerateRequest = {
  /** At least one token; `promptTokens.length + grammar.maxTokens` fits the model's context. */
  readonly promptTokens: Int32Array;
  readonly grammar: Grammar;
  readonly sampling: SamplingOptions;
  /** Point on the process's monotonic clock (see `monotonicMs`) at which the answer is of no use any more. */
  readonly deadlineMs?: number;
  /** Whole number 0..9; 0 (default) is served first. Who waits long moves up. */
  readonly priority?: number;
  /** Most distinct answers wanted, whole number 1 (default) .. 16. */
  readonly candidates?: number;
  /**
   * At temperature 0 and for one answer: control and function are the most probable pair, not what the likeliest tokens lead to. Default
   * false.
   */
  readonly bestChoice?: boolean;
  /** Tells the answer's beginning once control and function are chosen, if more is to come; not for several candidates. Default false. */
  readonly tellsChoice?: boolean;
};

/** A request as it is submitted: its grammar may follow, so that the prompt is computed while the grammar is being built. */
export type OpenRequest = Omit<GenerateRequest, 'grammar'> & { readonly grammar?: Grammar };

/** One of several answers to the same prompt. */
export type AnswerCandidate = {
  /** The whole answer, up to and including the last token of the grammar. */
  readonly tokens: Int32Array;
  /** Natural log of the probability of what was chosen, per field, renormalised over the allowed tokens of each decision. */
  readonly logProbs: Readonly<Record<ChoiceField, number>>;
};

/** `tokens` and `logProbs` are those of the first candidate, and so are the counts of its tokens. */
export type GenerateResult = AnswerCandidate & {
  /**
   * Distinct answers, the most probable first; at least one, fewer than wanted where the grammar or the draws give no more.
   * At temperature 0 they are what a beam search over the decisions finds, so that the first is at least as probable as
   * the greedy answer and mostly the same; with one candidate it is the greedy answer, but for `bestChoice`. Above 0 they are independent draws.
   */
  readonly candidates: readonly AnswerCandidate[];
  /** Of those: chosen by the model, and forced by the grammar. They add up to `tokens.length`. */
  readonly generatedTokens: number;
  readonly forcedTokens: number;
  /** Prompt tokens whose KV was reused. */
  readonly cachedTokens: number;
  /** Waiting for a slot, or for the grammar; computing the prompt; computing the answer. Milliseconds. */
  readonly queueMs: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
};
