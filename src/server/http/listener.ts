/** Node's HTTP server as it is exposed: over TLS or not, with bounds on headers, bodies and idle connections. */
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { createAdaptorServer } from '@hono/node-server';
import type { TlsIdentity } from '../security/tls.ts';
import type { ServerContext, TransportLimits } from '../server-context.ts';

/** How often Node looks for requests that are late, in milliseconds; so much longer a late one may live. */
const CHECK_MS = 1000;

export type Fetch = Parameters<typeof createAdaptorServer>[0]['fetch'];

/** Not listening yet. Follows the certificate. */
export function createListener(fetch: Fetch, { limits, security: { tls } }: ServerContext): Server {
  const serverOptions = boundsOf(limits);
  const server =
    tls === undefined
      ? (createAdaptorServer({ fetch, createServer, serverOptions }) as Server)
      : createTlsListener(fetch, tls, serverOptions);
  server.maxRequestsPerSocket = limits.maxRequestsPerConnection;
  return server;
}

function createTlsListener(fetch: Fetch, tls: TlsIdentity, bounds: ReturnType<typeof boundsOf>): TlsServer {
  const serverOptions = { ...bounds, ...tls.serverOptions, handshakeTimeout: bounds.headersTimeout };
  const server = createAdaptorServer({ fetch, createServer: createTlsServer, serverOptions }) as TlsServer;
  tls.onChange((context) => server.setSecureContext(context));
  return server;
}

function boundsOf({ maxHeaderBytes, headersTimeoutMs, requestTimeoutMs, idleTimeoutMs }: TransportLimits) {
  return {
    maxHeaderSize: maxHeaderBytes,
    // The header is a part of the request, so it cannot have longer.
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: CHECK_MS,
    keepAliveTimeout: idleTimeoutMs,
  };
}
