/**
 * Owns the loop's one turn: schedule, run, choose, commit, tell. Synchronous and without transport: whoever drives it
 * calls `step` for as long as `hasWork`. It joins the scheduler, which knows no tokens' meaning, with the answers.
 */
import { GatewayError, invariant } from '../errors.ts';
import type { Grammar } from '../grammar/grammar.ts';
import type { Vocabulary } from '../grammar/vocabulary.ts';
import { PrefixStore } from '../kv/prefix-store.ts';
import { SlotPool } from '../kv/slot-pool.ts';
import {
  type EntryResult,
  Scheduler,
  type SchedulerConfig,
  type SchedulerMode,
  type SequenceEvent,
} from '../scheduler/scheduler.ts';
import type { ScheduledStep, StepEntry, StepPlan } from '../scheduler/step-plan.ts';
import type { EngineReport } from './engine-report.ts';
import type { GenerateResult, OpenRequest } from './generate.ts';
import { Job } from './job.ts';
import { KvTransfers } from './kv-transfers.ts';
import type { ModelRunner } from './model-runner.ts';
import { StepHealth } from './step-health.ts';
import { validateGrammarOf, validateRequest } from './validate-request.ts';
import { warmUp } from './warm-up.ts';

export type EngineOptions = {
  readonly runner: ModelRunner;
  readonly vocabulary: Vocabulary;
  readonly scheduler: SchedulerConfig;
  /** Milliseconds; deadlines of requests are points on it. */
  readonly clock: () => number;
  /** Most bytes of KV that are kept for requests which begin alike. Default 0: none is kept. */
  readonly prefixStoreBytes?: number;
  /** Tokens per block of that KV. Default 32. */
  readonly prefixBlockTokens?: number;
};

/** Fine enough that little of a common beginning is lost, and a copy of it is still a few large pieces. */
const DEFAULT_PREFIX_BLOCK_TOKENS = 32;

/** Each accepted request ends with exactly one `finished` or `failed`. */
export type EngineEvent =
  /** The beginning of its answer, in which control and function are chosen: at most once, before its end, if it asked for it. */
  | { readonly type: 'partial'; readonly id: number; readonly part: Int32Array }
  | { readonly type: 'finished'; readonly id: number; readonly result: GenerateResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: GatewayError };

export type EngineStep = {
  readonly events: readonly EngineEvent[];
  /** Undefined when nothing was computed. */
  readonly report: EngineReport | undefined;
};

const COMPUTED: EntryResult = { type: 'computed' };
const EXPLORED: EntryResult = { type: 'explored' };

/** What the steps did since the last report. */
type Tally = { runMs: number; maskMs: number; kvMs: number; generatedTokens: number; forcedTokens: number };

const NOTHING: Tally = { runMs: 0, maskMs: 0, kvMs: 0, generatedTokens: 0, forcedTokens: 0 };

export class Engine implements Disposable {
  readonly #options: EngineOptions;
  readonly #store: PrefixStore | undefined;
  readonly #kv: KvTransfers;
  readonly #scheduler: Scheduler;
  readonly #health = new StepHealth();
  readonly #jobs = new Map<number, Job>();
  /** To be told by the next step: choices, and ends that no step brought about. */
  #events: EngineEvent[] = [];
  #tally: Tally = { ...NOTHING };
  /** The store's counters as of the last report. */
  #reported: PrefixStore['counters'] | undefined;

  /** Throws `unavailable` if the runner computes fewer logits than the vocabulary has tokens. */
  constructor(options: EngineOptions) {
    const { runner, vocabulary, scheduler } = options;
    if (runner.vocabSize < vocabulary.size) {
      const problem = `the model has ${runner.vocabSize} logits, its tokenizer ${vocabulary.size} tokens`;
      throw new GatewayError('unavailable', problem);
    }
    this.#options = options;
    this.#store = createStore(options);
    this.#kv = new KvTransfers(runner, this.#store);
    this.#scheduler = new Scheduler(scheduler, new SlotPool(runner.numSlots), this.#store);
  }

  /** True when `step` would do something. */
  get hasWork(): boolean {
    return this.#scheduler.hasWork || this.#events.length > 0;
  }

  get activeRequests(): number {
    return this.#jobs.size;
  }

  get slotsInUse(): number {
    return this.#scheduler.slotsInUse;
  }

  /** KV that is kept for requests which begin alike. */
  get prefixStoreBytes(): number {
    return this.#store?.numBytes ?? 0;
  }

  /** Undefined while the backend works. */
  get unhealthyReason(): string | undefined {
    return this.#health.unhealthyReason;
  }

  setMode(mode: SchedulerMode): void {
    this.#scheduler.setMode(mode);
  }

