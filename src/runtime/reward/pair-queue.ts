/**
 * Which pairs are scored together, and when. Pure: time is an argument, nothing runs here.
 *
 * A batch costs its rows times its longest row. So the pair that waits longest is taken first, and then those nearest to it in
 * length while the batch stays within its budget: nobody starves, and little is padded.
 */
import { GatewayError } from '../errors.ts';

export type PairQueueConfig = {
  /** Most tokens of a batch, padding included; a longer pair is a batch of its own. */
  readonly maxBatchTokens: number;
  /** How long a pair waits for others to share its batch, in milliseconds. */
  readonly maxWaitMs: number;
  /** Most pairs that wait. */
  readonly maxWaitingPairs: number;
  /** What a refused caller is told to wait, in milliseconds. */
  readonly retryAfterMs: number;
};

/** A pair that waits; `T` says whose it is. */
export type WaitingPair<T> = { readonly tokens: Int32Array; readonly owner: T };

type Entry<T> = { readonly pair: WaitingPair<T>; readonly addedMs: number };

export class PairQueue<T> {
  readonly #config: PairQueueConfig;
  /** In order of arrival. */
  #entries: Entry<T>[] = [];
  #tokens = 0;

  constructor(config: PairQueueConfig) {
    this.#config = config;
  }

  get waitingPairs(): number {
    return this.#entries.length;
  }

  /** Tokens of all waiting pairs, without padding. */
  get waitingTokens(): number {
    return this.#tokens;
  }

  /** Takes all of them, or throws `overloaded` and takes none. */
  add(pairs: readonly WaitingPair<T>[], nowMs: number): void {
    const { maxWaitingPairs, retryAfterMs } = this.#config;
    if (this.#entries.length + pairs.length > maxWaitingPairs) {
      const message = `${this.#entries.length} pairs wait for their reward, and no more than ${maxWaitingPairs} may`;
      throw new GatewayError('overloaded', message, { retryAfterMs });
    }
    for (const pair of pairs) {
      this.#entries.push({ pair, addedMs: nowMs });
      this.#tokens += pair.tokens.length;
    }
  }

  /** Drops the pairs for which `isDropped` holds: their owners have their outcome already. */
  drop(isDropped: (owner: T) => boolean): void {
    this.#keep((entry) => !isDropped(entry.pair.owner));
  }

  /** When the next batch is to run: at once if enough waits to fill one, undefined if nothing waits. */
  dueMs(): number | undefined {
    const oldest = this.#entries[0];
    if (oldest === undefined) return undefined;
    const isFull = this.#tokens >= this.#config.maxBatchTokens;
    return isFull ? oldest.addedMs : oldest.addedMs + this.#config.maxWaitMs;
  }

  /** Removes and returns the next batch, shortest pair first; empty if nothing waits. */
  take(): readonly WaitingPair<T>[] {
    const oldest = this.#entries[0];
    if (oldest === undefined) return [];
    const sorted = this.#entries.toSorted((a, b) => lengthOf(a) - lengthOf(b));
    const batch = sorted.slice(...this.#widen(sorted, sorted.indexOf(oldest)));
    const taken = new Set(batch);
    this.#keep((entry) => !taken.has(entry));
    return batch.map(({ pair }) => pair);
  }

  /** The range [from, to) around `start` that a batch has room for, widened at the end where the next pair is nearer in length. */
  #widen(sorted: readonly Entry<T>[], start: number): [from: number, to: number] {
    const length = lengthOf(sorted[start] as Entry<T>);
    let from = start;
    let to = start + 1;
    for (;;) {
      const [below, above] = [sorted[from - 1], sorted[to]];
      const isBelowNearer =
        below !== undefined && (above === undefined || length - lengthOf(below) <= lengthOf(above) - length);
      const longest = lengthOf((isBelowNearer ? sorted[to - 1] : above) ?? (sorted[to - 1] as Entry<T>));
      const hasRoom = (to - from + 1) * longest <= this.#config.maxBatchTokens;
      if (!hasRoom || (below === undefined && above === undefined)) return [from, to];
      if (isBelowNearer) from -= 1;
      else to += 1;
    }
  }

  #keep(isKept: (entry: Entry<T>) => boolean): void {
    this.#entries = this.#entries.filter(isKept);
    this.#tokens = this.#entries.reduce((sum, entry) => sum + lengthOf(entry), 0);
  }
}

function lengthOf<T>({ pair }: Entry<T>): number {
  return pair.tokens.length;
}
