/**
 * Answers in Redis, shared by several gateways. One string per request: fingerprint, owner's token, and behind a line
 * break the answer, once there is one. A claim is renewed while it is held, so that it lapses soon after its owner died.
 */
import { randomUUID } from 'node:crypto';
import { type Redis, redisScript } from '../redis/redis.ts';
import { type Claim, type IdempotencyStore, MAX_ANSWER } from './store.ts';

export type RedisIdempotencyOptions = {
  /** How long an answer is kept, in milliseconds. */
  readonly windowMs: number;
  /** How long a claim is held without being renewed, in milliseconds. */
  readonly leaseMs?: number;
};

const PREFIX = 'lam:1:request:';
const LEASE_MS = 5000;

/** KEYS: the request. ARGV: fingerprint, token, lease in ms. Answers with what was there. */
const CLAIM = redisScript(`
local value = redis.call('GET', KEYS[1])
if value then return value end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return ''
`);

/** KEYS: the request. ARGV: value of the claim, new value or empty, its time to live in ms. */
const REPLACE = redisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
`);

type Held = { readonly value: string; readonly renewal: NodeJS.Timeout };

export class RedisIdempotencyStore implements IdempotencyStore {
  readonly #redis: Redis;
  readonly #windowMs: number;
  readonly #leaseMs: number;
  /** Claims of this process, by token. */
  readonly #held = new Map<string, Held>();

  /** The connection stays the caller's. */
  constructor(redis: Redis, { windowMs, leaseMs = LEASE_MS }: RedisIdempotencyOptions) {
    this.#redis = redis;
    this.#windowMs = windowMs;
    this.#leaseMs = leaseMs;
  }

  async claim(key: string, fingerprint: string): Promise<Claim> {
    const token = randomUUID();
    const args = [fingerprint, token, String(this.#leaseMs)];
    const found = String(await this.#redis.runScript(CLAIM, redisKey(key), args));
    if (found === '') {
      this.#hold(key, token, `${fingerprint} ${token}`);
      return { type: 'claimed', token };
    }
    if (!found.startsWith(`${fingerprint} `)) return { type: 'conflict' };
    const end = found.indexOf('\n');
    return end < 0 ? { type: 'pending' } : { type: 'answered', answer: found.slice(end + 1) };
  }

  async settle(key: string, token: string, answer: string | undefined): Promise<void> {
    const held = this.#held.get(token);
    if (held === undefined) return;
    this.#release(token, held);
    const isKept = answer !== undefined && answer.length <= MAX_ANSWER;
    await this.#replace(key, held.value, isKept ? `${held.value}\n${answer}` : '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [token, held] of this.#held) this.#release(token, held);
  }

  #hold(key: string, token: string, value: string): void {
    const renew = () => {
      // A claim that cannot be renewed lapses; then a repeat is answered anew, which is all that can be done.
      this.#redis.runScript(REPLACE, redisKey(key), [value, value, String(this.#leaseMs)]).catch(() => {});
    };
    const renewal = setInterval(renew, this.#leaseMs / 2.5).unref();
    this.#held.set(token, { value, renewal });
  }

  #release(token: string, { renewal }: Held): void {
    clearInterval(renewal);
    this.#held.delete(token);
  }

  async #replace(key: string, value: string, next: string): Promise<void> {
    await this.#redis.runScript(REPLACE, redisKey(key), [value, next, String(this.#windowMs)]);
  }
}

/** The braces are a hash tag, like those of the other keys. */
function redisKey(key: string): string {
  return `${PREFIX}{${key}}`;
}
