/**
 * Owns KV of prompts' beginnings, in blocks of a fixed number of tokens, so that a request which begins like another need
 * not compute that part again. Shared by all sequences of a model, bounded by bytes, least recently used out first.
 * Knows no slots and no runner: whoever saves or restores a block does the copying.
 *
 * ```
 * tokens   [ block 0 | block 1 | block 2 | rest )      a block's KV depends on every token before it, so blocks form
 *            root  <--  parent <-- parent                chains: one is found through the one before it, or not at all
 * ```
 *
 * A hash only finds the place. A hit is verified, the block's own tokens one by one and what came before by the identity of
 * the parent, which was verified the same way: no collision, crafted or not, can hand out KV of another prompt. That is
 * cheaper than a hash nobody could collide (32 integers are compared in the time that one call of a hash function takes).
 */
import { LRUCache } from 'lru-cache';
import { invariant } from '../errors.ts';
import { HASH_OF_NOTHING, hashTokens } from './hash-tokens.ts';
import type { KvBlock } from './kv-block.ts';

export type PrefixStoreOptions = {
  /** Most bytes of KV. While a block is added, one block more is alive. */
  readonly maxBytes: number;
  /** Positions per block: the grain in which prefixes are found. */
  readonly blockTokens: number;
  /** KV of one position over all layers, in bytes. */
  readonly bytesPerToken: number;
};

/** Leading tokens whose KV the store holds. Its blocks stay valid until it is disposed of, which must happen once. */
export interface PrefixMatch extends Disposable {
  readonly numTokens: number;
  /** In order; together they hold positions `0 .. numTokens`. */
  readonly blocks: readonly KvBlock[];
}

/** Makes a block of the positions `start .. start + numTokens`. */
export type SaveBlock = (start: number, numTokens: number) => KvBlock;

type Entry = {
  readonly key: number;
  readonly parent: Entry | undefined;
  /** [blockTokens] */
  readonly tokens: Int32Array;
  readonly block: KvBlock;
  /** Matches that use the block at the moment. */
  leases: number;
  isGone: boolean;
};

export class PrefixStore implements Disposable {
  /** See {@link PrefixStoreOptions}. */
  readonly blockTokens: number;
  readonly #bytesPerToken: number;
  /** A longer chain would evict its own beginning. */
  readonly #maxChain: number;
  readonly #entries: LRUCache<number, Entry>;
  #queriedTokens = 0;
  #hitTokens = 0;
  #evictedBlocks = 0;

