/** Owns the order of waiting sequences: first come, first served. */
import { invariant } from '../errors.ts';
import type { Sequence } from './sequence.ts';

export class WaitingQueue {
  /** A map keeps insertion order, and lets a sequence leave from the middle at no cost. */
  readonly #sequences = new Map<number, Sequence>();
  #numTokens = 0;

  get numRequests(): number {
    return this.#sequences.size;
  }

  /** Tokens to compute before these sequences can begin to answer. */
  get numTokens(): number {
    return this.#numTokens;
  }

  add(sequence: Sequence): void {
    invariant(!this.#sequences.has(sequence.id), `sequence ${sequence.id} waits already`);
    this.#sequences.set(sequence.id, sequence);
    this.#numTokens += sequence.length;
  }

  /** The sequence whose turn it is; stays in the queue. */
  peek(): Sequence | undefined {
    for (const sequence of this.#sequences.values()) return sequence;
    return undefined;
  }

  /** Takes out a sequence wherever it stands; undefined if it does not wait. */
  remove(id: number): Sequence | undefined {
    const sequence = this.#sequences.get(id);
    if (sequence === undefined) return undefined;
    this.#sequences.delete(id);
    this.#numTokens -= sequence.length;
    return sequence;
  }

  /** Throws unless everything in here waits and the token count is right. */
  checkIntegrity(): void {
    let numTokens = 0;
    for (const sequence of this.#sequences.values()) {
      invariant(sequence.status === 'waiting', `sequence ${sequence.id} is queued but ${sequence.status}`);
      numTokens += sequence.length;
    }
    invariant(numTokens === this.#numTokens, `the queue counts ${this.#numTokens} tokens but holds ${numTokens}`);
  }
}
