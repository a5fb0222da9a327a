/** The stores in Redis, against a real server. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { createClient } from 'redis';
import { RedisEpisodeStore } from '../../src/server/episodes/redis-store.ts';
import { RedisIdempotencyStore } from '../../src/server/idempotency/redis-store.ts';
import { Redis } from '../../src/server/redis/redis.ts';
import { episodeStoreContract } from '../contract/episode-store.ts';
import { idempotencyStoreContract } from '../contract/idempotency-store.ts';
import { anEpisode } from '../support/episode-builders.ts';
import { RedisServer } from '../support/redis-server.ts';

const HOUR_MS = 3_600_000;
const server = await RedisServer.start();
const redis = new Redis({ url: server.url, logger: pino({ level: 'silent' }), timeoutMs: 5000 });
await redis.connect();
const direct = await createClient({ url: server.url }).connect();

after(async () => {
  await redis[Symbol.asyncDispose]();
  direct.destroy();
  await server[Symbol.asyncDispose]();
});

async function emptied<T>(store: T): Promise<T> {
  await direct.flushAll();
  return store;
}

episodeStoreContract({
  name: 'Redis',
  open: async (ttlMs = HOUR_MS) => emptied(new RedisEpisodeStore(redis, { ttlMs })),
});
idempotencyStoreContract({
  name: 'Redis',
  open: async (windowMs = HOUR_MS) => emptied(new RedisIdempotencyStore(redis, { windowMs })),
});

test('every key has a prefix, a hash tag and a time to live', async () => {
  const store = await emptied(new RedisEpisodeStore(redis, { ttlMs: HOUR_MS }));
  await store.save({ owner: 'me', sessionId: 's{}' }, { expected: '', episode: anEpisode(), dropped: [] });
  const answers = new RedisIdempotencyStore(redis, { windowMs: HOUR_MS });
  const claim = await answers.claim('me/PredictAction/r', 'print');
  assert.ok(claim.type === 'claimed');
  const keys = (await direct.keys('*')).sort();
  assert.deepEqual(keys, ['lam:1:episode:{me/s%7B%7D}', 'lam:1:request:{me/PredictAction/r}']);
  for (const key of keys) assert.ok((await direct.pTTL(key)) > 0, key);
  await answers.settle('me/PredictAction/r', claim.token, '{}');
  assert.ok((await direct.pTTL('lam:1:request:{me/PredictAction/r}')) > HOUR_MS / 2, 'the window, not the lease');
});

test('a claim lapses when its owner has died, and is renewed while it lives', async () => {
  const dead = await emptied(new RedisIdempotencyStore(redis, { windowMs: HOUR_MS, leaseMs: 400 }));
  const alive = new RedisIdempotencyStore(redis, { windowMs: HOUR_MS, leaseMs: 400 });
  const held = await alive.claim('alive', 'print');
  assert.equal((await dead.claim('dead', 'print')).type, 'claimed');
  // As a process does that is killed: no renewal from here on.
  await dead[Symbol.asyncDispose]();
  while ((await alive.claim('dead', 'print')).type === 'pending')
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await alive.claim('alive', 'print')).type, 'pending', 'renewed meanwhile');
  await alive.settle('alive', held.type === 'claimed' ? held.token : '', '{}');
  await alive[Symbol.asyncDispose]();
});

test('an owner whose claim has lapsed does not overwrite the answer of the next', async () => {
  const late = await emptied(new RedisIdempotencyStore(redis, { windowMs: HOUR_MS }));
  const first = await late.claim('key', 'print');
  await direct.del('lam:1:request:{key}');
  const next = new RedisIdempotencyStore(redis, { windowMs: HOUR_MS });
  const second = await next.claim('key', 'print');
  assert.ok(first.type === 'claimed' && second.type === 'claimed');
  await late.settle('key', first.token, '"late"');
  assert.equal((await next.claim('key', 'print')).type, 'pending');
  await next.settle('key', second.token, '"next"');
  assert.deepEqual(await late.claim('key', 'print'), { type: 'answered', answer: '"next"' });
});

test('what no gateway has written is an error, not an episode', async () => {
  const store = await emptied(new RedisEpisodeStore(redis, { ttlMs: HOUR_MS }));
  const key = { owner: '', sessionId: 's' };
  const put = (record: string) => direct.hSet('lam:1:episode:{/s}', { version: 'v', record });
  await put('{');
  await assert.rejects(store.load(key), { code: 'internal' });
  await put('{"format":1,"episode":{"sessionId":7}}');
  await assert.rejects(store.load(key), { code: 'internal' });
  await put('{"format":2,"episode":{}}');
  await assert.rejects(store.load(key), { code: 'failed_precondition' });
});

test('a connection that answers again after a pause is up, though nobody asks for anything', async () => {
  const events: string[] = [];
  const logger = pino({}, { write: (line: string) => void events.push((JSON.parse(line) as { event: string }).event) });
  await using paused = await RedisServer.start();
  await using redis = new Redis({ url: paused.url, logger, timeoutMs: 100 });
  await redis.connect();
  paused.pause();
  await assert.rejects(
    redis.run((client) => client.get('x')),
    { code: 'unavailable' },
  );
  assert.equal(redis.isUp, false);
  paused.resume();
  while (!redis.isUp) await sleep(50);
  assert.deepEqual(events, ['redis_down', 'redis_up']);
});

test('an error of Redis is told as unavailable', async () => {
  const store = await emptied(new RedisEpisodeStore(redis, { ttlMs: HOUR_MS }));
  await direct.set('lam:1:episode:{/s}', 'no hash');
  await assert.rejects(store.load({ owner: '', sessionId: 's' }), { code: 'unavailable' });
});
