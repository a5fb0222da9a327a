/** An authority and certificates for one test, made on the spot: none can leak from the repository, none runs out. */
import { generateKeyPairSync, type KeyObject, randomInt, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bitString, element, isTrue, octetString, oid, sequence, set, smallInteger, utcTime, utf8 } from './der.ts';

export type CertificateFiles = { readonly cert: string; readonly key: string };

export type IssueOptions = {
  /** Names of its files, and its common name. */
  readonly name: string;
  /** Alternative names; by default what a test connects to. */
  readonly uris?: readonly string[];
  /** When it ends, milliseconds from now; by default in an hour. */
  readonly endsInMs?: number;
};

type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
type Content = {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly endsMs: number;
  readonly extensions: readonly Buffer[];
};

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const HOUR_MS = 3_600_000;

export class TestAuthority implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'lam-tls-'));
  /** The authority's own certificate. */
  readonly ca = join(this.folder, 'ca.pem');
  readonly #keys = newKeys();
  readonly #name: string;

  constructor(name = 'test authority') {
    this.#name = name;
    const isAuthority = extension('2.5.29.19', sequence(isTrue()), { isCritical: true });
    this.#write(this.ca, { subject: name, publicKey: this.#keys.publicKey, extensions: [isAuthority] });
  }

  /** Writes `<name>.pem` and `<name>.key`, over what is there. */
  issue({ name, uris, endsInMs = HOUR_MS }: IssueOptions): CertificateFiles {
    const files = { cert: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
    const { publicKey, privateKey } = newKeys();
    const names = uris?.map((uri) => element(0x86, Buffer.from(uri))) ?? [
      element(0x82, Buffer.from('localhost')),
      element(0x87, Buffer.from([127, 0, 0, 1])),
    ];
    const extensions = [extension('2.5.29.17', sequence(...names))];
    this.#write(files.cert, { subject: name, publicKey, extensions }, Date.now() + endsInMs);
    writeFileSync(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return files;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(path: string, content: Omit<Content, 'issuer' | 'endsMs'>, endsMs = Date.now() + HOUR_MS): void {
    const body = toBeSigned({ ...content, issuer: this.#name, endsMs });
    const signature = sign('sha256', body, this.#keys.privateKey);
    writeFileSync(path, pem(sequence(body, ECDSA_SHA256, bitString(signature))));
  }
}

function newKeys(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

/** TBSCertificate of RFC 5280. */
function toBeSigned({ subject, issuer, publicKey, endsMs, extensions }: Content): Buffer {
  return sequence(
    element(0xa0, smallInteger(2)),
    smallInteger(randomInt(1, 128)),
    ECDSA_SHA256,
    commonName(issuer),
    sequence(utcTime(Date.now() - 48 * HOUR_MS), utcTime(endsMs)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...extensions)),
  );
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(name))));
}

function extension(id: string, value: Buffer, { isCritical = false } = {}): Buffer {
  return sequence(oid(id), ...(isCritical ? [isTrue()] : []), octetString(value));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
