/** What a caller presents to prove who it is. */
import { GatewayError } from '../../runtime/index.ts';
import type { Origin } from '../call.ts';
import { isApiKey } from './api-keys.ts';
import { isToken } from './tokens.ts';

export type Credential = { readonly type: 'api_key' | 'token'; readonly text: string };

/**
 * From `Authorization: Bearer` or `X-API-Key`; undefined when there is neither. Throws `unauthenticated` for what is no
 * credential by its form, and for both headers with different values: it would be a guess which one is meant.
 */
export function readCredential({ header }: Origin): Credential | undefined {
  const authorization = header('authorization');
  const apiKey = header('x-api-key');
  const bearer = authorization === undefined ? undefined : readBearer(authorization);
  if (bearer !== undefined && apiKey !== undefined && bearer !== apiKey) {
    throw new GatewayError('unauthenticated', 'authorization and x-api-key: two different credentials');
  }
  const text = bearer ?? apiKey;
  if (text === undefined) return undefined;
  if (isApiKey(text)) return { type: 'api_key', text };
  // A token goes where RFC 6750 says.
  if (bearer !== undefined && isToken(text)) return { type: 'token', text };
  throw new GatewayError('unauthenticated', 'neither an API key nor a token');
}

function readBearer(authorization: string): string {
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (token === undefined) throw new GatewayError('unauthenticated', 'authorization: expected Bearer and a credential');
  return token;
}
