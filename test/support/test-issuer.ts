/** An issuer of tokens with one signing key. */
import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export type Claims = Readonly<Record<string, unknown>>;

type KeyPair = { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };

export class TestIssuer {
  readonly keyId = randomUUID();
  readonly #nowSeconds: number;
  readonly #keys: KeyPair;
  readonly #publicJwk: JWK;

  private constructor(nowSeconds: number, keys: KeyPair, publicJwk: JWK) {
    this.#nowSeconds = nowSeconds;
    this.#keys = keys;
    this.#publicJwk = publicJwk;
  }

  /** `nowSeconds` since 1970; its tokens are good for five minutes. */
  static async create(nowSeconds: number): Promise<TestIssuer> {
    const keys = await generateKeyPair('ES256', { extractable: true });
    return new TestIssuer(nowSeconds, keys, await exportJWK(keys.publicKey));
  }

  jwks(): string {
    return JSON.stringify({ keys: [{ ...this.#publicJwk, kid: this.keyId, alg: 'ES256', use: 'sig' }] });
  }

  /** What must never be in a key set. */
  async privateJwks(): Promise<string> {
    return JSON.stringify({ keys: [{ ...(await exportJWK(this.#keys.privateKey)), kid: this.keyId }] });
  }

  /** A claim that is undefined is left out. */
  claims(overrides: Claims): Claims {
    const exp = this.#nowSeconds + 300;
    return { iss: 'https://issuer.test', aud: 'lam-gateway', sub: 'desk-17', exp, scope: 'predict', ...overrides };
  }

  token(overrides: Claims, keyId = this.keyId): Promise<string> {
    const { scope, ...rest } = this.claims(overrides);
    const scopes = 'scp' in overrides && !('scope' in overrides) ? {} : { scope };
    return new SignJWT({ ...rest, ...scopes })
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .sign(this.#keys.privateKey);
  }

  /** Signed with the public key as if it were a secret: what a verifier accepts that trusts the token's algorithm. */
  sharedSecretToken(overrides: Claims): Promise<string> {
    const secret = Buffer.from(JSON.stringify(this.#publicJwk));
    const claims = { ...this.claims(overrides) };
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: this.keyId }).sign(secret);
  }
}