  /**
   * Accepts a request, which then ends with exactly one event. `submittedMs`: since when its client waits. Refuses by
   * throwing what {@link validateRequest} throws, `overloaded`, or `unavailable` when draining. Without a grammar it does not
   * end well before {@link supply} gives it one.
   */
  submit(id: number, request: OpenRequest, submittedMs: number): void {
    const { vocabulary, runner } = this.#options;
    invariant(!this.#jobs.has(id), `request ${id} is under way already`);
    // First of all, so that a refusal under overload costs next to nothing.
    this.#scheduler.checkRoom({ length: request.promptTokens.length, priority: request.priority ?? 0 });
    validateRequest(request, vocabulary, runner.maxLength);
    const job = new Job({ id, request, vocabulary, submittedMs });
    if (job.isComplete) {
      this.#events.push({ type: 'finished', id, result: job.result(submittedMs) });
      return;
    }
    this.#scheduler.add(job.sequence);
    this.#jobs.set(id, job);
    this.#tellChoice(job);
  }

  /**
   * Gives a request the grammar that it was submitted without; ends it with what {@link validateGrammarOf} throws. No effect on one
   * that has ended.
   */
  supply(id: number, grammar: Grammar): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    const { vocabulary, runner, clock } = this.#options;
    try {
      validateGrammarOf({ promptTokens: job.promptTokens, grammar }, vocabulary, runner.maxLength);
      const nowMs = clock();
      const row = job.supply(grammar, nowMs);
      if (row !== undefined) this.#resume(job, row, nowMs);
    } catch (thrown) {
      this.#scheduler.abort(id, GatewayError.from(thrown));
    }
  }

