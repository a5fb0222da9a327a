/**
 * Owns the policy: who waits, who runs, and how many tokens each gets in the next step. Synchronous, without clock,
 * I/O or logger; it knows neither grammar nor sampling. `schedule` returns work, `commit` takes what came of it.
 *
 * There is no prefill phase and no decode phase. There is one rule: the computed tokens of every running sequence catch
 * up with its wanted tokens, under a token budget per step and a cap per chunk.
 */
import { GatewayError, invariant } from '../errors.ts';
import type { SlotPool } from '../kv/slot-pool.ts';
import { WaitingQueue } from './queue.ts';
import type { Sequence } from './sequence.ts';
import { StepBudget, type StepLimits } from './step-budget.ts';
import type { StepEntry, StepPlan } from './step-plan.ts';
import { estimateRetryAfterMs, ThroughputMeter } from './throughput.ts';

export type SchedulerConfig = StepLimits & {
  /** Most requests that may wait, beside those that a free slot takes in the next step. */
  readonly maxWaitingRequests: number;
  /** Most tokens that those may hold together. */
  readonly maxWaitingTokens: number;
};

/** `drain`: what was accepted is finished, nothing more is accepted. */
export type SchedulerMode = 'open' | 'drain';

/** What came of an entry of the plan. */
export type EntryResult =
  /** Its tokens are computed; it wanted no logits. */
  | { readonly type: 'computed' }
  /** Its tokens are computed, and these are to be computed next. */
  | { readonly type: 'appended'; readonly tokens: Int32Array }
  /** Its tokens are computed, and nothing more is wanted. */
  | { readonly type: 'completed' }
  | { readonly type: 'failed'; readonly error: GatewayError };

/** The end of a sequence; each has exactly one. `failed` says `cancelled` and `deadline_exceeded` too. */
export type SequenceEvent =
  | { readonly type: 'completed'; readonly sequence: Sequence }
  | { readonly type: 'failed'; readonly sequence: Sequence; readonly error: GatewayError };

export class Scheduler {
  readonly #config: SchedulerConfig;
  readonly #slots: SlotPool;
  readonly #waiting = new WaitingQueue();
  /** In order of admission. */
  readonly #running = new Map<number, Sequence>();
  readonly #throughput = new ThroughputMeter();
  /** What ended since the last commit. */
  #events: SequenceEvent[] = [];
  #mode: SchedulerMode = 'open';
  /** The step between `schedule` and `commit`. */
  #step: { readonly plan: StepPlan; readonly scheduledMs: number } | undefined;

  constructor(config: SchedulerConfig, slots: SlotPool) {
    invariant(config.maxStepTokens > 0 && config.maxChunkTokens > 0, 'a step must be able to compute a token');
    this.#config = config;
    this.#slots = slots;
  }

  get waitingRequests(): number {
    return this.#waiting.numRequests;
  }

  get waitingTokens(): number {
    return this.#waiting.numTokens;
  }

  get runningRequests(): number {
    return this.#running.size;
  }

  get slotsInUse(): number {
    return this.#slots.numUsed;
  }

  /** True when a step would do something: compute, admit, or tell an end. */
  get hasWork(): boolean {
    return this.#running.size > 0 || this.#waiting.numRequests > 0 || this.#events.length > 0;
  }

  setMode(mode: SchedulerMode): void {
    this.#mode = mode;
  }

  /** Puts a sequence in the queue. Throws as {@link checkRoom} does. */
  add(sequence: Sequence): void {
    this.checkRoom(sequence.length);
    this.#waiting.add(sequence);
  }

