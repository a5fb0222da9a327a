/**
 * Hashes in place of content. A plain hash of a control's name could be undone by trying all usual names, and so could one with
 * a salt that is kept beside it. So they are keyed: by the operator's key, or by a random one that is forgotten with its file.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
/** Shorter ones can be guessed. */
export const MIN_KEY_BYTES = 16;
/** Hexadecimal digits: collisions among a billion different texts are unlikely. */
const DIGITS = 32;

export class Hasher {
  readonly #key: Uint8Array;
  /** Names the key without giving it away: hashes are comparable where it is the same. */
  readonly keyId: string;

  /** A random key by default. */
  constructor(key: Uint8Array = randomBytes(KEY_BYTES)) {
    this.#key = key;
    this.keyId = createHash('sha256').update('lam-gateway audit key').update(key).digest('hex').slice(0, 16);
  }

  /** Of a text, or of a value by its JSON with sorted keys; the empty text has the empty hash. */
  readonly hash = (value: unknown): string => {
    if (value === '') return '';
    const text = typeof value === 'string' ? value : canonicalJson(value);
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, DIGITS);
  };
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
