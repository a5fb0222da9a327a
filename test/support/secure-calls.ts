/** Calls with headers and certificates of the test's choice, over both protocols, and an access file to call by. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type OutgoingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { hashApiKey, newApiKey } from '../../src/server/security/api-keys.ts';
import type { CallerLimits } from '../../src/server/security/principal.ts';
import { describeMethod } from '../../src/server/wire/schema.ts';
import { ROUTES, type RpcName, SERVICES } from './rpc-routes.ts';
import type { CertificateFiles } from './test-certificates.ts';
import type { TestGateway } from './test-gateway.ts';

export type Reply = {
  /** `ok`, or the error code; `status N` where an answer has none. */
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
};

export type CallerOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  /** Path of the authority that the gateway's certificate is checked by; without it there is no TLS. */
  readonly ca?: string;
  readonly certificate?: CertificateFiles;
};

export type Protocol = 'http' | 'grpc';
export const PROTOCOLS: readonly Protocol[] = ['http', 'grpc'];

type Addresses = Pick<TestGateway, 'http' | 'grpc'>;

/** One call on a connection of its own. */
export function callAs(
  protocol: Protocol,
  to: Addresses,
  call: CallerOptions & { readonly rpc: RpcName; readonly request?: object },
): Promise<Reply> {
  return protocol === 'http' ? overHttp(to, call) : overGrpc(to, call);
}

export const bearer = (text: string): CallerOptions => ({ headers: { authorization: `Bearer ${text}` } });

type Parameters = CallerOptions & { readonly rpc: RpcName; readonly request?: object };

async function overHttp(to: Addresses, { rpc, request = {}, ...caller }: Parameters): Promise<Reply> {
  const [method = '', template = ''] = ROUTES[rpc].split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((request as Record<string, unknown>)[name] ?? 'x')),
  );
  const body = method === 'POST' ? JSON.stringify(request) : undefined;
  const { status, headers, text } = await fetchFrom(to, { method, path, body, ...caller });
  const hint = headers['retry-after-ms'];
  const retryAfterMs = hint === undefined ? undefined : Number(hint);
  if (status === 200) return { code: 'ok', message: '', retryAfterMs };
  const { error = {} } = (text.startsWith('{') ? JSON.parse(text) : {}) as { error?: Record<string, string> };
  return { code: error['code'] ?? `status ${status}`, message: error['message'] ?? '', retryAfterMs };
}

export type HttpReply = {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
};

/** Any HTTP request; with `ca`, over TLS. */
export function fetchFrom(
  { http }: Pick<Addresses, 'http'>,
  options: CallerOptions & { readonly method?: string; readonly path: string; readonly body?: string | undefined },
): Promise<HttpReply> {
  const { ca, certificate, headers, method = 'GET', path, body } = options;
  const sent: OutgoingHttpHeaders = { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
  return new Promise((resolve, reject) => {
    const secure = { ...(ca !== undefined && { ca: readFileSync(ca) }), ...filesOf(certificate) };
    const send = ca === undefined ? plainRequest : tlsRequest;
    const url = (ca === undefined ? http : http.replace('http:', 'https:')) + path;
    const request = send(url, { method, agent: false, headers: sent, ...secure }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function overGrpc(
  { grpc }: Addresses,
  { rpc, request = {}, ca, certificate, headers = {} }: Parameters,
): Promise<Reply> {
  const { key, cert } = filesOf(certificate);
  const channel = ca === undefined ? credentials.createInsecure() : credentials.createSsl(readFileSync(ca), key, cert);
  const client = new Client(grpc, channel);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const [service = ''] = SERVICES[rpc].replace('lam.v1.', '').split('/');
  const type = describeMethod(service, rpc).request;
  const bytes = Buffer.from(type.encode(type.fromObject(request)).finish());
  return new Promise((resolve) => {
    const path = `/${SERVICES[rpc]}`;
    const identity = (buffer: Buffer) => buffer;
    const call = client.makeServerStreamRequest(path, identity, identity, bytes, metadata);
    const end = (reply: Reply) => {
      client.close();
      resolve(reply);
    };
    call.on('data', () => {});
    call.on('end', () => end({ code: 'ok', message: '', retryAfterMs: undefined }));
    call.on(
      'error',
      ({ metadata: trailers, details, code }: Error & { metadata: Metadata; details: string; code: number }) => {
        const [hint] = trailers.get('retry-after-ms');
        const named = String(trailers.get('lam-error-code')[0] ?? `status ${code}`);
        end({ code: named, message: details, retryAfterMs: hint === undefined ? undefined : Number(hint) });
      },
    );
  });
}

function filesOf(files: CertificateFiles | undefined): { readonly key?: Buffer; readonly cert?: Buffer } {
  return files === undefined ? {} : { key: readFileSync(files.key), cert: readFileSync(files.cert) };
}

export type KeyEntry = CallerLimits & {
  readonly scopes: readonly string[];
  readonly expires?: string;
};

/** An access file in a folder of its own, and the keys that it admits. */
export class TestAccess<Name extends string> implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lam-access-'));
  readonly path = join(this.#folder, 'access.json');
  readonly keys: Readonly<Record<Name, string>>;

  constructor(entries: Readonly<Record<Name, KeyEntry>>, certificates: readonly object[] = []) {
    const names = Object.keys(entries) as Name[];
    const keys = Object.fromEntries(names.map((name) => [name, newApiKey()])) as Record<Name, string>;
    const listed = names.map((name) => ({ name, sha256: hashApiKey(keys[name]).toString('hex'), ...entries[name] }));
    this.keys = keys;
    this.write(JSON.stringify({ keys: listed, certificates }));
  }

  write(text: string): void {
    writeFileSync(this.path, text);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
