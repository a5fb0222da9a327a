/** Owns the arithmetic of one request under way: wanted tokens, computed tokens, slot. Knows no policy and no grammar. */
import type { GatewayError } from '../errors.ts';
import { invariant } from '../errors.ts';
import { commonLength } from './common-length.ts';
import type { StepEntry } from './step-plan.ts';

export type SequenceOptions = {
  /** Unique for the life of the scheduler. */
  readonly id: number;
  /** What is known at the start: the prompt and what the grammar forces after it. At least one token. */
  readonly tokens: Int32Array;
  /** Leading tokens that other requests may begin with, too; what comes after them may be replaced. Default: all of them. */
  readonly promptTokens?: number;
  /** Most tokens that will ever be known beyond `tokens`. */
  readonly maxNewTokens: number;
  /** 0 (default) is served first. */
  readonly priority?: number;
  /** Clock value, in milliseconds, since which it waits. Default 0. */
  readonly queuedMs?: number;
  /** Clock value, in milliseconds, from which on the answer is of no use. Default: none. */
  readonly deadlineMs?: number;
};

/** What a sequence got when it left the queue. */
export type Admission = {
  readonly slot: number;
  /** Leading tokens whose KV the slot holds already. */
  readonly cachedTokens: number;
  /** Clock value of the step that admitted it. */
  readonly admittedMs: number;
};

type State =
  | { readonly type: 'waiting' }
  | { readonly type: 'running'; readonly admission: Admission }
  /** It keeps the admission for the account of its times; absent if it never ran. */
  | { readonly type: 'finished'; readonly admission: Admission | undefined };

/**
 * ```
 * tokens   [0 ... prompt ... computed ............ length ............ capacity)
 *           KV is in the slot        to be computed       not known yet
 * ```
 */
export class Sequence {
  readonly id: number;
  readonly priority: number;
  readonly queuedMs: number;
  readonly deadlineMs: number;
  /** False once a step failed that wrote to its slot: what is in there is undefined. */
  isKvValid = true;
  /** Other answers so far, each whole and not empty, that are worth computing beside its own where slots are free. */
  alternatives: readonly Int32Array[] = [];
  /** True while it has computed all that it knows, and what follows is not decided yet. */
  isHeld = false;
  /** Set once a running sequence is to end at the next occasion, with the reason. */
  endingWith: GatewayError | undefined;

  #tokens: Int32Array;
  readonly #promptTokens: number;
  #length: number;
  #computed = 0;
  #state: State = { type: 'waiting' };

