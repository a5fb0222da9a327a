/** Episodes in this process: bounded by bytes, gone with it. What was not used for longest goes first. */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../runtime/index.ts';
import { heapBytes } from '../heap-bytes.ts';
import type { Episode, EpisodeKey } from './episode.ts';
import { encodeEpisode } from './record.ts';
import { type EpisodeStore, type EpisodeWrite, keyText, type StoredEpisode, type StoreStats } from './store.ts';

export type MemoryStoreOptions = {
  /** For all episodes together. */
  readonly maxBytes: number;
  /** An episode goes when nothing was written for as long, in milliseconds. */
  readonly ttlMs: number;
};

type Entry = {
  readonly version: string;
  /** Whoever changes an episode makes another one, so this one can be handed out as it is. */
  readonly episode: Episode;
  /** Roughly, as text. */
  readonly episodeBytes: number;
  readonly observations: ReadonlyMap<string, { readonly text: string; readonly bytes: number }>;
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
    return entry && { episode: entry.episode, version: entry.version };
  }

  async loadObservation(key: EpisodeKey, hash: string): Promise<string | undefined> {
    return this.#entries.get(keyText(key))?.observations.get(hash)?.text;
  }

  async save(key: EpisodeKey, { expected, episode, observation, dropped }: EpisodeWrite): Promise<boolean> {
    const text = keyText(key);
    const current = this.#entries.get(text);
    if ((current?.version ?? '') !== expected) return false;
    const observations = new Map(current?.observations);
    if (observation !== undefined) {
      observations.set(observation.hash, { text: observation.text, bytes: heapBytes(observation.text) });
    }
    for (const hash of dropped) observations.delete(hash);
    const record = encodeEpisode(episode);
    const episodeBytes = heapBytes(record.text);
    this.#entries.set(text, { version: randomUUID(), episode: record.episode, episodeBytes, observations });
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

function bytesOf({ episodeBytes, observations }: Entry, key: string): number {
  let bytes = ENTRY_BYTES + key.length + episodeBytes;
  for (const observation of observations.values()) bytes += observation.bytes;
  return bytes;
}
