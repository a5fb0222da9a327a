/** A small world around a scheduler: carries out operations on it, keeps its own books, and compares after each one. */
import assert from 'node:assert/strict';
import { KvTransfers } from '../../src/runtime/engine/kv-transfers.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { PrefixStore } from '../../src/runtime/kv/prefix-store.ts';
import { SlotPool } from '../../src/runtime/kv/slot-pool.ts';
import { type EntryResult, Scheduler, type SchedulerConfig } from '../../src/runtime/scheduler/scheduler.ts';
import type { Sequence } from '../../src/runtime/scheduler/sequence.ts';
import type { ScheduledStep, StepEntry } from '../../src/runtime/scheduler/step-plan.ts';
import { shape } from './engine-builders.ts';
import { SequenceBook, type SequencePlan, TOLD_TO_FAIL } from './engine-scheduler-book.ts';
import { FakeModelRunner } from './fake-model-runner.ts';

export type WorldConfig = Required<Omit<SchedulerConfig, 'chunkAlignment' | 'maxQueueMs'>> & {
  readonly numSlots: number;
  /** Blocks of 2 tokens that the prefix store holds; 0: there is none. */
  readonly storeBlocks: number;
  /** What every step that computes something takes. */
  readonly stepMs: number;
};

export type Operation =
  | ({ type: 'submit' } & SequencePlan)
  /** Which of the sequences so far, counted modulo their number. */
  | { type: 'abort'; index: number; duringStep: boolean }
  /** `failing`: position of an entry that fails, if there is one; 'all' is a failed step. */
  | { type: 'step'; failing: number | 'all' | undefined }
  | { type: 'advance'; ms: number }
  | { type: 'mode'; mode: 'open' | 'drain' };

const BLOCK_TOKENS = 2;

export class SchedulerWorld {
  /** What happened, for the comparison of two runs. */
  readonly trace: unknown[] = [];
  readonly #config: WorldConfig;
  readonly #scheduler: Scheduler;
  readonly #runner: FakeModelRunner;
  readonly #store: PrefixStore | undefined;
  readonly #kv: KvTransfers;
  readonly #books = new Map<number, SequenceBook>();
  #nextId = 0;
  #now = 0;
  #mode: 'open' | 'drain' = 'open';
  #mostTokens = 0;
  /** The step under way leaves nothing of use in its slots. */
  #isFailing = false;

