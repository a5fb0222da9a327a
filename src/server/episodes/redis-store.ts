/**
 * Episodes in Redis, for several gateways and over restarts. One hash per episode, with the fields `version`, `record`
 * and, per kept observation, `observation:<hash>`; it expires. Writes compare the version and swap in one script.
 */
import { randomUUID } from 'node:crypto';
import { type Redis, redisScript } from '../redis/redis.ts';
import type { EpisodeKey } from './episode.ts';
import { decodeEpisode, encodeEpisode } from './record.ts';
import { type EpisodeStore, type EpisodeWrite, keyText, type StoredEpisode, type StoreStats } from './store.ts';

export type RedisStoreOptions = {
  /** An episode goes when nothing was written for as long, in milliseconds. */
  readonly ttlMs: number;
};

/** The format of the key, not of the record, which has its own. */
const PREFIX = 'lam:1:episode:';

/**
 * KEYS: the episode. ARGV: expected version or empty, new version, record, time to live in ms, hash and text of an
 * observation or empty, then hashes of observations to drop.
 */
const SAVE = redisScript(`
local version = redis.call('HGET', KEYS[1], 'version')
if (version or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'record', ARGV[3])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'observation:' .. ARGV[5], ARGV[6]) end
for i = 7, #ARGV do redis.call('HDEL', KEYS[1], 'observation:' .. ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`);

export class RedisEpisodeStore implements EpisodeStore {
  readonly #redis: Redis;
  readonly #ttlMs: number;

  /** The connection stays the caller's. */
  constructor(redis: Redis, { ttlMs }: RedisStoreOptions) {
    this.#redis = redis;
    this.#ttlMs = ttlMs;
  }

  async load(key: EpisodeKey): Promise<StoredEpisode | undefined> {
    const [version, record] = await this.#redis.run((client) => client.hmGet(redisKey(key), ['version', 'record']));
    if (typeof version !== 'string' || typeof record !== 'string') return undefined;
    return { episode: decodeEpisode(record), version };
  }

  async loadObservation(key: EpisodeKey, hash: string): Promise<string | undefined> {
    const text = await this.#redis.run((client) => client.hGet(redisKey(key), `observation:${hash}`));
    return text ?? undefined;
  }

  async save(key: EpisodeKey, { expected, episode, observation, dropped }: EpisodeWrite): Promise<boolean> {
    const { hash = '', text = '' } = observation ?? {};
    const args = [expected, randomUUID(), encodeEpisode(episode).text, String(this.#ttlMs), hash, text, ...dropped];
    return (await this.#redis.runScript(SAVE, redisKey(key), args)) === 1;
  }

  stats(): StoreStats {
    return { live: undefined, evictions: undefined, up: this.#redis.isUp };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The braces are a hash tag: whatever belongs to an episode is in one slot of a cluster. */
function redisKey(key: EpisodeKey): string {
  return `${PREFIX}{${keyText(key)}}`;
}
