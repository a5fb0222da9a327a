/** TLS on both ports: certificates of the gateway and of clients, and their exchange while connections are open. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request as tlsRequest } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { Client, credentials } from '@grpc/grpc-js';
import type { Config } from '../../src/server/config.ts';
import { aRequest } from '../contract/requests.ts';
import { SERVICES } from '../support/rpc-routes.ts';
import { callAs, PROTOCOLS, type Protocol, TestAccess } from '../support/secure-calls.ts';
import { TestAuthority } from '../support/test-certificates.ts';
import { type TestGateway, testConfig, testGateway } from '../support/test-gateway.ts';

const PREDICT = { rpc: 'PredictAction', request: aRequest() } as const;

function tlsConfig(authority: TestAuthority, overrides: Partial<Config> = {}): Partial<Config> {
  const { cert, key } = authority.issue({ name: 'gateway' });
  return { tlsCert: cert, tlsKey: key, ...overrides };
}

function portOf(protocol: Protocol, { http, grpc }: TestGateway): number {
  return Number((protocol === 'http' ? http : grpc).split(':').at(-1));
}

/** Resolves with the socket once the handshake is done, or rejects. */
function handshake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options }, () => resolve(socket));
    socket.on('error', reject);
  });
}

/** Of the certificate that a new connection is shown. */
async function fingerprintOf(port: number, ca: string): Promise<string> {
  const socket = await handshake(port, { ca: readFileSync(ca), ALPNProtocols: ['h2', 'http/1.1'] });
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

for (const protocol of PROTOCOLS) {
  test(`${protocol}: a client that trusts the authority is served over TLS, in clear text nobody is`, async () => {
    using authority = new TestAuthority();
    using other = new TestAuthority('another authority');
    await using gw = await testGateway({ config: tlsConfig(authority) });
    assert.equal((await callAs(protocol, gw, { ...PREDICT, ca: authority.ca })).code, 'ok');
    const codeOf = (ca?: string) =>
      callAs(protocol, gw, { ...PREDICT, ...(ca !== undefined && { ca }) }).then(
        ({ code }) => code,
        () => 'failed',
      );
    assert.match(await codeOf(), /^(failed|status 14)$/);
    assert.match(await codeOf(other.ca), /^(failed|status 14)$/);
  });

  test(`${protocol}: TLS 1.1 and ciphers without forward secrecy are refused`, async () => {
    using authority = new TestAuthority();
    await using gw = await testGateway({ config: tlsConfig(authority) });
    const port = portOf(protocol, gw);
    const ca = readFileSync(authority.ca);
    for (const options of [
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' },
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
    ] as const) {
      await assert.rejects(handshake(port, { ca, ...options }));
    }
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await handshake(port, { ca, maxVersion });
      assert.equal(socket.getProtocol(), maxVersion);
      socket.destroy();
    }
  });

  test(`${protocol}: a certificate of a client is its name and its scopes; one that nobody vouches for is none`, async () => {
    using authority = new TestAuthority();
    using other = new TestAuthority('another authority');
    using access = new TestAccess({}, [
      { name: 'desk-17', subject: 'CN=desk-17', scopes: ['predict'] },
      { name: 'monitor', san: 'URI:spiffe://example/monitor', scopes: ['scrape'] },
    ]);
    const client = { tlsClientCa: authority.ca, tlsClientAuth: 'request', accessFile: access.path } as const;
    await using gw = await testGateway({ config: tlsConfig(authority, client) });
    const codeOf = async (certificate?: { cert: string; key: string }) =>
      (await callAs(protocol, gw, { ...PREDICT, ca: authority.ca, ...(certificate && { certificate }) })).code;
    assert.equal(await codeOf(authority.issue({ name: 'desk-17' })), 'ok');
    assert.equal(await codeOf(authority.issue({ name: 'x', uris: ['spiffe://example/monitor'] })), 'permission_denied');
    assert.equal(await codeOf(authority.issue({ name: 'desk-18' })), 'unauthenticated');
    assert.equal(await codeOf(other.issue({ name: 'desk-17' })), 'unauthenticated');
    assert.equal(await codeOf(), 'unauthenticated');
  });

  test(`${protocol}: where certificates are required, no connection is made without a good one`, async () => {
    using authority = new TestAuthority();
    using other = new TestAuthority('another authority');
    const client = { tlsClientCa: authority.ca, tlsClientAuth: 'require', anonymous: 'any' } as const;
    await using gw = await testGateway({ config: tlsConfig(authority, client) });
    const codeOf = (certificate?: { cert: string; key: string }) =>
      callAs(protocol, gw, { ...PREDICT, ca: authority.ca, ...(certificate && { certificate }) }).then(
        ({ code }) => code,
        () => 'failed',
      );
    assert.equal(await codeOf(authority.issue({ name: 'desk-17' })), 'ok');
    const expired = authority.issue({ name: 'expired', endsInMs: -60_000 });
    for (const certificate of [undefined, other.issue({ name: 'desk-17' }), expired]) {
      assert.match(await codeOf(certificate), /^(failed|status 14)$/);
    }
    assert.equal(gw.runtime.calls.length, 1);
  });

  test(`${protocol}: a new certificate is for new connections; a bad one leaves the old one and is reported`, async () => {
    using authority = new TestAuthority();
    const config = tlsConfig(authority);
    await using gw = await testGateway({ config });
    const reload = () => gw.gateway.reload(() => testConfig(config));
    await using open = protocol === 'http' ? openHttp(gw, authority.ca) : openGrpc(gw, authority.ca);
    await open.ask();
    const port = portOf(protocol, gw);
    const first = await fingerprintOf(port, authority.ca);
    writeFileSync(String(config.tlsCert), 'half writt');
    assert.deepEqual(await reload(), ['tls']);
    assert.equal(await fingerprintOf(port, authority.ca), first);
    authority.issue({ name: 'gateway' });
    assert.deepEqual(await reload(), []);
    assert.notEqual(await fingerprintOf(port, authority.ca), first);
    await open.ask();
    assert.equal(open.connections(), 1, 'the connection that was open before is still used');
    const left = async () => {
      const { text } = await gw.gateway.metrics();
      return Number(/^lam_gateway_tls_certificate_remaining_seconds (\S+)$/m.exec(text)?.[1]);
    };
    const before = await left();
    authority.issue({ name: 'gateway', endsInMs: 7_200_000 });
    assert.deepEqual(await reload(), []);
    const after = await left();
    assert.ok(before > 0 && before <= 3600 && after > 3600 && after <= 7200, `${before}, then ${after} seconds`);
  });
}