  constructor(config: WorldConfig) {
    const { numSlots, storeBlocks } = config;
    this.#config = config;
    this.#runner = new FakeModelRunner({
      numSlots,
      vocabSize: 2,
      maxLength: 64,
      onStep: () => (this.#isFailing ? { type: 'throw' } : undefined),
      promptOf: (id) => this.#books.get(id)?.prompt,
      mayRepeat: (id) => this.#books.get(id)?.isSingle === false,
    });
    const { kvBytesPerToken: bytesPerToken } = this.#runner;
    const maxBytes = storeBlocks * BLOCK_TOKENS * bytesPerToken;
    this.#store =
      storeBlocks === 0 ? undefined : new PrefixStore({ maxBytes, blockTokens: BLOCK_TOKENS, bytesPerToken });
    this.#kv = new KvTransfers(this.#runner, this.#store);
    this.#scheduler = new Scheduler(config, new SlotPool(numSlots), this.#store);
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
        this.#mode = operation.mode;
        this.#scheduler.setMode(operation.mode);
        break;
    }
    this.#scheduler.checkIntegrity();
    this.#store?.checkIntegrity();
    assert.equal(
      this.#runner.blocks.size,
      this.#store?.numBlocks ?? 0,
      'blocks are alive that the store does not hold',
    );
  }

  /** Steps until nothing is left to do, which must come soon, and checks that everybody got an end. */
  finish(): void {
    // Each step computes a token of somebody's own answer, or ends a sequence; the last one may only save.
    const bound = this.#mostTokens + this.#books.size + 2;
    for (let steps = 0; this.#scheduler.hasWork; steps++) {
      assert.ok(steps <= bound, `still not done after ${bound} steps`);
      this.apply({ type: 'step', failing: undefined });
    }
    for (const { sequence, ends } of this.#books.values()) {
      assert.equal(ends.length, 1, `sequence ${sequence.id} has the ends: ${ends.join(', ')}`);
    }
    assert.equal(this.#scheduler.slotsInUse, 0);
    assert.equal(this.#scheduler.waitingTokens, 0);
    this.#store?.[Symbol.dispose]();
    assert.equal(this.#runner.blocks.size, 0);
  }

  #submit(plan: SequencePlan): void {
    const id = this.#nextId++;
    const book = new SequenceBook({ ...plan, id, now: this.#now });
    try {
      this.#scheduler.add(book.sequence);
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, this.#mode === 'drain' ? 'unavailable' : 'overloaded');
      this.trace.push(['refused', id, error.code, error.details.retryAfterMs]);
      return;
    }
    this.#mostTokens += book.mostTokens;
    this.#books.set(id, book);
  }

  #abort(index: number): void {
    if (this.#nextId === 0) return;
    const id = index % this.#nextId;
    this.#scheduler.abort(id);
    const book = this.#books.get(id);
    if (book !== undefined) book.isAborted = true;
  }

  #step(failing: number | 'all' | undefined, duringStep: () => void = () => {}): void {
    this.#kv.save(this.#scheduler.retire(this.#now));
    const waiting = this.#sequences('waiting');
    const plan = this.#scheduler.schedule(this.#now);
    this.#checkPlan(plan, waiting);
    this.trace.push([shape(plan), plan.copies, plan.restores.map(({ slot, match }) => [slot, match.numTokens])]);
    this.#kv.fill(plan);
    if (plan.entries.length > 0) {
      this.#run(plan, failing === 'all');
      this.#now += this.#config.stepMs;
    }
    duringStep();
    const results = plan.entries.map((entry, i) => this.#resultFor(entry, failing === 'all' || failing === i));
    for (const event of this.#scheduler.commit(plan, results, this.#now)) {
      this.#book(event.sequence.id).end(event);
      this.trace.push([event.sequence.id, event.type === 'failed' ? event.error.code : event.type]);
    }
    for (const { sequence, isAborted } of this.#books.values()) {
      if (isAborted) assert.equal(sequence.status, 'finished', `sequence ${sequence.id} outlives its abort`);
    }
  }

  /** The runner checks slots, contiguity, counts, and that KV from elsewhere is of the same tokens. */
  #run(plan: ScheduledStep, isFailing: boolean): void {
    this.#isFailing = isFailing;
    if (isFailing) assert.throws(() => this.#runner.run(plan), { code: 'backend_failed' });
    else this.#runner.run(plan);
  }

  #resultFor({ sequenceId, branch, wantsLogits }: StepEntry, isFailing: boolean): EntryResult {
    const book = this.#book(sequenceId);
    if (isFailing) {
      book.isSpoilt ||= book.sequence.status === 'running';
      return TOLD_TO_FAIL;
    }
    if (branch !== undefined) return { type: 'explored' };
    return wantsLogits ? book.decide() : { type: 'computed' };
  }

  /** `waiting`: in order of arrival, those who did before the plan was made. */
  #checkPlan(plan: ScheduledStep, waiting: readonly Sequence[]): void {
    const { maxStepTokens, maxChunkTokens } = this.#config;
    assert.ok(plan.numTokens <= maxStepTokens, `${plan.numTokens} tokens exceed the budget of ${maxStepTokens}`);
    for (const { sequenceId, tokens } of plan.entries) {
      assert.ok(tokens.length <= maxChunkTokens, `sequence ${sequenceId} exceeds the chunk cap`);
      const { isAborted, sequence } = this.#book(sequenceId);
      assert.equal(isAborted, false, `sequence ${sequenceId} is aborted but planned`);
      assert.equal(sequence.isOverdue(this.#now), false, `sequence ${sequenceId} is overdue but planned`);
    }
    this.#checkOrder(plan, waiting);
    this.#checkAdmissions(waiting);
    this.#checkBranches(plan);
    this.#checkRestores(plan);
    this.#checkNothingIsWasted(plan);
  }

  /** Singles, chunks in flight, admissions, other answers. */
  #checkOrder({ entries }: ScheduledStep, waiting: readonly Sequence[]): void {
    const ranks = entries.map(({ sequenceId, branch, wantsLogits, tokens }) => {
      if (branch !== undefined) return 3;
      if (waiting.some(({ id }) => id === sequenceId)) return 2;
      return tokens.length === 1 && wantsLogits ? 0 : 1;
    });
    assert.deepEqual(ranks, [...ranks].sort(), 'entries are out of order');
  }

  #checkAdmissions(waiting: readonly Sequence[]): void {
    const left = waiting.filter(({ status }) => status === 'waiting');
    for (const admitted of waiting.filter(({ status }) => status === 'running')) {
      for (const other of left) this.#checkTurn(admitted, other);
    }
  }

  /** Before others is who came earlier, or is more urgent than those who have not waited long; in the end all are alike. */
  #checkTurn(admitted: Sequence, other: Sequence): void {
    const { agingMs } = this.#config;
    const waitedMs = this.#now - other.queuedMs;
    const what = `sequence ${other.id} was overtaken by ${admitted.id}`;
    if (other.queuedMs < admitted.queuedMs) {
      assert.ok(admitted.priority < other.priority, `${what}, which is no more urgent`);
      assert.ok(waitedMs < other.priority * agingMs, `${what} after ${waitedMs} ms`);
    }
    const isNew = this.#now - admitted.queuedMs < agingMs;
    assert.ok(!isNew || admitted.priority <= other.priority, `${what}, which is less urgent`);
  }

  /** Other answers stand beside one that is at a decision, and no request waits for their slots. */
  #checkBranches({ entries, copies }: ScheduledStep): void {
    const counts = new Map<number, number>();
    for (const { sequenceId, branch } of entries) {
      if (branch === undefined) continue;
      counts.set(sequenceId, (counts.get(sequenceId) ?? 0) + 1);
      const own = entries.find((entry) => entry.sequenceId === sequenceId && entry.branch === undefined);
      assert.ok(own?.wantsLogits, `sequence ${sequenceId} has other answers before it is at a decision`);
    }
    for (const [id, count] of counts) assert.ok(count <= this.#config.maxBranches, `${id} has ${count} branches`);
    for (const { to } of copies) assert.ok(entries.some(({ slot, branch }) => slot === to && branch !== undefined));
  }

  /** Restored KV is in whole blocks, belongs to an admission, and leaves something to compute. */
  #checkRestores({ restores, entries }: ScheduledStep): void {
    for (const { slot, match } of restores) {
      const entry = entries.find((entry) => entry.slot === slot);
      assert.ok(entry !== undefined && entry.start === match.numTokens && entry.start % BLOCK_TOKENS === 0);
      assert.equal(this.#book(entry.sequenceId).sequence.admission?.cachedTokens, match.numTokens);
    }
  }

  /** With budget left, everybody who runs got all that the cap allows, and nobody waits but for want of slots. */
  #checkNothingIsWasted({ entries }: ScheduledStep): void {
    const own = entries.filter(({ branch }) => branch === undefined);
    // Other answers take from what is left only.
    if (own.reduce((sum, { tokens }) => sum + tokens.length, 0) === this.#config.maxStepTokens) return;
    const planned = new Map(own.map((entry) => [entry.sequenceId, entry.tokens.length]));
    for (const { id, remaining } of this.#sequences('running')) {
      const possible = Math.min(remaining, this.#config.maxChunkTokens);
      assert.equal(planned.get(id), possible, `sequence ${id} got less than was possible`);
    }
    const isFull = this.#scheduler.runningRequests === this.#config.numSlots;
    assert.ok(
      isFull || this.#scheduler.waitingRequests === 0,
      'a request waits while others have no need of the slots',
    );
  }

  #sequences(status: Sequence['status']): readonly Sequence[] {
    return [...this.#books.values()].map(({ sequence }) => sequence).filter((sequence) => sequence.status === status);
  }

  #book(id: number): SequenceBook {
    const book = this.#books.get(id);
    assert.ok(book !== undefined, `sequence ${id} was refused and is there nevertheless`);
    return book;
  }
}
