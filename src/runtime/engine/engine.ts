/**
 * Owns the loop's one turn: schedule, run, choose, commit, tell. Synchronous and without transport: whoever drives it
 * calls `step` for as long as `hasWork`. It joins the scheduler, which knows no tokens' meaning, with the answers.
 */
import { GatewayError, invariant } from '../errors.ts';
import type { Vocabulary } from '../grammar/vocabulary.ts';
import { SlotPool } from '../kv/slot-pool.ts';
import type { StepReport } from '../observer.ts';
import {
  type EntryResult,
  Scheduler,
  type SchedulerConfig,
  type SchedulerMode,
  type SequenceEvent,
} from '../scheduler/scheduler.ts';
import type { StepEntry, StepPlan } from '../scheduler/step-plan.ts';
import type { GenerateRequest, GenerateResult } from './generate.ts';
import { Job } from './job.ts';
import type { ModelRunner } from './model-runner.ts';
import { StepHealth } from './step-health.ts';
import { validateRequest } from './validate-request.ts';
import { warmUp } from './warm-up.ts';

export type EngineOptions = {
  readonly runner: ModelRunner;
  readonly vocabulary: Vocabulary;
  readonly scheduler: SchedulerConfig;
  /** Milliseconds; deadlines of requests are points on it. */
  readonly clock: () => number;
};

/** The end of a request; each accepted one has exactly one. */
export type EngineEvent =
  | { readonly type: 'finished'; readonly id: number; readonly result: GenerateResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: GatewayError };

/** A step as the engine sees it, which knows no model names. */
export type EngineReport = Omit<StepReport, 'model' | 'version'>;

export type EngineStep = {
  readonly events: readonly EngineEvent[];
  /** Undefined when nothing was computed. */
  readonly report: EngineReport | undefined;
};

const COMPUTED: EntryResult = { type: 'computed' };
const COMPLETED: EntryResult = { type: 'completed' };

export class Engine {
  readonly #options: EngineOptions;
  readonly #scheduler: Scheduler;
  readonly #health = new StepHealth();
  readonly #jobs = new Map<number, Job>();
  /** Ends that no step brought about; told by the next one. */
  #events: EngineEvent[] = [];

  /** Throws `unavailable` if the runner computes fewer logits than the vocabulary has tokens. */
  constructor(options: EngineOptions) {
    const { runner, vocabulary, scheduler } = options;
    if (runner.vocabSize < vocabulary.size) {
      const problem = `the model has ${runner.vocabSize} logits, its tokenizer ${vocabulary.size} tokens`;
      throw new GatewayError('unavailable', problem);
    }
    this.#options = options;
    this.#scheduler = new Scheduler(scheduler, new SlotPool(runner.numSlots));
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

  /** Undefined while the backend works. */
  get unhealthyReason(): string | undefined {
    return this.#health.unhealthyReason;
  }

  setMode(mode: SchedulerMode): void {
    this.#scheduler.setMode(mode);
  }

  /**
   * Accepts a request, which then ends with exactly one event. `submittedMs`: since when its client waits. Refuses by
   * throwing what {@link validateRequest} throws, `overloaded`, or `unavailable` when draining.
   */
  submit(id: number, request: GenerateRequest, submittedMs: number): void {
    const { vocabulary, runner } = this.#options;
    invariant(!this.#jobs.has(id), `request ${id} is under way already`);
    // First of all, so that a refusal under overload costs next to nothing.
    this.#scheduler.checkRoom(request.promptTokens.length);
    validateRequest(request, vocabulary, runner.maxLength);
    const job = new Job({ id, request, vocabulary, submittedMs });
    if (job.isComplete) {
      this.#events.push({ type: 'finished', id, result: job.result(submittedMs) });
      return;
    }
    this.#scheduler.add(job.sequence);
    this.#jobs.set(id, job);
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
    const plan = this.#scheduler.schedule(startMs);
    const results = plan.entries.length > 0 ? this.#run(plan) : [];
    const endMs = clock();
    const ended = this.#scheduler.commit(plan, results, endMs);
    const events = [...this.#events, ...ended.map((event) => this.#conclude(event, endMs))];
    this.#events = [];
    return { events, report: plan.entries.length > 0 ? this.#report(plan, endMs - startMs) : undefined };
  }

  #run(plan: StepPlan): EntryResult[] {
    const { runner, clock } = this.#options;
    try {
      const { logits } = runner.run(plan);
      const computedMs = clock();
      const results = plan.entries.map((entry, i) => this.#decide(entry, logits[i], computedMs));
      const failure = results.find((result) => result.type === 'failed');
      if (failure === undefined) this.#health.recordSuccess();
      else this.#health.recordFailure(failure.error);
      return results;
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#health.recordFailure(error);
      return plan.entries.map(() => ({ type: 'failed', error }));
    }
  }

  /** A row that cannot be used fails its own sequence, not its neighbours in the step. */
  #decide(entry: StepEntry, logits: Float32Array | undefined, computedMs: number): EntryResult {
    if (!entry.wantsLogits) return COMPUTED;
    const job = this.#job(entry.sequenceId);
    try {
      invariant(logits !== undefined, `the runner gave no logits for sequence ${entry.sequenceId}`);
      const tokens = job.decide(logits, computedMs);
      return job.isComplete ? COMPLETED : { type: 'appended', tokens };
    } catch (thrown) {
      return { type: 'failed', error: GatewayError.from(thrown) };
    }
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
    return {
      decodeRows,
      chunkTokens: numTokens - decodeRows,
      durationMs,
      slotsInUse: this.#scheduler.slotsInUse,
      slotsTotal: this.#options.runner.numSlots,
      waitingRequests: this.#scheduler.waitingRequests,
      waitingTokens: this.#scheduler.waitingTokens,
    };
  }

  /** Runs a step without a request; it counts for the health. Only while nothing runs. Throws what {@link warmUp} throws. */
  probe(): void {
    invariant(this.#scheduler.slotsInUse === 0, 'a probe would overwrite KV that is in use');
    try {
      warmUp(this.#options.runner, this.#options.scheduler);
      this.#health.recordSuccess();
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#health.recordFailure(error);
      throw error;
    }
  }

  /** Throws {@link InvariantError} if the books do not balance. For tests, and when idle. */
  checkIntegrity(): void {
    this.#scheduler.checkIntegrity();
    const scheduled = this.#scheduler.runningRequests + this.#scheduler.waitingRequests;
    // The rest was ended by an abort, which the next step tells.
    const unfinished = [...this.#jobs.values()].filter(({ sequence }) => sequence.status !== 'finished').length;
    invariant(unfinished === scheduled, `${unfinished} requests are unfinished but ${scheduled} are scheduled`);
    invariant(this.hasWork || this.#jobs.size === 0, `${this.#jobs.size} requests are forgotten`);
  }
}
