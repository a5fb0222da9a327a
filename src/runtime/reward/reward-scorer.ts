/**
 * Scores (state, action) pairs in batches over a session of its own. Synchronous and without timers, like the engine: whoever
 * drives it calls `step` while `hasWork`, and comes back after `waitMs` otherwise. Each accepted request has exactly one end.
 */
import { StepHealth } from '../engine/step-health.ts';
import { GatewayError, invariant } from '../errors.ts';
import { PairQueue, type PairQueueConfig, type WaitingPair } from './pair-queue.ts';
import type { RewardRunner } from './reward-runner.ts';
import type { ScoreRequest, ScoreResult } from './score.ts';
import { ScoreJob } from './score-job.ts';

export type RewardBatching = PairQueueConfig;

/** A batch of a few long pairs takes tens of milliseconds, so that a cancel is heard soon; 2 ms is little beside that. */
export const DEFAULT_REWARD_BATCHING: RewardBatching = {
  maxBatchTokens: 4_096,
  maxWaitMs: 2,
  maxWaitingPairs: 1_024,
  retryAfterMs: 100,
};

export type RewardScorerOptions = {
  readonly runner: RewardRunner;
  readonly batching?: RewardBatching;
  /** Milliseconds; deadlines of requests are points on it. */
  readonly clock: () => number;
};

/** The end of a request. */
export type ScoreEvent =
  | { readonly type: 'finished'; readonly id: number; readonly result: ScoreResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: GatewayError };

/** One batch, for metrics. */
export type ScoreReport = {
  readonly pairs: number;
  readonly tokens: number;
  /** `tokens` and the padding. */
  readonly paddedTokens: number;
  readonly durationMs: number;
  readonly waitingPairs: number;
};

export type ScoreStep = {
  readonly events: readonly ScoreEvent[];
  /** Undefined when nothing was computed. */
  readonly report: ScoreReport | undefined;
};

/** Whose reward it is: a row of a job. */
type Owner = { readonly job: ScoreJob; readonly row: number };

export class RewardScorer {
  readonly #runner: RewardRunner;
  readonly #clock: () => number;
  readonly #queue: PairQueue<Owner>;
  readonly #health = new StepHealth();
  readonly #jobs = new Map<number, ScoreJob>();
  /** Ends that the next step tells. */
  #events: ScoreEvent[] = [];
  #isDraining = false;

  constructor({ runner, batching = DEFAULT_REWARD_BATCHING, clock }: RewardScorerOptions) {
    this.#runner = runner;
    this.#clock = clock;
    this.#queue = new PairQueue(batching);
  }

  /** True when `step` would do something now. */
  get hasWork(): boolean {
    return this.waitMs === 0;
  }