  constructor(options: SequenceOptions) {
    const { id, tokens, maxNewTokens } = options;
    invariant(tokens.length > 0, `sequence ${id} has no tokens`);
    this.id = id;
    this.priority = options.priority ?? 0;
    this.queuedMs = options.queuedMs ?? 0;
    this.deadlineMs = options.deadlineMs ?? Number.POSITIVE_INFINITY;
    this.#tokens = new Int32Array(tokens.length + maxNewTokens);
    this.#tokens.set(tokens);
    this.#length = tokens.length;
    this.#promptTokens = options.promptTokens ?? tokens.length;
    invariant(this.#promptTokens <= tokens.length, `sequence ${id} does not know its prompt`);
  }

  get status(): State['type'] {
    return this.#state.type;
  }

  /** Tokens known so far: the prompt, and everything appended. */
  get length(): number {
    return this.#length;
  }

  /** Leading tokens whose KV is valid. */
  get computed(): number {
    return this.#computed;
  }

  /** Tokens known but not computed; at least 1 while it waits or runs, unless it is held. */
  get remaining(): number {
    return this.#length - this.#computed;
  }

  /** All tokens known; a view that a replacement changes. */
  get tokens(): Int32Array {
    return this.#tokens.subarray(0, this.#length);
  }

  get promptTokens(): number {
    return this.#promptTokens;
  }

  /** Those known after the prompt whose KV is valid; a view that a replacement changes. */
  get computedAnswer(): Int32Array {
    return this.#tokens.subarray(this.#promptTokens, Math.max(this.#promptTokens, this.#computed));
  }

  /**
   * Those of the prompt whose KV is valid and worth keeping; a view that never changes. Without the prompt's last token: who
   * has the same prompt computes that anew for its logits, and it is computed as answers are.
   */
  get computedPrompt(): Int32Array {
    return this.#tokens.subarray(0, Math.min(this.#computed, this.#promptTokens - 1));
  }

  /** Undefined until it was admitted. */
  get admission(): Admission | undefined {
    return this.#state.type === 'waiting' ? undefined : this.#state.admission;
  }

  /** The slot of a running sequence. */
  get slot(): number {
    invariant(this.#state.type === 'running', `sequence ${this.id} is ${this.#state.type} and has no slot`);
    return this.#state.admission.slot;
  }

  isOverdue(now: number): boolean {
    return now >= this.deadlineMs;
  }

  /** Waiting to running. */
  admit(admission: Admission): void {
    const { cachedTokens } = admission;
    invariant(this.#state.type === 'waiting', `sequence ${this.id} is ${this.#state.type}, so it cannot be admitted`);
    // The last token is always computed: without it there is no row of logits to go on from.
    invariant(
      cachedTokens >= 0 && cachedTokens < this.#length,
      `sequence ${this.id} of ${this.#length} tokens cannot start with ${cachedTokens} computed`,
    );
    this.#computed = cachedTokens;
    this.#state = { type: 'running', admission };
  }

  /** The next `numTokens` tokens as an entry of a plan. Its tokens are a view that a replacement changes. */
  entry(numTokens: number): StepEntry {
    const end = this.#computed + numTokens;
    invariant(numTokens > 0 && end <= this.#length, `sequence ${this.id} has no ${numTokens} tokens to compute`);
    return {
      sequenceId: this.id,
      slot: this.slot,
      start: this.#computed,
      tokens: this.#tokens.subarray(this.#computed, end),
      prefillTokens: Math.max(0, Math.min(end, this.#promptTokens - 1) - this.#computed),
      wantsLogits: end === this.#length,
    };
  }

  /** The KV of the next `numTokens` tokens is valid now. */
  advance(numTokens: number): void {
    invariant(numTokens <= this.remaining, `sequence ${this.id} computed more tokens than it has`);
    this.#computed += numTokens;
  }

  /** Makes room for so many tokens beyond those known now, at most. Views of before are of what was known then. */
  reserve(maxNewTokens: number): void {
    const tokens = new Int32Array(this.#length + maxNewTokens);
    tokens.set(this.tokens);
    this.#tokens = tokens;
  }

  /** Adds what was decided after the last token: the chosen token and those that follow from it. At least one. */
  append(tokens: Int32Array): void {
    invariant(tokens.length > 0, `nothing is appended to sequence ${this.id}`);
    invariant(this.remaining === 0, `sequence ${this.id} decides before it has computed what it knows`);
    invariant(
      this.#length + tokens.length <= this.#tokens.length,
      `sequence ${this.id} outgrows its ${this.#tokens.length} tokens`,
    );
    this.#tokens.set(tokens, this.#length);
    this.#length += tokens.length;
  }

  /**
   * Goes on with another answer instead of what is known after the prompt. What both begin with stays computed, but for the
   * last token: without it there is no row of logits to go on from.
   */
  replace(answer: Int32Array): void {
    const length = this.#promptTokens + answer.length;
    invariant(length <= this.#tokens.length, `sequence ${this.id} outgrows its ${this.#tokens.length} tokens`);
    const common = commonLength(answer, this.#tokens.subarray(this.#promptTokens, this.#length));
    this.#tokens.set(answer, this.#promptTokens);
    this.#length = length;
    this.#computed = Math.min(this.#computed, this.#promptTokens + common, length - 1);
  }

  /** To finished, once. */
  finish(): void {
    invariant(this.#state.type !== 'finished', `sequence ${this.id} ends twice`);
    this.#state = { type: 'finished', admission: this.admission };
  }
}
