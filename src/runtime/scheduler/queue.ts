/** Owns the order of waiting sequences: by priority, first come, first served inside one; who waits long moves up. */
import { invariant } from '../errors.ts';
import type { Sequence } from './sequence.ts';

/** Waiting this long is worth one level of priority. Default of {@link WaitingQueue}. */
export const DEFAULT_AGING_MS = 1_000;

export class WaitingQueue {
  /** By priority; a map keeps insertion order, and lets a sequence leave from the middle at no cost. */
  readonly #levels = new Map<number, Map<number, Sequence>>();
  readonly #agingMs: number;
  #numRequests = 0;
  #numTokens = 0;

  constructor(agingMs = DEFAULT_AGING_MS) {
    invariant(agingMs > 0, `nobody can move up after ${agingMs} ms`);
    this.#agingMs = agingMs;
  }

  get numRequests(): number {
    return this.#numRequests;
  }

  /** Tokens to compute before these sequences can begin to answer. */
  get numTokens(): number {
    return this.#numTokens;
  }

  add(sequence: Sequence): void {
    const level = this.#levels.get(sequence.priority) ?? new Map<number, Sequence>();
    invariant(!level.has(sequence.id), `sequence ${sequence.id} waits already`);
    level.set(sequence.id, sequence);
    this.#levels.set(sequence.priority, level);
    this.#numRequests += 1;
    this.#numTokens += sequence.length;
  }

  /** The sequence whose turn it is; stays in the queue. Only the first of each level can be it. */
  peek(now: number): Sequence | undefined {
    let next: Sequence | undefined;
    for (const level of this.#levels.values()) {
      for (const first of level.values()) {
        if (next === undefined || this.#isBefore(first, next, now)) next = first;
        break;
      }
    }
    return next;
  }

  #isBefore(a: Sequence, b: Sequence, now: number): boolean {
    const difference = this.#level(a, now) - this.#level(b, now) || a.queuedMs - b.queuedMs || a.priority - b.priority;
    return difference < 0;
  }

  /** Nobody rises above 0, so at the latest there everybody is served in order of arrival. */
  #level(sequence: Sequence, now: number): number {
    return Math.max(0, sequence.priority - Math.floor((now - sequence.queuedMs) / this.#agingMs));
  }

  /** Takes out a sequence wherever it stands; undefined if it does not wait. */
  remove(id: number): Sequence | undefined {
    for (const level of this.#levels.values()) {
      const sequence = level.get(id);
      if (sequence === undefined) continue;
      level.delete(id);
      this.#numRequests -= 1;
      this.#numTokens -= sequence.length;
      return sequence;
    }
    return undefined;
  }

  /** Throws unless everything in here waits, at its own level, and the counts are right. */
  checkIntegrity(): void {
    let numTokens = 0;
    let numRequests = 0;
    for (const [priority, level] of this.#levels) {
      for (const sequence of level.values()) {
        invariant(sequence.status === 'waiting', `sequence ${sequence.id} is queued but ${sequence.status}`);
        invariant(sequence.priority === priority, `sequence ${sequence.id} waits at level ${priority}`);
        numTokens += sequence.length;
        numRequests += 1;
      }
    }
    invariant(numTokens === this.#numTokens, `the queue counts ${this.#numTokens} tokens but holds ${numTokens}`);
    invariant(
      numRequests === this.#numRequests,
      `the queue counts ${this.#numRequests} requests but holds ${numRequests}`,
    );
  }
}
