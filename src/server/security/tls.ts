/** The certificate of both ports, replaceable while connections are open. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { SecurityConfig } from './config-keys.ts';

export type TlsFiles = Pick<SecurityConfig, 'tlsCert' | 'tlsKey' | 'tlsClientCa' | 'tlsClientAuth'>;

/** What a TLS server is made with, whatever it serves. */
export type TlsServerOptions = SecureContextOptions & {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
};

/** Forward secrecy and authenticated encryption only: all of TLS 1.3, and of TLS 1.2 what is as good. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

type Material = { readonly context: SecureContextOptions; readonly expiresMs: number };

export class TlsIdentity {
  readonly #files: TlsFiles;
  readonly #nowMs: () => number;
  readonly #listeners: ((context: SecureContextOptions) => void)[] = [];
  #material: Material;

  /** `nowMs` is wall-clock time. Throws if the files hold no certificate that is valid now with its key. */
  constructor(files: TlsFiles, nowMs: () => number = Date.now) {
    this.#files = files;
    this.#nowMs = nowMs;
    this.#material = load(files, nowMs());
  }

  get serverOptions(): TlsServerOptions {
    const { tlsClientAuth } = this.#files;
    return {
      ...this.#material.context,
      requestCert: tlsClientAuth !== 'none',
      // With `request`, a certificate that nobody vouches for counts as none.
      rejectUnauthorized: tlsClientAuth === 'require',
    };
  }

  /** When the certificate ends, milliseconds since 1970. */
  get expiresMs(): number {
    return this.#material.expiresMs;
  }

  /** Told of each new certificate. Connections that are open keep theirs. */
  onChange(listener: (context: SecureContextOptions) => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the files again. Throws and keeps the old certificate if the new one is not valid. */
  reload(): void {
    this.#material = load(this.#files, this.#nowMs());
    for (const listener of this.#listeners) listener(this.#material.context);
  }
}

function load({ tlsCert, tlsKey, tlsClientCa, tlsClientAuth }: TlsFiles, nowMs: number): Material {
  const cert = readFileSync(tlsCert, 'utf8');
  const key = readFileSync(tlsKey, 'utf8');
  const [leaf] = certificates(tlsCert, cert);
  const expiresMs = Date.parse(leaf.validTo);
  if (expiresMs <= nowMs) throw new Error(`${tlsCert}: expired at ${new Date(expiresMs).toISOString()}`);
  if (Date.parse(leaf.validFrom) > nowMs) throw new Error(`${tlsCert}: not valid before ${leaf.validFrom}`);
  if (!leaf.checkPrivateKey(privateKey(tlsKey, key))) throw new Error(`${tlsKey}: not the key of ${tlsCert}`);
  const ca = tlsClientAuth === 'none' ? undefined : readFileSync(tlsClientCa, 'utf8');
  if (ca !== undefined) certificates(tlsClientCa, ca);
  const context: SecureContextOptions = {
    cert,
    key,
    ...(ca !== undefined && { ca }),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
  };
  createSecureContext(context);
  return { context, expiresMs };
}

/** OpenSSL would pass over what it cannot read. */
function certificates(path: string, pem: string): [X509Certificate, ...X509Certificate[]] {
  try {
    const [first, ...rest] = (pem.match(PEM_CERTIFICATE) ?? []).map((block) => new X509Certificate(block));
    if (first !== undefined) return [first, ...rest];
  } catch {
    throw new Error(`${path}: a certificate in it cannot be read`);
  }
  throw new Error(`${path}: holds no certificate in PEM`);
}

/** The reason of a failure is not told: it might quote the key. */
function privateKey(path: string, pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`${path}: holds no private key in PEM without a passphrase`);
  }
}
