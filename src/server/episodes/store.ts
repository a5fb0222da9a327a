/** Where episodes are kept: the port. Two stores implement it, in this process and in Redis; one suite tests both. */
import type { Episode, EpisodeKey } from './episode.ts';

/** Names one state of a stored episode; empty: that there is none. */
export type Version = string;

export type StoredEpisode = { readonly episode: Episode; readonly version: Version };

/** What was observed, as {@link encodeObservation} writes it. */
export type StoredObservation = { readonly hash: string; readonly text: string };

export type EpisodeWrite = {
  /** What was loaded; the write is refused if it has changed since. */
  readonly expected: Version;
  readonly episode: Episode;
  /** Kept beside the episode, for as long as `episode.observations` names it. */
  readonly observation?: StoredObservation;
  /** Hashes of observations that are no longer kept. */
  readonly dropped: readonly string[];
};

export type StoreStats = {
  /** Episodes kept in this process; undefined for a store outside it. */
  readonly live: number | undefined;
  /** Episodes that had to go for others before their time was up; undefined for a store outside. */
  readonly evictions: number | undefined;
  /** Whether the store answered last time. */
  readonly up: boolean;
};

/** Every method throws `unavailable` when the store does not answer. Episodes go when nothing was written for a time. */
export interface EpisodeStore extends AsyncDisposable {
  load(key: EpisodeKey): Promise<StoredEpisode | undefined>;
  /** The text of a kept observation. */
  loadObservation(key: EpisodeKey, hash: string): Promise<string | undefined>;
  /** All or nothing; false: the episode is not the expected one, nothing was written. */
  save(key: EpisodeKey, write: EpisodeWrite): Promise<boolean>;
  stats(): StoreStats;
}

/** One string per owner and session, of characters that any store takes. */
export function keyText({ owner, sessionId }: EpisodeKey): string {
  return `${encodeURIComponent(owner)}/${encodeURIComponent(sessionId)}`;
}
