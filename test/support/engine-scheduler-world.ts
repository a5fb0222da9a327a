/** A small world around a scheduler: carries out operations on it, keeps its own books, and compares after each one. */
import assert from 'node:assert/strict';
import { GatewayError } from '../../src/runtime/errors.ts';
import { SlotPool } from '../../src/runtime/kv/slot-pool.ts';
import { type EntryResult, Scheduler, type SchedulerConfig } from '../../src/runtime/scheduler/scheduler.ts';
import { Sequence } from '../../src/runtime/scheduler/sequence.ts';
import type { StepEntry, StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { shape } from './engine-builders.ts';
import { FakeModelRunner } from './fake-model-runner.ts';

export type WorldConfig = SchedulerConfig & { readonly numSlots: number };

export type Operation =
  /** `appends`: how many tokens follow each decision; after the last one the sequence is complete. */
  | { type: 'submit'; prompt: number; appends: readonly number[]; timeoutMs: number | undefined }
  /** Which of the sequences so far, counted modulo their number. */
  | { type: 'abort'; index: number; duringStep: boolean }
  /** `failing`: position of an entry that fails, if there is one; 'all' is a failed step. */
  | { type: 'step'; failing: number | 'all' | undefined }
  | { type: 'advance'; ms: number }
  | { type: 'mode'; mode: 'open' | 'drain' };

/** What the world knows of a sequence that was accepted. */
type Book = { readonly sequence: Sequence; readonly appends: number[]; isAborted: boolean; ends: string[] };

export class SchedulerWorld {
  /** What happened, for the comparison of two runs. */
  readonly trace: unknown[] = [];
  readonly #config: WorldConfig;
  readonly #scheduler: Scheduler;
  readonly #runner: FakeModelRunner;
  readonly #books = new Map<number, Book>();
  #nextId = 0;
  #now = 0;
  #lastAdmitted = -1;
  #totalTokens = 0;

  constructor(config: WorldConfig) {
    this.#config = config;
    this.#scheduler = new Scheduler(config, new SlotPool(config.numSlots));
    this.#runner = new FakeModelRunner({ numSlots: config.numSlots, vocabSize: 2, maxLength: 64 });
  }

  apply(operation: Operation): void {
    switch (operation.type) {
      case 'submit':
        this.#submit(operation);
        break;
      case 'abort':
        if (operation.duringStep) this.#step(undefined, () => this.#abort(operation.index));
        else this.#abort(operation.index);
        break;
      case 'step':
        this.#step(operation.failing);
        break;
      case 'advance':
        this.#now += operation.ms;
        break;
      case 'mode':
        this.#scheduler.setMode(operation.mode);
        break;
    }
    this.#scheduler.checkIntegrity();
  }

  /** Steps until nothing is left to do, which must come soon, and checks that everybody got an end. */
  finish(): void {
    // Each step computes a token or ends a sequence.
    const bound = this.#totalTokens + this.#books.size + 1;
    for (let steps = 0; this.#scheduler.hasWork; steps++) {
      assert.ok(steps <= bound, `still not done after ${bound} steps`);
      this.apply({ type: 'step', failing: undefined });
    }
    for (const { sequence, ends } of this.#books.values()) {
      assert.equal(ends.length, 1, `sequence ${sequence.id} has the ends: ${ends.join(', ')}`);
    }
    assert.equal(this.#scheduler.slotsInUse, 0);
    assert.equal(this.#scheduler.waitingTokens, 0);
  }

  #submit({ prompt, appends, timeoutMs }: Operation & { type: 'submit' }): void {
    const id = this.#nextId++;
    const maxNewTokens = appends.reduce((sum, count) => sum + count, 0);
    const sequence = new Sequence({
      id,
      tokens: Int32Array.from({ length: prompt }, (_, i) => (id + i) % 2),
      maxNewTokens,
      ...(timeoutMs !== undefined && { deadlineMs: this.#now + timeoutMs }),
    });
    try {
      this.#scheduler.add(sequence);
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      this.trace.push(['refused', id, error.code, error.details.retryAfterMs]);
      return;
    }
    this.#totalTokens += prompt + maxNewTokens;
    this.#books.set(id, { sequence, appends: [...appends], isAborted: false, ends: [] });
  }

  #abort(index: number): void {
    if (this.#nextId === 0) return;
    const id = index % this.#nextId;
    this.#scheduler.abort(id);
    const book = this.#books.get(id);
    if (book !== undefined) book.isAborted = true;
  }

  #step(failing: number | 'all' | undefined, duringStep: () => void = () => {}): void {
    const plan = this.#scheduler.schedule(this.#now);
    this.#checkPlan(plan);
    this.trace.push(shape(plan));
    // Checks slots, contiguity and counts.
    if (plan.entries.length > 0) this.#runner.run(plan);
    duringStep();
    const results = plan.entries.map((entry, i) => this.#resultFor(entry, failing === 'all' || failing === i));
    for (const event of this.#scheduler.commit(plan, results, this.#now)) {
      const end = event.type === 'failed' ? event.error.code : event.type;
      this.#books.get(event.sequence.id)?.ends.push(end);
      this.trace.push([event.sequence.id, end]);
    }
    for (const { sequence, isAborted } of this.#books.values()) {
      if (isAborted) assert.equal(sequence.status, 'finished', `sequence ${sequence.id} outlives its abort`);
    }
  }

  #resultFor(entry: StepEntry, isFailing: boolean): EntryResult {
    if (isFailing) return { type: 'failed', error: new GatewayError('backend_failed', 'told to') };
    if (!entry.wantsLogits) return { type: 'computed' };
    const next = this.#books.get(entry.sequenceId)?.appends.shift();
    return next === undefined ? { type: 'completed' } : { type: 'appended', tokens: new Int32Array(next).fill(1) };
  }

  #checkPlan({ entries, numTokens }: StepPlan): void {
    const { maxStepTokens, maxChunkTokens } = this.#config;
    assert.ok(numTokens <= maxStepTokens, `${numTokens} tokens exceed the budget of ${maxStepTokens}`);
    for (const { sequenceId, tokens } of entries) {
      assert.ok(tokens.length <= maxChunkTokens, `sequence ${sequenceId} exceeds the chunk cap`);
      assert.equal(this.#books.get(sequenceId)?.isAborted, false, `sequence ${sequenceId} is aborted but planned`);
    }
    this.#checkOrder(entries);
    this.#checkNothingIsWasted(entries, maxStepTokens - numTokens);
  }

  /** Singles, chunks in flight, admissions; the latter in order of arrival over the life of the scheduler. */
  #checkOrder(entries: readonly StepEntry[]): void {
    const rank = ({ sequenceId, wantsLogits, tokens }: StepEntry): number => {
      if (sequenceId > this.#lastAdmitted) return 2;
      return tokens.length === 1 && wantsLogits ? 0 : 1;
    };
    const ranks = entries.map(rank);
    assert.deepEqual(ranks, [...ranks].sort(), 'entries are out of order');
    for (const { sequenceId } of entries.filter((entry) => rank(entry) === 2)) {
      assert.ok(sequenceId > this.#lastAdmitted, `sequence ${sequenceId} was overtaken`);
      this.#lastAdmitted = sequenceId;
    }
  }

  /** With budget left, everybody who runs got all that the cap allows, and nobody waits before a free slot. */
  #checkNothingIsWasted(entries: readonly StepEntry[], budgetLeft: number): void {
    if (budgetLeft === 0) return;
    const planned = new Map(entries.map((entry) => [entry.sequenceId, entry.tokens.length]));
    for (const { sequence } of this.#books.values()) {
      if (sequence.status !== 'running') continue;
      const possible = Math.min(sequence.remaining, this.#config.maxChunkTokens);
      assert.equal(planned.get(sequence.id), possible, `sequence ${sequence.id} got less than was possible`);
    }
    const isFull = this.#scheduler.slotsInUse === this.#config.numSlots;
    assert.ok(isFull || this.#scheduler.waitingRequests === 0, 'a request waits before a free slot');
  }
}
