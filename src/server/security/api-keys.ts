/**
 * API keys: random, so that one round of SHA-256 protects them at rest. A slow hash (scrypt) is for what people make up:
 * it makes each guess dear. A key of 256 random bits cannot be guessed at any price, and a fast hash keeps a wrong key as
 * cheap to refuse as a right one is to accept.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** So that scanners of source code find a key that was committed by mistake. */
const PREFIX = 'lam_';
const KEY_BYTES = 32;
const KEY_FORMAT = /^lam_[A-Za-z0-9_-]{43}$/;

export type HashedKey<T> = { readonly sha256: Buffer; readonly owner: T };

/** A new key. It is told once; only its digest is kept. */
export function newApiKey(): string {
  return PREFIX + randomBytes(KEY_BYTES).toString('base64url');
}

export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Keys that people make up have another form; they would need a slow hash, so they are none. */
export function isApiKey(text: string): boolean {
  return KEY_FORMAT.test(text);
}

/** Finds keys in a time that depends on neither the key that is presented nor those that exist, only on their number. */
export class KeyTable<T> {
  readonly #keys: readonly HashedKey<T>[];
  readonly #equal: typeof timingSafeEqual;

  /** `equal` is replaced by tests that count comparisons. */
  constructor(keys: readonly HashedKey<T>[], equal = timingSafeEqual) {
    this.#keys = keys;
    this.#equal = equal;
  }

  find(key: string): T | undefined {
    const digest = hashApiKey(key);
    let found: T | undefined;
    // To the end, also after the key was found.
    for (const { sha256, owner } of this.#keys) {
      if (this.#equal(sha256, digest)) found = owner;
    }
    return found;
  }
}
