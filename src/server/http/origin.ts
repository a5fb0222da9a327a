/** Where an HTTP request came from. */
import { TLSSocket } from 'node:tls';
import type { HttpBindings } from '@hono/node-server';
import { formatAddress } from '../address.ts';
import type { Origin } from '../call.ts';
import { readCertificate } from '../security/certificates.ts';

/** What the adapter hands on of Node's own request; absent in tests without a socket. */
export type Bindings = Partial<HttpBindings>;

export function httpOrigin({ headers }: Request, { incoming }: Bindings = {}): Origin {
  const socket = incoming?.socket;
  const { remoteAddress, remotePort } = socket ?? {};
  return {
    protocol: 'http',
    header: (name) => headers.get(name) ?? undefined,
    peer: remoteAddress === undefined ? '' : formatAddress(remoteAddress, remotePort ?? 0),
    certificate: () =>
      socket instanceof TLSSocket && socket.authorized ? readCertificate(socket.getPeerCertificate()) : undefined,
  };
}
