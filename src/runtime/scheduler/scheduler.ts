/**
 * Owns the policy: who waits, who runs, and how many tokens each gets in the next step. Synchronous, without clock,
 * I/O or logger; it knows neither grammar nor sampling. `schedule` returns work, `commit` takes what came of it.
 *
 * There is no prefill phase and no decode phase. There is one rule: the computed tokens of every running sequence catch
 * up with its wanted tokens, under a token budget per step and a cap per chunk.
 */
import { GatewayError, invariant } from '../errors.ts';
import type { PrefixStore } from '../kv/prefix-store.ts';
import type { SlotPool } from '../kv/slot-pool.ts';
import { Branches } from './branches.ts';
import { WaitingQueue } from './queue.ts';
import { hasRoomFor, type Newcomer, type QueueLimits } from './queue-room.ts';
import type { Sequence } from './sequence.ts';
import { StepBudget, type StepLimits } from './step-budget.ts';
import type { KvRestore, KvSave, ScheduledStep, StepEntry } from './step-plan.ts';
import { estimateRetryAfterMs, Throughput } from './throughput.ts';

export type SchedulerConfig = StepLimits &
  QueueLimits & {
    /** Waiting this long, in milliseconds, is worth one level of priority. Default 1,000. */
    readonly agingMs?: number;
    /**
     * Most slots that one request with several candidates may use beside its own while nobody waits for them. Default 0: on a
     * CPU, rows in a batch cost nearly what they cost one after another, and the copies of KV come on top. Where a batch is
     * nearly free, 15: as many as a request can use.
     */
    readonly maxBranches?: number;
  };

/** `drain`: what was accepted is finished, nothing more is accepted. */
export type SchedulerMode = 'open' | 'drain';

