/** Configuration keys of security: who may call, over which connections, within which limits. */
import { isIP } from 'node:net';
import { bytes, integer, type Key, MILLISECONDS, oneOf, someOf, string } from '../config-key.ts';
import { SCOPES } from './principal.ts';

/**
 * Who is served without credentials.
 * - never: nobody
 * - loopback: who calls from this machine
 * - any: everybody; for networks that do the authentication themselves, such as a service mesh
 * - auto: loopback as long as no authentication is configured, else never
 */
export const ANONYMOUS = ['auto', 'never', 'loopback', 'any'] as const;
export type Anonymous = (typeof ANONYMOUS)[number];

/** Signatures by a key pair: a gateway that can verify a token cannot make one. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

export const TLS_CLIENT_AUTH = ['none', 'request', 'require'] as const;

export const SECURITY_KEYS = {
  anonymous: oneOf(
    ANONYMOUS,
    'auto',
    'who is served without credentials: never, loopback, any; auto: loopback while no authentication is configured, else never',
  ),
  anonymousScopes: someOf(SCOPES, SCOPES, 'what those may do'),
  accessFile: string('', 'YAML or JSON file of API keys and client certificates; empty: none'),
  jwtJwks: string('', 'key set that signs tokens (JWKS): a file or an https URL; empty: no tokens'),
  jwtIssuer: string('', 'required issuer of tokens (iss)'),
  jwtAudience: string('', 'required audience of tokens (aud)'),
  jwtAlgorithms: someOf(JWT_ALGORITHMS, ['RS256', 'ES256', 'EdDSA'], 'algorithms that may sign tokens'),
  jwtScopesClaim: string('scope', 'claim of a token that lists what it permits; scp is read where scope is absent'),
  jwtScopePrefix: string('', 'what precedes predict, operate and scrape in that claim, for example lam:'),
  jwtClockSkewMs: integer(
    [0, 600_000],
    30_000,
    'how far the clock of the issuer of tokens may be off, in milliseconds',
  ),
  authFailuresPerMinute: integer(
    [1, 1_000_000],
    60,
    'wrong credentials per address and minute that are answered and logged as such; more are told to wait',
  ),
  tlsCert: string('', 'PEM file: certificate chain of both ports; empty: no TLS'),
  tlsKey: string('', 'PEM file: private key of that certificate'),
  tlsClientCa: string('', 'PEM file: authorities that sign client certificates'),
  tlsClientAuth: oneOf(TLS_CLIENT_AUTH, 'none', 'client certificates: none, request, require'),
  maxHeaderBytes: bytes([1024, 1 << 20], 16 << 10, 'largest header of an HTTP request, and metadata of a gRPC call'),
  headersTimeoutMs: integer(MILLISECONDS, 10_000, 'time for a TLS handshake, and for the header of an HTTP request'),
  requestTimeoutMs: integer(MILLISECONDS, 60_000, 'time for a whole request to arrive, in milliseconds'),
  idleTimeoutMs: integer(MILLISECONDS, 300_000, 'a connection without requests is closed after as many milliseconds'),
  maxConnections: integer([1, 1_000_000], 10_000, 'connections at once, per port'),
  maxConnectionsPerPeer: integer([1, 1_000_000], 2_000, 'connections at once from one address, per port'),
  maxRequestsPerConnection: integer(
    [0, 1_000_000_000],
    0,
    'HTTP requests over one connection, so that clients spread out again; 0: no limit',
  ),
  maxStreamsPerConnection: integer(
    [1, 1_000_000],
    10_000,
    'gRPC calls at once over one connection; a proxy carries many agents over one',
  ),
} as const;

export type SecurityConfig = {
  readonly [K in keyof typeof SECURITY_KEYS]: (typeof SECURITY_KEYS)[K] extends Key<infer T> ? T : never;
};

type Problem = readonly [key: keyof SecurityConfig | 'host', problem: string];

/** Whether callers can prove who they are. */
export function isAuthenticationConfigured({ accessFile, jwtJwks }: SecurityConfig): boolean {
  return accessFile !== '' || jwtJwks !== '';
}

/** What `anonymous` means in this configuration. */
export function resolveAnonymous(config: SecurityConfig): Exclude<Anonymous, 'auto'> {
  if (config.anonymous !== 'auto') return config.anonymous;
  return isAuthenticationConfigured(config) ? 'never' : 'loopback';
}

/** Rules over several keys. */
export function securityProblems(config: SecurityConfig & { readonly host: string }): readonly Problem[] {
  return [...hostProblems(config), ...jwtProblems(config), ...tlsProblems(config)];
}

function hostProblems(config: SecurityConfig & { readonly host: string }): readonly Problem[] {
  const isConfigured = isAuthenticationConfigured(config);
  if (config.anonymous === 'never' && !isConfigured) {
    return [['anonymous', 'nobody could call: configure accessFile or jwtJwks']];
  }
  if (isConfigured || config.anonymous === 'any' || isLoopback(config.host)) return [];
  const problem =
    'others than this machine could call, and no authentication is configured: set accessFile or jwtJwks, ' +
    'or anonymous to any if something in front of the gateway decides who may call';
  return [['host', problem]];
}

function jwtProblems({ jwtJwks, jwtIssuer, jwtAudience }: SecurityConfig): readonly Problem[] {
  if (jwtJwks === '') return [];
  const problems: Problem[] = [];
  // Without them a token that was made for another service would be accepted.
  if (jwtIssuer === '') problems.push(['jwtIssuer', 'required with jwtJwks']);
  if (jwtAudience === '') problems.push(['jwtAudience', 'required with jwtJwks']);
  if (/^\w+:\/\//.test(jwtJwks) && !isSafeUrl(jwtJwks)) {
    problems.push(['jwtJwks', 'expected a file, an https URL, or an http URL of this machine; no user, no password']);
  }
  return problems;
}

function tlsProblems({ tlsCert, tlsKey, tlsClientCa, tlsClientAuth }: SecurityConfig): readonly Problem[] {
  const problems: Problem[] = [];
  if (tlsCert !== '' && tlsKey === '') problems.push(['tlsKey', 'required with tlsCert']);
  if (tlsCert === '' && tlsKey !== '') problems.push(['tlsCert', 'required with tlsKey']);
  if (tlsClientAuth !== 'none' && tlsClientCa === '') problems.push(['tlsClientCa', 'required with tlsClientAuth']);
  if (tlsClientAuth !== 'none' && tlsCert === '') problems.push(['tlsClientAuth', 'without tlsCert there is no TLS']);
  if (tlsClientAuth === 'none' && tlsClientCa !== '') {
    problems.push(['tlsClientCa', 'not used: set tlsClientAuth to request or require']);
  }
  return problems;
}

/** Whoever can change the answer on its way can sign tokens. */
function isSafeUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** An address of this machine only. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:/i, '');
  if (isIP(bare) === 4) return bare.startsWith('127.');
  return bare === '::1' || bare.toLowerCase() === 'localhost';
}
