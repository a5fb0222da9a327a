/** Who is calling: credential, certificate or nobody in particular, in this order. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { GatewayError } from '../../runtime/index.ts';
import type { Origin } from '../call.ts';
import { type Access, type Grant, NO_ACCESS, parseAccess } from './access-file.ts';
import { AnonymousCallers } from './anonymous.ts';
import { KeyTable } from './api-keys.ts';
import { findCertificate } from './certificates.ts';
import type { SecurityConfig } from './config-keys.ts';
import { type Credential, readCredential } from './credentials.ts';
import { FileKeys, type KeySet, RemoteKeys } from './jwks.ts';
import type { Principal } from './principal.ts';
import { TokenVerifier } from './tokens.ts';

export type AuthenticatorOptions = {
  readonly config: SecurityConfig;
  readonly logger: Logger;
  /** Wall-clock time in milliseconds since 1970. */
  readonly wallMs: () => number;
};

type KnownCallers = { readonly access: Access; readonly keys: KeyTable<Grant> };

export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #anonymous: AnonymousCallers;
  readonly #keySet: KeySet | undefined;
  readonly #tokens: TokenVerifier | undefined;
  #callers: KnownCallers;

  /** Throws if a file that the configuration names is not acceptable. */
  constructor(options: AuthenticatorOptions) {
    const { config } = options;
    this.#options = options;
    this.#anonymous = new AnonymousCallers(config);
    this.#callers = readCallers(config.accessFile);
    this.#keySet = openKeySet(options);
    this.#tokens = this.#keySet && new TokenVerifier(config, this.#keySet);
  }

  /** Throws `unauthenticated`; `unavailable` while the keys of tokens are not known. */
  async authenticate(origin: Origin): Promise<Principal> {
    const credential = readCredential(origin);
    if (credential?.type === 'token') return this.#byToken(credential);
    if (credential !== undefined) return this.#byKey(credential);
    return this.#byCertificate(origin) ?? this.#anonymous.admit(origin);
  }

  /** Reads the access file again. Throws and keeps what was known if that fails. */
  reloadCallers(): void {
    this.#callers = readCallers(this.#options.config.accessFile);
  }

  /** Asks for the keys of tokens again. Rejects and keeps what was known if that fails. */
  async reloadTokenKeys(): Promise<void> {
    await this.#keySet?.reload();
  }

  #byKey({ text }: Credential): Principal {
    const grant = this.#callers.keys.find(text);
    if (grant === undefined) throw new GatewayError('unauthenticated', 'the API key is not known');
    return this.#current(grant, 'the API key has expired');
  }

  async #byToken({ text }: Credential): Promise<Principal> {
    if (this.#tokens === undefined) throw new GatewayError('unauthenticated', 'tokens are not accepted here');
    const { name, scopes } = await this.#tokens.verify(text, this.#options.wallMs());
    return { name, kind: 'token', scopes, limits: this.#callers.access.tokenLimits };
  }

  #byCertificate({ certificate }: Origin): Principal | undefined {
    const presented = certificate?.();
    const grant = presented && findCertificate(this.#callers.access.certificates, presented);
    return grant && this.#current(grant, 'the certificate may not be used any more');
  }

  #current({ principal, expiresMs }: Grant, expired: string): Principal {
    if (expiresMs === undefined || this.#options.wallMs() < expiresMs) return principal;
    throw new GatewayError('unauthenticated', expired);
  }
}

function readCallers(path: string): KnownCallers {
  if (path === '') return { access: NO_ACCESS, keys: new KeyTable<Grant>([]) };
  try {
    const access = parseAccess(readFileSync(path, 'utf8'));
    return { access, keys: new KeyTable(access.keys) };
  } catch (error) {
    throw new Error(`access file ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function openKeySet({ config: { jwtJwks }, logger, wallMs }: AuthenticatorOptions): KeySet | undefined {
  if (jwtJwks === '') return undefined;
  return URL.canParse(jwtJwks) && /^https?:/.test(jwtJwks)
    ? new RemoteKeys({ url: jwtJwks, logger, now: wallMs })
    : new FileKeys(jwtJwks);
}
