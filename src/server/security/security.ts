/** Authentication, scopes and limits of callers, as hooks of every call and for routes that are no rpc. */
import type { Logger } from 'pino';
import { GatewayError, monotonicMs } from '../../runtime/index.ts';
import { hostOf } from '../address.ts';
import type { Call, Origin, Permission } from '../call.ts';
import type { Gate, Observer } from '../hooks.ts';
import type { Reloadable } from '../reload/reloads.ts';
import { Authenticator } from './authenticator.ts';
import { CallerMeter, type Lease } from './caller-meter.ts';
import { resolveAnonymous, type SecurityConfig } from './config-keys.ts';
import { FailureMeter } from './failure-meter.ts';
import type { Principal } from './principal.ts';
import { TlsIdentity } from './tls.ts';

export type SecurityOptions = {
  readonly config: SecurityConfig;
  readonly logger: Logger;
  /** Wall-clock time in milliseconds since 1970. */
  readonly wallMs?: () => number;
};

export class Security {
  readonly tls: TlsIdentity | undefined;
  readonly #config: SecurityConfig;
  readonly #logger: Logger;
  readonly #authenticator: Authenticator;
  readonly #callers = new CallerMeter();
  readonly #failures: FailureMeter;
  readonly #leases = new WeakMap<Call, Lease>();
  /** Made on behalf of another call, and thus under way already, as that one. */
  readonly #nested = new WeakSet<Call>();
  /** Callers that were looked at before their message had arrived, so that this is done once. */
  readonly #screened = new WeakMap<Origin, Principal>();

  /** Throws if a file that the configuration names is not acceptable. */
  constructor({ config, logger, wallMs = Date.now }: SecurityOptions) {
    this.#config = config;
    this.#logger = logger;
    this.#authenticator = new Authenticator({ config, logger, wallMs });
    this.#failures = new FailureMeter(config.authFailuresPerMinute);
    this.tls = config.tlsCert === '' ? undefined : new TlsIdentity(config, wallMs);
    logger.info({
      event: 'security',
      anonymous: resolveAnonymous(config),
      access_file: config.accessFile !== '',
      tokens: config.jwtJwks !== '',
      tls: this.tls !== undefined,
      client_certificates: config.tlsClientAuth,
      ...(this.tls && { certificate_expires: new Date(this.tls.expiresMs).toISOString() }),
    });
  }

  /** Puts the principal on the call, checks its scope, and counts the call against the caller's limits. */
  readonly gate: Gate = {
    name: 'security',
    check: async (call) => {
      const principal = await this.authorize(call.origin, call.permission);
      call.principal = principal;
      this.#callers.countCall(principal, monotonicMs());
      if (!this.#nested.has(call)) this.#leases.set(call, this.#callers.lease(principal));
    },
  };

  /** Ends what the gate began. */
  readonly observer: Observer = {
    name: 'security',
    onBegin: (call, parent) => {
      if (parent !== undefined) this.#nested.add(call);
    },
    onFinish: (call) => this.#leases.get(call)?.[Symbol.dispose](),
  };

  /** Throws `unauthenticated`, `permission_denied`, or `rate_limited` for too many wrong credentials. */
  async authorize(origin: Origin, permission: Permission): Promise<Principal> {
    const principal = this.#screened.get(origin) ?? (await this.#authenticate(origin));
    // Once: a stream stays open longer than a credential may be good.
    this.#screened.delete(origin);
    if (principal.scopes.includes(permission)) return principal;
    this.#report(origin, { event: 'permission_denied', caller: principal.name, permission });
    throw new GatewayError('permission_denied', `this caller may not ${permission}`);
  }

  /** Looks at the credentials alone, before more of the request is read. Whether they are good enough for a call. */
  async screen(origin: Origin): Promise<boolean> {
    try {
      this.#screened.set(origin, await this.#authenticator.authenticate(origin));
      return true;
    } catch {
      return false;
    }
  }

  /** Calls of the caller with this name that are under way. */
  activeCalls(name: string): number {
    return this.#callers.active(name);
  }

  /** What can be read again while calls are under way: each takes effect whole, or throws and leaves what was. */
  get reloadables(): readonly Reloadable<unknown>[] {
    const { accessFile, jwtJwks } = this.#config;
    const { tls } = this;
    const authenticator = this.#authenticator;
    return [
      ...(accessFile === '' ? [] : [{ name: 'access_file', reload: () => authenticator.reloadCallers() }]),
      ...(jwtJwks === '' ? [] : [{ name: 'token_keys', reload: () => authenticator.reloadTokenKeys() }]),
      ...(tls === undefined ? [] : [{ name: 'tls', reload: () => tls.reload() }]),
    ];
  }

  async #authenticate(origin: Origin): Promise<Principal> {
    try {
      return await this.#authenticator.authenticate(origin);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (error.code !== 'unauthenticated') throw error;
      const waitMs = this.#report(origin, { event: 'authentication_failed', reason: error.message });
      if (waitMs === 0) throw error;
      throw new GatewayError('rate_limited', 'too many wrong credentials from this address', { retryAfterMs: waitMs });
    }
  }

  /** One line, unless the address has had its share of them: then how long it should wait, in milliseconds. */
  #report({ peer, protocol }: Origin, event: Readonly<Record<string, string>>): number {
    const address = hostOf(peer);
    const waitMs = this.#failures.count(address, monotonicMs());
    if (waitMs === 0) this.#logger.warn({ ...event, address, protocol });
    return waitMs;
  }
}
