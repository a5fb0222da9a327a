/** Reads and changes episodes. Nothing that was acknowledged is lost when several change one at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../../runtime/index.ts';
import type { ControlMessage } from '../wire/messages.ts';
import type { Episode, EpisodeKey } from './episode.ts';
import { decodeControls } from './observation.ts';
import type { EpisodeStore, StoredObservation, StoreStats } from './store.ts';

/** The episode as it is stored, if it is, to what it becomes. Pure: it is called again when another writer came first. */
export type EpisodeChange = (stored: Episode | undefined, nowMs: number) => Episode;

/** Each time another writer was faster; of those at least one succeeds each time. */
const MAX_ATTEMPTS = 64;
/** In milliseconds; grows by as much with each attempt, and is shortened at random. */
const BACK_OFF_MS = 2;

export class Episodes implements AsyncDisposable {
  readonly #store: EpisodeStore;
  readonly #nowMs: () => number;

  constructor(store: EpisodeStore, nowMs: () => number = Date.now) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  async find(key: EpisodeKey): Promise<Episode | undefined> {
    return (await this.#store.load(key))?.episode;
  }

  /** Throws `not_found`; for a caller to whom it does not belong there is no such episode either. */
  async require(key: EpisodeKey): Promise<Episode> {
    return found(await this.find(key));
  }

  /** The controls of an observation of the episode; undefined: not kept, or no longer. */
  async controls(episode: Episode, hash: string): Promise<readonly ControlMessage[] | undefined> {
    if (!episode.observations.includes(hash)) return undefined;
    const text = await this.#store.loadObservation(episode, hash);
    return text === undefined ? undefined : decodeControls(text);
  }

  /**
   * `observation` is kept if the changed episode names it. Throws what `change` throws, and `unavailable` when the store
   * does not answer: then nothing is acknowledged, but the change may have been made.
   */
  async update(key: EpisodeKey, change: EpisodeChange, observation?: StoredObservation): Promise<Episode> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const stored = await this.#store.load(key);
      const episode = change(stored?.episode, this.#nowMs());
      if (episode === stored?.episode) return episode;
      const before = stored?.episode.observations ?? [];
      const isNew = observation !== undefined && !before.includes(observation.hash);
      const isSaved = await this.#store.save(key, {
        expected: stored?.version ?? '',
        episode,
        ...(isNew && episode.observations.includes(observation.hash) && { observation }),
        dropped: before.filter((hash) => !episode.observations.includes(hash)),
      });
      if (isSaved) return episode;
      await sleep(Math.random() * BACK_OFF_MS * attempt);
    }
    throw new GatewayError('unavailable', 'too many requests change this episode at once');
  }

  /** Like `update`, of an episode that there must be. */
  async change(key: EpisodeKey, change: (episode: Episode, nowMs: number) => Episode): Promise<Episode> {
    return this.update(key, (stored, nowMs) => change(found(stored), nowMs));
  }

  /** For metrics. */
  stats(): StoreStats {
    return this.#store.stats();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]();
  }
}

function found(episode: Episode | undefined): Episode {
  if (episode !== undefined) return episode;
  const field = 'session_id';
  throw new GatewayError('not_found', `${field}: no such episode is kept here, or no longer`, { field });
}
