/** Owns one request under way: which of its rewards are there. */
import type { ScoreRequest, ScoreResult } from './score.ts';

export class ScoreJob {
  readonly id: number;
  readonly #request: ScoreRequest;
  readonly #submittedMs: number;
  readonly #rewards: Float32Array;
  #missing: number;
  #startedMs: number | undefined;

  constructor(id: number, request: ScoreRequest, submittedMs: number) {
    this.id = id;
    this.#request = request;
    this.#submittedMs = submittedMs;
    this.#rewards = new Float32Array(request.rows.length);
    this.#missing = request.rows.length;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  isExpired(nowMs: number): boolean {
    const { deadlineMs } = this.#request;
    return deadlineMs !== undefined && nowMs >= deadlineMs;
  }

  /** Takes the reward of a row, out of a batch that began at `startedMs`. */
  record(row: number, reward: number, startedMs: number): void {
    this.#rewards[row] = reward;
    this.#missing -= 1;
    this.#startedMs ??= startedMs;
  }

  /** The rewards of a complete job. */
  result(): ScoreResult {
    return { rewards: this.#rewards, queueMs: (this.#startedMs ?? this.#submittedMs) - this.#submittedMs };
  }
}
