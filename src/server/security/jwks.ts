/**
 * The keys that sign tokens, from a file or a URL. A URL is asked again now and then, and when a token names a key that is
 * not known; when it does not answer, the keys that are known go on being good for a while.
 */
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { GatewayError } from '../../runtime/index.ts';

/** Throws an error of jose when a token names no key of the set, `unavailable` when the keys are not known. */
export interface KeySet {
  readonly getKey: JWTVerifyGetKey;
  /** Reads the keys again; throws and keeps the old ones if that fails. */
  reload(): Promise<void>;
}

export type RemoteKeysOptions = {
  readonly url: string;
  readonly logger: Logger;
  /** Milliseconds on any scale. */
  readonly now: () => number;
  /** Replaced by tests. */
  readonly fetch?: typeof fetch;
};

/** Keys are asked for again when they are as old; meanwhile tokens are verified with them. */
const REFRESH_MS = 600_000;
/** An issuer that has not answered for as long cannot take a key back either: then no token is accepted. */
const MAX_AGE_MS = 3_600_000;
/** Between two questions, whatever tokens name, so that nobody can make us ask at will. */
const COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1 << 20;
const RETRY_AFTER_MS = 5_000;

/** Throws if the file holds no keys. */
export class FileKeys implements KeySet {
  readonly #path: string;
  #keys: JWTVerifyGetKey;

  constructor(path: string) {
    this.#path = path;
    this.#keys = this.#read();
  }

  readonly getKey: JWTVerifyGetKey = (header, token) => this.#keys(header, token);

  async reload(): Promise<void> {
    this.#keys = this.#read();
  }

  #read(): JWTVerifyGetKey {
    try {
      return keySet(readFileSync(this.#path, 'utf8'));
    } catch (cause) {
      throw new Error(`${this.#path}: ${messageOf(cause)}`);
    }
  }
}

export class RemoteKeys implements KeySet {
  readonly #options: RemoteKeysOptions;
  #keys: { readonly get: JWTVerifyGetKey; readonly atMs: number } | undefined;
  #askedMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(options: RemoteKeysOptions) {
    this.#options = options;
  }

  readonly getKey: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current();
    try {
      return await keys(header, token);
    } catch (error) {
      // The issuer may have begun to sign with a new key.
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayAsk()) throw error;
      await this.#ask();
      return (await this.#current())(header, token);
    }
  };

  async reload(): Promise<void> {
    const before = this.#keys;
    await this.#ask();
    if (this.#keys === before) throw new Error('no answer, or no keys in it');
  }

  async #current(): Promise<JWTVerifyGetKey> {
    if (this.#ageMs() >= REFRESH_MS && this.#mayAsk()) {
      const asked = this.#ask();
      // Only the first tokens wait, and those that nothing else can verify.
      if (this.#ageMs() >= MAX_AGE_MS) await asked;
    } else if (this.#keys === undefined) await this.#asking;
    if (this.#keys !== undefined && this.#ageMs() < MAX_AGE_MS) return this.#keys.get;
    const message = 'the keys that sign tokens are not known: their issuer does not answer';
    throw new GatewayError('unavailable', message, { retryAfterMs: RETRY_AFTER_MS });
  }

  #ageMs(): number {
    return this.#keys === undefined ? Number.POSITIVE_INFINITY : this.#options.now() - this.#keys.atMs;
  }

  #mayAsk(): boolean {
    return this.#options.now() - this.#askedMs >= COOLDOWN_MS;
  }

  /** Never rejects. One question at a time. */
  #ask(): Promise<void> {
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetch(): Promise<void> {
    const { url, logger, now, fetch: fetchKeys = fetch } = this.#options;
    this.#askedMs = now();
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      // A redirect could lead anywhere, to another host or away from TLS.
      const response = await fetchKeys(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
      if (!response.ok) throw new Error(`status ${response.status}`);
      this.#keys = { get: keySet(await readUpTo(response, MAX_BYTES)), atMs: now() };
    } catch (error) {
      logger.error({ event: 'jwks_failed', reason: messageOf(error) });
    }
  }
}

async function readUpTo(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Throws unless the text is a key set with at least one key. */
function keySet(text: string): JWTVerifyGetKey {
  let parsed: JSONWebKeySet;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new Error('not JSON');
  }
  if (!Array.isArray(parsed?.keys) || parsed.keys.length === 0) throw new Error('no list of keys');
  // A file of private keys works too, and is then a leak that waits to happen.
  if (parsed.keys.some((key) => 'd' in key || 'k' in key)) throw new Error('holds a private or a shared key');
  return createLocalJWKSet(parsed);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
