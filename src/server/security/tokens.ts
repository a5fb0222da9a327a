/** Tokens (JWT, RFC 7519) as callers: signed by a known key, for us, by our issuer, not expired. */
import { errors, jwtVerify } from 'jose';
import { GatewayError } from '../../runtime/index.ts';
import { textProblem } from '../text.ts';
import type { SecurityConfig } from './config-keys.ts';
import type { KeySet } from './jwks.ts';
import { type Principal, SCOPES, TOKEN_PREFIX } from './principal.ts';

export type TokenRules = Pick<
  SecurityConfig,
  'jwtIssuer' | 'jwtAudience' | 'jwtAlgorithms' | 'jwtScopesClaim' | 'jwtScopePrefix' | 'jwtClockSkewMs'
>;

export type VerifiedToken = Pick<Principal, 'name' | 'scopes'>;

/** Longer ones are not worth verifying. */
const MAX_TOKEN = 8192;
const MAX_SUBJECT = 128;
/** Header, claims, signature. */
const TOKEN_FORMAT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

export function isToken(text: string): boolean {
  return text.length <= MAX_TOKEN && TOKEN_FORMAT.test(text);
}

export class TokenVerifier {
  readonly #rules: TokenRules;
  readonly #keys: KeySet;

  constructor(rules: TokenRules, keys: KeySet) {
    this.#rules = rules;
    this.#keys = keys;
  }

  /** Throws `unauthenticated` with a reason that quotes nothing of the token, or `unavailable` when no key is at hand. */
  async verify(token: string, nowMs: number): Promise<VerifiedToken> {
    const { jwtIssuer, jwtAudience, jwtAlgorithms, jwtClockSkewMs } = this.#rules;
    try {
      const { payload } = await jwtVerify(token, this.#keys.getKey, {
        issuer: jwtIssuer,
        audience: jwtAudience,
        algorithms: [...jwtAlgorithms],
        clockTolerance: jwtClockSkewMs / 1000,
        currentDate: new Date(nowMs),
        requiredClaims: ['exp', 'sub'],
      });
      return { name: subjectOf(payload.sub), scopes: this.#scopesOf(payload) };
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new GatewayError('unauthenticated', reasonOf(error));
      throw error;
    }
  }

  /** Words of a text, as in RFC 8693, or a list. What is none of our scopes is for others. */
  #scopesOf(payload: Readonly<Record<string, unknown>>): Principal['scopes'] {
    const { jwtScopesClaim, jwtScopePrefix } = this.#rules;
    const claim = payload[jwtScopesClaim] ?? (jwtScopesClaim === 'scope' ? payload['scp'] : undefined);
    const words: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
    return SCOPES.filter((scope) => words.includes(jwtScopePrefix + scope));
  }
}

function subjectOf(sub: unknown): string {
  if (typeof sub === 'string' && sub !== '' && textProblem(sub, 'name', MAX_SUBJECT) === undefined) {
    return TOKEN_PREFIX + sub;
  }
  throw new GatewayError('unauthenticated', `the token's subject is not one line of at most ${MAX_SUBJECT} characters`);
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's claim ${error.claim} is not as required`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the token is signed with an algorithm that is not allowed';
  if (error instanceof errors.JWKSNoMatchingKey) return 'the token is signed with a key that is not known';
  return 'the token is not valid';
}
