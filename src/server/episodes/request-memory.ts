/** What a gateway remembers between requests: episodes, and answers for repeats; in this process or in Redis. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Wrapper } from '../hooks.ts';
import { idempotency } from '../idempotency/idempotency.ts';
import { MemoryIdempotencyStore } from '../idempotency/memory-store.ts';
import { RedisIdempotencyStore } from '../idempotency/redis-store.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import type { PredictHook } from '../predict-hooks.ts';
import { Redis } from '../redis/redis.ts';
import type { EpisodeConfig } from './config-keys.ts';
import { Episodes } from './episodes.ts';
import { episodeMemory } from './memory-hook.ts';
import { MemoryEpisodeStore } from './memory-store.ts';
import { planMemory } from './plan-memory.ts';
import { RedisEpisodeStore } from './redis-store.ts';

export class RequestMemory implements AsyncDisposable {
  readonly episodes: Episodes;
  /** The episode's part in PredictAction; behind those that change the answer, because it keeps what was answered. */
  readonly predictHook: PredictHook = episodeMemory();
  /** Outermost first: a repeat does not change the plan of its episode. */
  readonly wrappers: readonly Wrapper[];
  readonly #answers: IdempotencyStore;
  readonly #redis: Redis | undefined;

  /** Throws if the file with the password cannot be read. */
  constructor(config: EpisodeConfig, logger: Logger) {
    const redis = config.episodeStore === 'redis' ? new Redis(redisOptions(config, logger)) : undefined;
    const { episodeMaxBytes, idempotencyMaxBytes } = config;
    const episodes = { ttlMs: config.episodeTtlMs, maxBytes: episodeMaxBytes };
    const answers = { windowMs: config.idempotencyWindowMs, maxBytes: idempotencyMaxBytes };
    this.episodes = new Episodes(redis ? new RedisEpisodeStore(redis, episodes) : new MemoryEpisodeStore(episodes));
    this.#answers = redis ? new RedisIdempotencyStore(redis, answers) : new MemoryIdempotencyStore(answers);
    this.wrappers = [idempotency(this.#answers, logger), planMemory];
    this.#redis = redis;
  }

  /** A store that cannot be reached is no reason not to start: requests that name no episode can be served. */
  async start(): Promise<void> {
    await this.#redis?.connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.episodes[Symbol.asyncDispose]();
    await this.#answers[Symbol.asyncDispose]();
    await this.#redis?.[Symbol.asyncDispose]();
  }
}

function redisOptions({ redisUrl, redisPasswordFile, redisTimeoutMs }: EpisodeConfig, logger: Logger) {
  // What ends the last line of a file is no part of a password.
  const password = redisPasswordFile === '' ? undefined : readFileSync(redisPasswordFile, 'utf8').replace(/\r?\n$/, '');
  return { url: redisUrl, password, logger, timeoutMs: redisTimeoutMs };
}
