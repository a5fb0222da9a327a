/** Configuration keys of what is remembered between requests: episodes, and answers for repeats. */
import { bytes, integer, type Key, oneOf, string } from '../config-key.ts';

export const EPISODE_STORES = ['memory', 'redis'] as const;

const MONTH_MS = 30 * 24 * 3_600_000;

export const EPISODE_KEYS = {
  episodeStore: oneOf(
    EPISODE_STORES,
    'memory',
    'where episodes and answers for repeats are kept: in this process, or in Redis, for several gateways and over restarts',
  ),
  redisUrl: string('', 'redis[s]://[user@]host[:port][/database], when the store is redis'),
  redisPasswordFile: string('', 'file that holds the password for Redis; empty: none'),
  redisTimeoutMs: integer([1, 60_000], 1000, 'longest wait for an answer of Redis, in milliseconds'),
  episodeTtlMs: integer(
    [1000, MONTH_MS],
    3_600_000,
    'an episode in which nothing happens is forgotten after it, in ms',
  ),
  // Less would not hold the largest episode.
  episodeMaxBytes: bytes([8 << 20, 2 ** 40], 64 << 20, 'memory for episodes in this process'),
  idempotencyWindowMs: integer(
    [1000, 86_400_000],
    600_000,
    'how long a repeated request_id gets the same answer, in ms',
  ),
  idempotencyMaxBytes: bytes([1 << 20, 2 ** 40], 32 << 20, 'memory for answers to repeats in this process'),
} as const;

export type EpisodeConfig = {
  readonly [K in keyof typeof EPISODE_KEYS]: (typeof EPISODE_KEYS)[K] extends Key<infer T> ? T : never;
};

type Problem = readonly [key: keyof EpisodeConfig, problem: string];

/** Rules over several keys. */
export function episodeProblems({ episodeStore, redisUrl, redisPasswordFile }: EpisodeConfig): readonly Problem[] {
  if (episodeStore === 'redis') {
    const problem = urlProblem(redisUrl);
    return problem === undefined ? [] : [['redisUrl', problem]];
  }
  const problems: Problem[] = [];
  if (redisUrl !== '') problems.push(['redisUrl', 'not used: set episodeStore to redis']);
  if (redisPasswordFile !== '') problems.push(['redisPasswordFile', 'not used: set episodeStore to redis']);
  return problems;
}

function urlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    return 'expected redis://host:port or rediss://host:port, because episodeStore is redis';
  }
  // The configuration is logged and printed.
  return url.password === '' ? undefined : 'no password here: put it into a file and name that in redisPasswordFile';
}
