/** Answers in this process: bounded by bytes, by number and by age. */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { heapBytes } from '../heap-bytes.ts';
import { type Claim, type IdempotencyStore, MAX_ANSWER } from './store.ts';

export type MemoryIdempotencyOptions = {
  /** How long an answer is kept, in milliseconds. */
  readonly windowMs: number;
  /** For all answers together. */
  readonly maxBytes: number;
};

type Entry = { readonly fingerprint: string; readonly answer: string };
type Owner = { readonly fingerprint: string; readonly token: string };

const MAX_ANSWERS = 65_536;
/** For an entry and its place in the cache, roughly, in bytes. */
const ENTRY_BYTES = 512;

export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #answers: LRUCache<string, Entry>;
  /** Requests under way; never more than are admitted, and apart from the answers, so that none is dropped for space. */
  readonly #claims = new Map<string, Owner>();

  constructor({ windowMs, maxBytes }: MemoryIdempotencyOptions) {
    this.#answers = new LRUCache<string, Entry>({
      max: MAX_ANSWERS,
      maxSize: maxBytes,
      sizeCalculation: ({ answer }, key) => ENTRY_BYTES + key.length + heapBytes(answer),
      ttl: windowMs,
    });
  }

  async claim(key: string, fingerprint: string): Promise<Claim> {
    const owner = this.#claims.get(key);
    const entry = this.#answers.get(key);
    const known = owner ?? entry;
    if (known !== undefined && known.fingerprint !== fingerprint) return { type: 'conflict' };
    if (owner !== undefined) return { type: 'pending' };
    if (entry !== undefined) return { type: 'answered', answer: entry.answer };
    const token = randomUUID();
    this.#claims.set(key, { fingerprint, token });
    return { type: 'claimed', token };
  }

  async settle(key: string, token: string, answer: string | undefined): Promise<void> {
    const owner = this.#claims.get(key);
    if (owner?.token !== token) return;
    this.#claims.delete(key);
    if (answer === undefined || answer.length > MAX_ANSWER) return;
    this.#answers.set(key, { fingerprint: owner.fingerprint, answer });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#answers.clear();
  }
}
