/** Callers without credentials: whether they are served, and as whom. */
import { isIP } from 'node:net';
import { GatewayError } from '../../runtime/index.ts';
import { hostOf } from '../address.ts';
import type { Origin } from '../call.ts';
import { isLoopback, resolveAnonymous, type SecurityConfig } from './config-keys.ts';
import { ANONYMOUS_NAME, type Principal } from './principal.ts';

/** A proxy on this machine calls from loopback too, but for somebody else. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

export class AnonymousCallers {
  readonly #rule: ReturnType<typeof resolveAnonymous>;
  readonly #principal: Principal;

  constructor(config: SecurityConfig) {
    this.#rule = resolveAnonymous(config);
    this.#principal = { name: ANONYMOUS_NAME, kind: 'anonymous', scopes: config.anonymousScopes, limits: {} };
  }

  /** Throws `unauthenticated` with what would help. */
  admit(origin: Origin): Principal {
    if (this.#rule === 'never') throw refused('send an API key or a token');
    if (this.#rule === 'loopback') checkLocal(origin);
    return this.#principal;
  }
}

function checkLocal({ peer, header, protocol }: Origin): void {
  if (!isLoopback(hostOf(peer))) throw refused('without credentials only callers on the same machine are served');
  const proxied = PROXY_HEADERS.find((name) => header(name) !== undefined);
  if (proxied !== undefined) throw refused(`${proxied}: what a proxy passes on needs credentials`);
  // A page in a browser on this machine can have its own host name point here (DNS rebinding), and is then free to read
  // what we answer. It calls us by that name. Browsers speak no gRPC.
  if (protocol === 'http' && !isLocalName(header('host') ?? '')) {
    throw refused('host: without credentials call by address or as localhost');
  }
}

/** An address, or a name that nobody can register. */
function isLocalName(host: string): boolean {
  const name = hostOf(host);
  return isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost');
}

function refused(message: string): GatewayError {
  return new GatewayError('unauthenticated', message);
}
