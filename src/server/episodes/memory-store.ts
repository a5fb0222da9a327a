/** Episodes in this process: bounded by bytes, gone with it. What was not used for longest goes first. */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../runtime/index.ts';
import { heapBytes } from '../heap-bytes.ts';
import type { EpisodeKey } from './episode.ts';
import { decodeEpisode, encodeEpisode } from './record.ts';
import { type EpisodeStore, type EpisodeWrite, keyText, type StoredEpisode, type StoreStats } from './store.ts';

export type MemoryStoreOptions = {
  /** For all episodes together. */
  readonly maxBytes: number;
  /** An episode goes when nothing was written for as long, in milliseconds. */
  readonly ttlMs: number;
};

/** As text, so that what is kept cannot change, and its size is known. */
type Entry = {
  readonly version: string;
  readonly record: string;
  readonly observations: ReadonlyMap<string, string>;
};

/** For the entry and its place in the cache, roughly, in bytes. */
const ENTRY_BYTES = 512;

export class MemoryEpisodeStore implements EpisodeStore {
  readonly #entries: LRUCache<string, Entry>;
  #evictions = 0;

  constructor({ maxBytes, ttlMs }: MemoryStoreOptions) {
    this.#entries = new LRUCache<string, Entry>({
      maxSize: maxBytes,
      sizeCalculation: bytesOf,
      ttl: ttlMs,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.#evictions++;
      },
    });
  }

  async load(key: EpisodeKey): Promise<StoredEpisode | undefined> {
    const entry = this.#entries.get(keyText(key));
    return entry && { episode: decodeEpisode(entry.record), version: entry.version };
  }

  async loadObservation(key: EpisodeKey, hash: string): Promise<string | undefined> {
    return this.#entries.get(keyText(key))?.observations.get(hash);
  }

  async save(key: EpisodeKey, { expected, episode, observation, dropped }: EpisodeWrite): Promise<boolean> {
    const text = keyText(key);
    const current = this.#entries.get(text);
    if ((current?.version ?? '') !== expected) return false;
    const observations = new Map(current?.observations);
    if (observation !== undefined) observations.set(observation.hash, observation.text);
    for (const hash of dropped) observations.delete(hash);
    this.#entries.set(text, { version: randomUUID(), record: encodeEpisode(episode), observations });
    // The cache drops, without a word, what is larger than all of it.
    if (this.#entries.has(text)) return true;
    throw new GatewayError('unavailable', 'the episode is larger than the memory for episodes');
  }

  stats(): StoreStats {
    this.#entries.purgeStale();
    return { live: this.#entries.size, evictions: this.#evictions, up: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#entries.clear();
  }
}

function bytesOf({ record, observations }: Entry, key: string): number {
  let bytes = ENTRY_BYTES + key.length + heapBytes(record);
  for (const text of observations.values()) bytes += heapBytes(text);
  return bytes;
}