  /** Milliseconds until there is something to do; undefined if nothing is under way. */
  get waitMs(): number | undefined {
    if (this.#events.length > 0) return 0;
    const dueMs = this.#queue.dueMs();
    if (dueMs === undefined) return undefined;
    // Nobody else can come while it drains.
    return this.#isDraining ? 0 : Math.max(0, dueMs - this.#clock());
  }

  get activeRequests(): number {
    return this.#jobs.size;
  }

  get waitingPairs(): number {
    return this.#queue.waitingPairs;
  }

  /** Undefined while the backend works. */
  get unhealthyReason(): string | undefined {
    return this.#health.unhealthyReason;
  }

  /** `drain`: what was accepted is finished, and nothing more is accepted. */
  setMode(mode: 'open' | 'drain'): void {
    this.#isDraining = mode === 'drain';
  }

  /**
   * Accepts a request, which then ends with exactly one event. `submittedMs`: since when its client waits. Refuses by throwing
   * `overloaded`, `context_length` (a row is too long), or `unavailable` when draining.
   */
  submit(id: number, request: ScoreRequest, submittedMs: number): void {
    invariant(!this.#jobs.has(id), `request ${id} is under way already`);
    if (this.#isDraining) throw new GatewayError('unavailable', 'the reward model is being unloaded');
    const { maxLength, vocabSize } = this.#runner;
    invariant(request.rows.length > 0, 'a request without rows');
    for (const row of request.rows) {
      invariant(row.length > 0 && row.every((token) => token >= 0 && token < vocabSize), 'a row is not made of tokens');
      if (row.length <= maxLength) continue;
      const message = `state: it takes ${row.length} tokens with an action; the reward model's context is ${maxLength}`;
      throw new GatewayError('context_length', message, { field: 'state' });
    }
    const job = new ScoreJob(id, request, submittedMs);
    this.#queue.add(
      request.rows.map((tokens, row) => ({ tokens, owner: { job, row } })),
      this.#clock(),
    );
    this.#jobs.set(id, job);
  }

  /** Ends a request with `cancelled`. No effect on one that has ended. */
  cancel(id: number): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#fail(job, new GatewayError('cancelled', 'the request was cancelled'));
  }

  cancelAll(): void {
    for (const id of [...this.#jobs.keys()]) this.cancel(id);
  }

  /** One turn: ends what is past its deadline, scores the batch that is due, if one is. Never throws for what a backend did wrong. */
  step(): ScoreStep {
    this.#expire();
    const batch = this.#isBatchDue ? this.#queue.take() : [];
    const report = batch.length > 0 ? this.#score(batch) : undefined;
    const events = this.#events;
    this.#events = [];
    return { events, report };
  }

  /** Scores a row of one token without a request; it counts for the health. Throws what the runner throws. */
  probe(): void {
    try {
      const [reward] = this.#runner.run([new Int32Array(1)]);
      if (reward === undefined || !Number.isFinite(reward)) throw new GatewayError('backend_failed', 'no reward');
      this.#health.recordSuccess();
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#health.recordFailure(error);
      throw error;
    }
  }

  /** Throws `InvariantError` if the books do not balance. For tests, and when idle. */
  checkIntegrity(): void {
    const isIdle = this.waitMs === undefined;
    invariant(!isIdle || this.#jobs.size === 0, `${this.#jobs.size} requests are forgotten`);
  }

  get #isBatchDue(): boolean {
    const dueMs = this.#queue.dueMs();
    return dueMs !== undefined && (this.#isDraining || dueMs <= this.#clock());
  }

  #expire(): void {
    const nowMs = this.#clock();
    for (const job of [...this.#jobs.values()]) {
      if (job.isExpired(nowMs)) this.#fail(job, new GatewayError('deadline_exceeded', 'the deadline passed'));
    }
  }

  #score(batch: readonly WaitingPair<Owner>[]): ScoreReport {
    const startMs = this.#clock();
    try {
      const rewards = this.#runner.run(batch.map(({ tokens }) => tokens));
      this.#health.recordSuccess();
      for (const [i, { owner }] of batch.entries()) this.#record(owner, rewards[i], startMs);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#health.recordFailure(error);
      for (const { owner } of batch) this.#fail(owner.job, error);
    }
    const lengths = batch.map(({ tokens }) => tokens.length);
    return {
      pairs: batch.length,
      tokens: lengths.reduce((sum, length) => sum + length, 0),
      paddedTokens: batch.length * Math.max(...lengths),
      durationMs: this.#clock() - startMs,
      waitingPairs: this.#queue.waitingPairs,
    };
  }

  /** A reward that is no number fails its own request, not its neighbours in the batch. */
  #record({ job, row }: Owner, reward: number | undefined, startMs: number): void {
    if (reward === undefined || !Number.isFinite(reward)) {
      this.#fail(job, new GatewayError('backend_failed', 'the reward model computes rewards that are no numbers'));
      return;
    }
    job.record(row, reward, startMs);
    if (job.isComplete) this.#end({ type: 'finished', id: job.id, result: job.result() });
  }

  /** No effect on a job that has ended. */
  #fail(job: ScoreJob, error: GatewayError): void {
    if (this.#jobs.get(job.id) !== job) return;
    this.#queue.drop((owner) => owner.job === job);
    this.#end({ type: 'failed', id: job.id, error });
  }

  #end(event: ScoreEvent): void {
    this.#jobs.delete(event.id);
    this.#events.push(event);
  }
}