/** What came of an entry of the plan. */
export type EntryResult =
  /** Its tokens are computed; it wanted no logits. */
  | { readonly type: 'computed' }
  /** Its tokens are computed, and these are to be computed next. */
  | { readonly type: 'appended'; readonly tokens: Int32Array }
  /** Its tokens are computed, and these answers are to be computed next: one in the sequence's slot, others where it can be. */
  | { readonly type: 'replaced'; readonly answer: Int32Array; readonly alternatives: readonly Int32Array[] }
  /** A branch's tokens are computed; what follows from them is in the result of its sequence. */
  | { readonly type: 'explored' }
  /** Its tokens are computed, and what follows from them is told later, see {@link Scheduler.resume}. */
  | { readonly type: 'held' }
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
  readonly #store: PrefixStore | undefined;
  readonly #branches: Branches;
  readonly #waiting: WaitingQueue;
  /** In order of admission. */
  readonly #running = new Map<number, Sequence>();
  readonly #throughput: Throughput;
  /** What ended since the last commit. */
  #events: SequenceEvent[] = [];
  /** KV of prompts in slots that were released since the last `retire`. */
  #saves: KvSave[] = [];
  #mode: SchedulerMode = 'open';
  /** The step between `schedule` and `commit`. */
  #step: { readonly plan: ScheduledStep; readonly scheduledMs: number } | undefined;

  /** Without a store, every prompt is computed from its first token on. */
  constructor(config: SchedulerConfig, slots: SlotPool, store?: PrefixStore) {
    invariant(config.maxStepTokens > 0 && config.maxChunkTokens > 0, 'a step must be able to compute a token');
    const { chunkAlignment = 1 } = config;
    invariant(
      chunkAlignment === 1 || Math.min(config.maxChunkTokens, config.maxStepTokens - slots.numFree) >= chunkAlignment,
      `a step must be able to compute a block of ${chunkAlignment} tokens beside the decodes`,
    );
    this.#config = config;
    this.#slots = slots;
    this.#store = store;
    this.#branches = new Branches(slots, config.maxBranches ?? 0);
    this.#waiting = new WaitingQueue(config.agingMs);
    this.#throughput = new Throughput(Math.min(config.maxStepTokens, config.maxChunkTokens));
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

  /** True when a step would do something: compute, admit, save, or tell an end. */
  get hasWork(): boolean {
    return this.#running.size > 0 || this.#waiting.numRequests > 0 || this.#events.length > 0 || this.#saves.length > 0;
  }

  setMode(mode: SchedulerMode): void {
    this.#mode = mode;
  }

  /** Puts a sequence in the queue. Throws as {@link checkRoom} does. */
  add(sequence: Sequence): void {
    this.checkRoom(sequence);
    this.#waiting.add(sequence);
  }

  /** Throws `overloaded` when the queue has no room for such a sequence, `unavailable` when draining. */
  checkRoom(newcomer: Newcomer): void {
    if (this.#mode === 'drain') throw new GatewayError('unavailable', 'the engine is draining');
    const { tokensPerMs } = this.#throughput;
    // Branches give way to whoever waits.
    const freeSlots = this.#slots.numFree + this.#branches.numSlots;
    if (hasRoomFor(newcomer, { waiting: this.#waiting, freeSlots, tokensPerMs }, this.#config)) return;
    const { numRequests, numTokens } = this.#waiting;
    throw new GatewayError('overloaded', `${numRequests} requests with ${numTokens} tokens are waiting`, {
      retryAfterMs: estimateRetryAfterMs(numTokens, tokensPerMs),
    });
  }

  /** Ends a sequence, by default at the client's wish; its slot is free by the next step. No effect on one that has ended. */
  abort(id: number, error = new GatewayError('cancelled', 'the request was cancelled')): void {
    const waiting = this.#waiting.remove(id);
    if (waiting !== undefined) this.#end(waiting, error);
    const running = this.#running.get(id);
    // A step may be under way that writes to its slot, so the slot is not released here.
    if (running !== undefined) running.endingWith ??= error;
  }

  /**
   * Ends what was aborted or is overdue, and returns the KV worth keeping before `schedule` hands its slots to others: of
   * what ended since the last call, so that nobody's answer waits for it; of what runs only when an admission is near,
   * which could begin with it. Optional: without this call nothing is kept.
   */
  retire(now: number): readonly KvSave[] {
    invariant(this.#step === undefined, 'the last plan was not committed');
    this.#markOverdue(now);
    this.#endMarked();
    if (this.#waiting.numRequests > 0 && this.#slots.numFree + this.#branches.numSlots > 0) {
      for (const sequence of this.#running.values()) this.#save(sequence);
    }
    const saves = this.#saves;
    this.#saves = [];
    return saves;
  }

  #save(sequence: Sequence): void {
    if (this.#store === undefined || !sequence.isKvValid || sequence.computedPrompt.length === 0) return;
    this.#saves.push({ slot: sequence.slot, tokens: sequence.computedPrompt });
  }

  /** The work of the next step. Every plan is committed, an empty one too, before the next call. */
  schedule(now: number): ScheduledStep {
    invariant(this.#step === undefined, 'the last plan was not committed');
    this.#markOverdue(now);
    this.#endMarked();
    // Whatever was not retired may be overwritten from here on.
    this.#saves = [];
    const budget = new StepBudget(this.#config);
    // 1. Single tokens: they share one batch, and a long prompt never stalls an answer under way.
    for (const sequence of this.#running.values()) if (sequence.remaining === 1) budget.add(sequence);
    // 2. Chunks in flight: prompts, and forced tokens of answers.
    for (const sequence of this.#running.values()) if (sequence.remaining > 1) budget.add(sequence);
    // 3. Admission, by priority.
    const restores = this.#admit(budget, now);
    // 4. Other answers of those that are at a decision, in slots that nobody waits for.
    const copies = [...this.#running.values()]
      .filter((sequence) => sequence.alternatives.length > 0 && budget.completes(sequence))
      .flatMap((sequence) => this.#branches.plan(sequence, budget));
    const plan = { ...budget.plan(), restores, copies };
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

  #admit(budget: StepBudget, now: number): KvRestore[] {
    const restores: KvRestore[] = [];
    this.#branches.retreat(this.#waiting.numRequests - this.#slots.numFree);
    for (let sequence = this.#waiting.peek(now); sequence !== undefined; sequence = this.#waiting.peek(now)) {
      if (sequence.isOverdue(now)) {
        this.#waiting.remove(sequence.id);
        this.#end(sequence, overdue());
        continue;
      }
      if (budget.isSpent || this.#slots.numFree === 0) break;
      this.#waiting.remove(sequence.id);
      // One token is left to compute, whatever is known: without it there is no row of logits to go on from.
      const match = this.#store?.match(sequence.tokens.subarray(0, -1));
      const cachedTokens = match?.numTokens ?? 0;
      if (this.#isHopeless(sequence, cachedTokens, now)) {
        match?.[Symbol.dispose]();
        this.#end(sequence, hopeless());
        continue;
      }
      this.#start(sequence, cachedTokens, now);
      if (match !== undefined && cachedTokens > 0) restores.push({ slot: sequence.slot, match });
      budget.add(sequence);
    }
    return restores;
  }

  #start(sequence: Sequence, cachedTokens: number, now: number): void {
    const slot = this.#slots.acquire(sequence.id);
    invariant(slot !== undefined, `there is no slot for sequence ${sequence.id}`);
    sequence.admit({ slot, cachedTokens, admittedMs: now });
    this.#running.set(sequence.id, sequence);
  }

  /**
   * True when not even the prompt can be computed in time. Where nothing else runs a request gets its chance: it is in
   * nobody's way, and an estimate that refuses everything would never be put right by a measurement.
   */
  #isHopeless(sequence: Sequence, cachedTokens: number, now: number): boolean {
    if (this.#running.size === 0) return false;
    return now + this.#throughput.leastMsFor(sequence.length - cachedTokens) > sequence.deadlineMs;
  }

  /**
   * Takes what came of a plan, `results[i]` for `plan.entries[i]`. The only place where computed tokens advance.
   * Returns the ends since the last commit, also of sequences that were in no plan.
   */
  commit(plan: ScheduledStep, results: readonly EntryResult[], now: number): readonly SequenceEvent[] {
    invariant(this.#step?.plan === plan, 'a plan is committed that was not scheduled');
    invariant(results.length === plan.entries.length, 'a plan needs one result per entry');
    if (plan.numTokens > 0) {
      const restoredTokens = plan.restores.reduce((sum, { match }) => sum + match.numTokens, 0);
      this.#throughput.record({ computedTokens: plan.numTokens, restoredTokens }, now - this.#step.scheduledMs);
    }
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
    invariant(
      (entry.branch !== undefined) === (result.type === 'explored') || result.type === 'failed',
      `branch ${entry.branch ?? 0} of sequence ${entry.sequenceId} has the result ${result.type}`,
    );
    // Its own entry comes first and may have been its last.
    if (sequence === undefined && entry.branch !== undefined) return;
    invariant(sequence !== undefined, `sequence ${entry.sequenceId} was planned but does not run`);
    if (result.type === 'failed') this.#spoil(sequence, result.error);
    if (sequence.endingWith !== undefined || result.type === 'explored') return;
    sequence.advance(entry.tokens.length);
    invariant(entry.wantsLogits !== (result.type === 'computed'), `sequence ${sequence.id} has a ${result.type} entry`);
    this.#goOn(sequence, result);
  }

  /** Takes what follows for a sequence that is held. Between two steps. */
  resume(id: number, result: EntryResult): void {
    const sequence = this.#running.get(id);
    invariant(this.#step === undefined && sequence?.isHeld, `sequence ${id} is not held`);
    if (result.type === 'failed') this.#spoil(sequence, result.error);
    if (sequence.endingWith !== undefined) return;
    sequence.isHeld = false;
    this.#goOn(sequence, result);
  }

  /** A step of it failed. */
  #spoil(sequence: Sequence, error: GatewayError): void {
    sequence.isKvValid = false;
    sequence.endingWith ??= error;
  }

  #goOn(sequence: Sequence, result: EntryResult): void {
    if (result.type === 'held') sequence.isHeld = true;
    if (result.type === 'appended') sequence.append(result.tokens);
    if (result.type === 'replaced') {
      sequence.replace(result.answer);
      sequence.alternatives = result.alternatives;
    }
    if (result.type === 'completed') this.#end(sequence, undefined);
  }

  /** The one way out: every sequence passes here once. */
  #end(sequence: Sequence, error: GatewayError | undefined): void {
    if (this.#running.delete(sequence.id)) {
      this.#save(sequence);
      this.#branches.end(sequence.id);
      this.#slots.release(sequence.slot, sequence.id);
    }
    sequence.finish();
    this.#events.push(error === undefined ? { type: 'completed', sequence } : { type: 'failed', sequence, error });
  }

  /** Throws {@link InvariantError} if the books do not balance. For tests, and when the engine is idle. */
  checkIntegrity(): void {
    this.#slots.checkIntegrity();
    this.#waiting.checkIntegrity();
    this.#branches.checkIntegrity((id) => this.#running.has(id));
    const numOwned = this.#running.size + this.#branches.numSlots;
    invariant(
      this.#slots.numUsed === numOwned,
      `sequences and branches own ${numOwned} slots but ${this.#slots.numUsed} are in use`,
    );
    for (const sequence of this.#running.values()) {
      const owner = this.#slots.owner(sequence.slot);
      invariant(owner === sequence.id, `slot ${sequence.slot} of sequence ${sequence.id} is owned by ${owner}`);
      invariant(sequence.remaining > 0 !== sequence.isHeld, `sequence ${sequence.id} runs with nothing to compute`);
    }
    for (const { slot } of this.#saves) {
      invariant(this.#slots.owner(slot) === undefined, `KV to be saved from slot ${slot} is overwritten`);
    }
  }
}

function overdue(): GatewayError {
  return new GatewayError('deadline_exceeded', 'the deadline passed before the answer was complete');
}

function hopeless(): GatewayError {
  return new GatewayError('deadline_exceeded', 'the deadline is too near for the prompt to be computed');
}