test('a handshake that is not finished in time, and one under way at the close, end', async () => {
  using authority = new TestAuthority();
  const gw = await testGateway({ config: tlsConfig(authority, { headersTimeoutMs: 100 }) });
  for (const protocol of PROTOCOLS) {
    const socket = connectPlain(portOf(protocol, gw), '127.0.0.1');
    await new Promise((closed) =>
      socket
        .on('error', () => {})
        .on('close', closed)
        .resume(),
    );
  }
  await using slow = await testGateway({ config: tlsConfig(authority) });
  const closed = PROTOCOLS.map((protocol) => {
    const socket = connectPlain(portOf(protocol, slow), '127.0.0.1');
    return new Promise((resolve) =>
      socket
        .on('error', () => {})
        .on('close', resolve)
        .resume(),
    );
  });
  await slow.gateway.close({ timeoutMs: 0 });
  await Promise.all(closed);
  await gw[Symbol.asyncDispose]();
});

type Open = AsyncDisposable & { ask(): Promise<void>; connections(): number };

/** Asks over one connection that is kept open. */
function openHttp({ http }: TestGateway, ca: string): Open {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(ca) });
  const sockets = new Set<unknown>();
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        const request = tlsRequest(`${http.replace('http:', 'https:')}/v1/models`, { agent }, (response) => {
          response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(response.statusCode)));
        });
        request.on('socket', (socket) => sockets.add(socket)).on('error', reject);
        request.end();
      }),
    connections: () => sockets.size,
    [Symbol.asyncDispose]: async () => agent.destroy(),
  };
}

function openGrpc({ grpc }: TestGateway, ca: string): Open {
  const client = new Client(grpc, credentials.createSsl(readFileSync(ca)));
  const peers = new Set<string>();
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        const identity = (bytes: Buffer) => bytes;
        const path = `/${SERVICES.ListModels}`;
        const call = client.makeUnaryRequest(path, identity, identity, Buffer.alloc(0), (error) =>
          error === null ? resolve() : reject(error),
        );
        call.on('metadata', () => peers.add(call.getPeer()));
      }),
    connections: () => peers.size,
    [Symbol.asyncDispose]: async () => client.close(),
  };
}