  /** Throws `overloaded` when the queue has no room for a sequence of this length, `unavailable` when draining. */
  checkRoom(length: number): void {
    if (this.#mode === 'drain') throw new GatewayError('unavailable', 'the engine is draining');
    if (this.#hasRoomFor(length)) return;
    const { numRequests, numTokens } = this.#waiting;
    throw new GatewayError('overloaded', `${numRequests} requests with ${numTokens} tokens are waiting`, {
      retryAfterMs: estimateRetryAfterMs(numTokens, this.#throughput.tokensPerMs),
    });
  }

  #hasRoomFor(length: number): boolean {
    const beyondFreeSlots = this.#waiting.numRequests - this.#slots.numFree;
    // So the longest prompt is accepted, too, when the engine is idle.
    if (beyondFreeSlots < 0) return true;
    return (
      beyondFreeSlots < this.#config.maxWaitingRequests &&
      this.#waiting.numTokens + length <= this.#config.maxWaitingTokens
    );
  }

  /** Ends a sequence at the client's wish; its slot is free by the next step. No effect on one that has ended. */
  abort(id: number): void {
    const error = new GatewayError('cancelled', 'the request was cancelled');
    const waiting = this.#waiting.remove(id);
    if (waiting !== undefined) this.#end(waiting, error);
    const running = this.#running.get(id);
    // A step may be under way that writes to its slot, so the slot is not released here.
    if (running !== undefined) running.endingWith ??= error;
  }

  /** The work of the next step. Every plan is committed, an empty one too, before the next call. */
  schedule(now: number): StepPlan {
    invariant(this.#step === undefined, 'the last plan was not committed');
    this.#markOverdue(now);
    this.#endMarked();
    const budget = new StepBudget(this.#config);
    // 1. Single tokens: they share one batch, and a long prompt never stalls an answer under way.
    for (const sequence of this.#running.values()) if (sequence.remaining === 1) budget.add(sequence);
    // 2. Chunks in flight: prompts, and forced tokens of answers.
    for (const sequence of this.#running.values()) if (sequence.remaining > 1) budget.add(sequence);
    // 3. Admission, first come, first served.
    this.#admit(budget, now);
    const plan = budget.plan();
    this.#step = { plan, scheduledMs: now };
    return plan;
  }

  #markOverdue(now: number): void {
    for (const sequence of this.#running.values()) {
      if (sequence.isOverdue(now)) sequence.endingWith ??= overdue();
    }
  }

  #endMarked(): void {
    for (const sequence of this.#running.values()) {
      if (sequence.endingWith !== undefined) this.#end(sequence, sequence.endingWith);
    }
  }

  #admit(budget: StepBudget, now: number): void {
    for (let sequence = this.#waiting.peek(); sequence !== undefined; sequence = this.#waiting.peek()) {
      if (sequence.isOverdue(now)) {
        this.#waiting.remove(sequence.id);
        this.#end(sequence, overdue());
        continue;
      }
      if (budget.isSpent) return;
      const slot = this.#slots.acquire(sequence.id);
      if (slot === undefined) return;
      this.#waiting.remove(sequence.id);
      sequence.admit({ slot, cachedTokens: 0, admittedMs: now });
      this.#running.set(sequence.id, sequence);
      budget.add(sequence);
    }
  }

  /**
   * Takes what came of a plan, `results[i]` for `plan.entries[i]`. The only place where computed tokens advance.
   * Returns the ends since the last commit, also of sequences that were in no plan.
   */
  commit(plan: StepPlan, results: readonly EntryResult[], now: number): readonly SequenceEvent[] {
    invariant(this.#step?.plan === plan, 'a plan is committed that was not scheduled');
    invariant(results.length === plan.entries.length, 'a plan needs one result per entry');
    if (plan.numTokens > 0) this.#throughput.record(plan.numTokens, now - this.#step.scheduledMs);
    this.#step = undefined;
    plan.entries.forEach((entry, i) => {
      const result = results[i];
      invariant(result !== undefined, `no result for sequence ${entry.sequenceId}`);
      this.#commitEntry(entry, result);
    });
    this.#endMarked();
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #commitEntry(entry: StepEntry, result: EntryResult): void {
    const sequence = this.#running.get(entry.sequenceId);
    invariant(sequence !== undefined, `sequence ${entry.sequenceId} was planned but does not run`);
    if (result.type === 'failed') sequence.endingWith ??= result.error;
    if (sequence.endingWith !== undefined) return;
    sequence.advance(entry.tokens.length);
    invariant(entry.wantsLogits !== (result.type === 'computed'), `sequence ${sequence.id} has a ${result.type} entry`);
    if (result.type === 'appended') sequence.append(result.tokens);
    if (result.type === 'completed') this.#end(sequence, undefined);
  }

  /** The one way out: every sequence passes here once. */
  #end(sequence: Sequence, error: GatewayError | undefined): void {
    if (this.#running.delete(sequence.id)) this.#slots.release(sequence.slot, sequence.id);
    sequence.finish();
    this.#events.push(error === undefined ? { type: 'completed', sequence } : { type: 'failed', sequence, error });
  }

  /** Throws {@link InvariantError} if the books do not balance. For tests, and when the engine is idle. */
  checkIntegrity(): void {
    this.#slots.checkIntegrity();
    this.#waiting.checkIntegrity();
    invariant(
      this.#slots.numUsed === this.#running.size,
      `${this.#running.size} sequences run but ${this.#slots.numUsed} slots are in use`,
    );
    for (const sequence of this.#running.values()) {
      const owner = this.#slots.owner(sequence.slot);
      invariant(owner === sequence.id, `slot ${sequence.slot} of sequence ${sequence.id} is owned by ${owner}`);
      invariant(sequence.remaining > 0, `sequence ${sequence.id} runs with nothing to compute`);
    }
  }
}

function overdue(): GatewayError {
  return new GatewayError('deadline_exceeded', 'the deadline passed before the answer was complete');
}