  constructor({ maxBytes, blockTokens, bytesPerToken }: PrefixStoreOptions) {
    invariant(Number.isSafeInteger(blockTokens) && blockTokens > 0, `a block cannot have ${blockTokens} tokens`);
    invariant(Number.isSafeInteger(maxBytes) && maxBytes > 0, `a prefix store cannot have ${maxBytes} bytes`);
    this.blockTokens = blockTokens;
    this.#bytesPerToken = bytesPerToken;
    this.#maxChain = Math.floor(maxBytes / (blockTokens * bytesPerToken));
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ block }) => block.numBytes,
      dispose: (entry, _, reason) => this.#drop(entry, reason === 'evict'),
    });
  }

  get numBlocks(): number {
    return this.#entries.size;
  }

  get numBytes(): number {
    return this.#entries.calculatedSize;
  }

  /** Whether another block would need memory that no other block gives back. */
  get isGrowing(): boolean {
    return this.numBytes + this.blockTokens * this.#bytesPerToken <= this.#entries.maxSize;
  }

  /** Since the beginning: tokens that were looked for, tokens that were found, blocks that had to go. */
  get counters(): { readonly queriedTokens: number; readonly hitTokens: number; readonly evictedBlocks: number } {
    return { queriedTokens: this.#queriedTokens, hitTokens: this.#hitTokens, evictedBlocks: this.#evictedBlocks };
  }

  /** The longest beginning of `tokens` that is here, in whole blocks. */
  match(tokens: Int32Array): PrefixMatch {
    const chain = this.#findChain(tokens);
    this.#touch(chain);
    for (const entry of chain) entry.leases += 1;
    const numTokens = chain.length * this.blockTokens;
    this.#queriedTokens += tokens.length;
    this.#hitTokens += numTokens;
    return {
      numTokens,
      blocks: chain.map(({ block }) => block),
      [Symbol.dispose]: () => {
        for (const entry of chain) release(entry);
      },
    };
  }

  /**
   * Keeps KV of `tokens`, all of which must be computed, as far as it makes whole blocks. `saveBlock` is called for those
   * only that are not here yet, in order; what it throws is passed on, and the blocks before stay.
   */
  save(tokens: Int32Array, saveBlock: SaveBlock): void {
    const chain = this.#findChain(tokens);
    this.#touch(chain);
    const numBlocks = Math.min(Math.floor(tokens.length / this.blockTokens), this.#maxChain);
    try {
      while (chain.length < numBlocks && this.#extend(chain, tokens, saveBlock));
    } finally {
      this.#touch(chain);
    }
  }

  /** Adds the next block of `tokens` to `chain`; false if there is no place for it. */
  #extend(chain: Entry[], tokens: Int32Array, saveBlock: SaveBlock): boolean {
    const start = chain.length * this.blockTokens;
    const parent = chain.at(-1);
    const own = tokens.subarray(start, start + this.blockTokens);
    const key = hashTokens(parent?.key ?? HASH_OF_NOTHING, own);
    // Another chain's, with the same hash. Replacing it would cut that chain; this one ends here instead.
    if (this.#entries.peek(key) !== undefined) return false;
    const block = saveBlock(start, this.blockTokens);
    // A backend may pad its blocks; the chain must fit nevertheless.
    if ((chain.length + 1) * block.numBytes > this.#entries.maxSize) {
      block[Symbol.dispose]();
      return false;
    }
    // A copy: the view would keep the whole prompt alive.
    const entry: Entry = { key, parent, tokens: own.slice(), block, leases: 0, isGone: false };
    this.#entries.set(key, entry);
    chain.push(entry);
    return true;
  }

  /** Changes nothing, not even what was used last. */
  #findChain(tokens: Int32Array): Entry[] {
    const chain: Entry[] = [];
    for (let end = this.blockTokens; end <= tokens.length; end += this.blockTokens) {
      const parent = chain.at(-1);
      const own = tokens.subarray(end - this.blockTokens, end);
      const entry = this.#entries.peek(hashTokens(parent?.key ?? HASH_OF_NOTHING, own));
      if (entry === undefined || entry.parent !== parent || !areEqual(entry.tokens, own)) break;
      chain.push(entry);
    }
    return chain;
  }

  /** The last block first: so each was used later than those that need it, and a chain is evicted from its end. */
  #touch(chain: readonly Entry[]): void {
    for (let i = chain.length - 1; i >= 0; i--) this.#entries.get((chain[i] as Entry).key);
  }

  #drop(entry: Entry, isEviction: boolean): void {
    if (isEviction) this.#evictedBlocks += 1;
    entry.isGone = true;
    if (entry.leases === 0) entry.block[Symbol.dispose]();
  }

  /** Disposes of every block. */
  [Symbol.dispose](): void {
    this.#entries.clear();
  }

  /** Throws `InvariantError` unless every block is whole, reachable and used no later than the one before it. */
  checkIntegrity(): void {
    // From the most recently used on: parents come before their children.
    const seen = new Set<Entry>();
    let numBytes = 0;
    for (const [key, entry] of this.#entries.entries()) {
      const { parent, tokens, block } = entry;
      invariant(key === entry.key && !entry.isGone, `block ${entry.key} is gone and still here`);
      invariant(tokens.length === this.blockTokens, `block ${key} has ${tokens.length} tokens`);
      invariant(block.numTokens === this.blockTokens, `block ${key} holds KV of ${block.numTokens} tokens`);
      invariant(parent === undefined || seen.has(parent), `block ${key} outlives the one before it`);
      invariant(entry.leases >= 0, `block ${key} was released more often than it was used`);
      seen.add(entry);
      numBytes += block.numBytes;
    }
    invariant(numBytes === this.numBytes, `${numBytes} bytes are in the blocks but ${this.numBytes} on the books`);
  }
}

function release(entry: Entry): void {
  entry.leases -= 1;
  if (entry.isGone && entry.leases === 0) entry.block[Symbol.dispose]();
}

function areEqual(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