  /** Decides by a row that was held. */
  #resume(job: Job, row: Float32Array, nowMs: number): void {
    const { id } = job.sequence;
    if (job.sequence.status === 'finished') return;
    try {
      this.#take(job, row, { computedMs: nowMs });
      this.#health.recordSuccess();
      this.#scheduler.resume(id, job.next());
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#health.recordFailure(error);
      this.#scheduler.resume(id, { type: 'failed', error });
    }
    this.#tally.maskMs += this.#options.clock() - nowMs;
  }

  /** Ends a request with `cancelled`; its slot is free by the next step. No effect on one that has ended. */
  cancel(id: number): void {
    this.#scheduler.abort(id);
  }

  cancelAll(): void {
    for (const id of this.#jobs.keys()) this.cancel(id);
  }

  /** One turn. Never throws for what a backend or a request did wrong; throws `InvariantError` for what we did. */
  step(): EngineStep {
    const { clock } = this.#options;
    const startMs = clock();
    this.#save(startMs);
    const plannedMs = clock();
    this.#tally.kvMs += plannedMs - startMs;
    const plan = this.#scheduler.schedule(plannedMs);
    const results = plan.entries.length > 0 ? this.#run(plan) : [];
    const endMs = clock();
    const ended = this.#scheduler.commit(plan, results, endMs);
    const events = [...this.#events, ...ended.map((event) => this.#conclude(event, endMs))];
    this.#events = [];
    return { events, report: plan.entries.length > 0 ? this.#report(plan, endMs - startMs) : undefined };
  }

  /** A failing save costs later requests some time and nobody an answer. */
  #save(now: number): void {
    const saves = this.#scheduler.retire(now);
    try {
      this.#kv.save(saves);
    } catch (thrown) {
      this.#health.recordFailure(GatewayError.from(thrown));
    }
  }

  /** For moments without work: does a little of what would hold up a later step; false if there is nothing to do. */
  prepare(): boolean {
    try {
      return this.#kv.prepare();
    } catch {
      // The save that it was meant for will tell.
      return false;
    }
  }

  #run(plan: ScheduledStep): EntryResult[] {
    const { runner, clock } = this.#options;
    try {
      const startMs = clock();
      this.#kv.fill(plan);
      const filledMs = clock();
      const { logits } = runner.run(plan);
      const computedMs = clock();
      this.#tally.kvMs += filledMs - startMs;
      this.#tally.runMs += computedMs - filledMs;
      return this.#decide(plan, logits, computedMs);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#health.recordFailure(error);
      return plan.entries.map(() => ({ type: 'failed', error }));
    }
  }

  /** A row that cannot be used fails its own sequence, not its neighbours in the step. */
  #decide(plan: StepPlan, logits: readonly (Float32Array | undefined)[], computedMs: number): EntryResult[] {
    const failures = new Map<number, GatewayError>();
    // First all rows, then what follows: an answer may go on with what its alternatives gave.
    plan.entries.forEach((entry, i) => {
      if (!entry.wantsLogits || failures.has(entry.sequenceId)) return;
      try {
        const row = logits[i];
        invariant(row !== undefined, `the runner gave no logits for sequence ${entry.sequenceId}`);
        this.#take(this.#job(entry.sequenceId), row, { branch: entry.branch, computedMs });
      } catch (thrown) {
        failures.set(entry.sequenceId, GatewayError.from(thrown));
      }
    });
    const [failure] = failures.values();
    const results = plan.entries.map((entry) => this.#resultOf(entry, failures.get(entry.sequenceId)));
    if (failure !== undefined) this.#health.recordFailure(failure);
    // A row that is held has not shown yet whether it is made of numbers.
    else if (results.every(({ type }) => type !== 'held')) this.#health.recordSuccess();
    this.#tally.maskMs += this.#options.clock() - computedMs;
    return results;
  }

  #take(job: Job, row: Float32Array, at: { branch?: number | undefined; computedMs: number }): void {
    const forcedTokens = job.take(row, at);
    if (forcedTokens === undefined) return;
    this.#tally.forcedTokens += forcedTokens;
    this.#tally.generatedTokens += 1;
    this.#tellChoice(job);
  }

  #tellChoice(job: Job): void {
    const part = job.takeChoice();
    if (part !== undefined) this.#events.push({ type: 'partial', id: job.sequence.id, part });
  }

  #resultOf({ sequenceId, branch, wantsLogits }: StepEntry, error: GatewayError | undefined): EntryResult {
    if (error !== undefined) return { type: 'failed', error };
    if (branch !== undefined) return EXPLORED;
    if (!wantsLogits) return COMPUTED;
    return this.#job(sequenceId).next();
  }

  #conclude(event: SequenceEvent, endMs: number): EngineEvent {
    const { id } = event.sequence;
    const job = this.#job(id);
    this.#jobs.delete(id);
    if (event.type === 'failed') return { type: 'failed', id, error: event.error };
    return { type: 'finished', id, result: job.result(endMs) };
  }

  #job(id: number): Job {
    const job = this.#jobs.get(id);
    invariant(job !== undefined, `request ${id} is not under way`);
    return job;
  }

  #report({ entries, numTokens }: StepPlan, durationMs: number): EngineReport {
    const decodeRows = entries.filter(({ tokens }) => tokens.length === 1).length;
    const tally = this.#tally;
    this.#tally = { ...NOTHING };
    return {
      ...tally,
      ...this.#reportStore(),
      decodeRows,
      chunkTokens: numTokens - decodeRows,
      durationMs,
      slotsInUse: this.#scheduler.slotsInUse,
      slotsTotal: this.#options.runner.numSlots,
      waitingRequests: this.#scheduler.waitingRequests,
      waitingTokens: this.#scheduler.waitingTokens,
    };
  }

  #reportStore(): Pick<
    EngineReport,
    'prefixQueriedTokens' | 'prefixHitTokens' | 'prefixEvictedBlocks' | 'prefixStoreBytes'
  > {
    const now = this.#store?.counters;
    const before = this.#reported;
    this.#reported = now;
    return {
      prefixQueriedTokens: (now?.queriedTokens ?? 0) - (before?.queriedTokens ?? 0),
      prefixHitTokens: (now?.hitTokens ?? 0) - (before?.hitTokens ?? 0),
      prefixEvictedBlocks: (now?.evictedBlocks ?? 0) - (before?.evictedBlocks ?? 0),
      prefixStoreBytes: this.prefixStoreBytes,
    };
  }

  /** Runs a step without a request; it counts for the health. Only while nothing runs. Throws what {@link warmUp} throws. */
  probe(): void {
    invariant(this.#scheduler.slotsInUse === 0, 'a probe would overwrite KV that is in use');
    this.#save(this.#options.clock());
    try {
      warmUp(this.#options.runner, this.#options.scheduler);
      this.#health.recordSuccess();
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#health.recordFailure(error);
      throw error;
    }
  }

  /** Releases the KV that is kept, which belongs to the runner: so before that is disposed of. Only while nothing runs. */
  [Symbol.dispose](): void {
    this.#store?.[Symbol.dispose]();
  }

  /**
   * Throws {@link InvariantError} if the books do not balance. For tests, and when idle; `blocks` looks at every block of KV
   * that is kept, too, which takes as long as many steps where the store is large.
   */
  checkIntegrity(scope: 'books' | 'blocks' = 'books'): void {
    this.#scheduler.checkIntegrity();
    if (scope === 'blocks') this.#store?.checkIntegrity();
    const scheduled = this.#scheduler.runningRequests + this.#scheduler.waitingRequests;
    // The rest was ended by an abort, which the next step tells.
    const unfinished = [...this.#jobs.values()].filter(({ sequence }) => sequence.status !== 'finished').length;
    invariant(unfinished === scheduled, `${unfinished} requests are unfinished but ${scheduled} are scheduled`);
    invariant(this.hasWork || this.#jobs.size === 0, `${this.#jobs.size} requests are forgotten`);
  }
}

function createStore({ runner, prefixStoreBytes = 0, prefixBlockTokens }: EngineOptions): PrefixStore | undefined {
  if (prefixStoreBytes === 0) return undefined;
  return new PrefixStore({
    maxBytes: prefixStoreBytes,
    blockTokens: prefixBlockTokens ?? DEFAULT_PREFIX_BLOCK_TOKENS,
    bytesPerToken: runner.kvBytesPerToken,
  });
}
