/** The HTTP server: routes, and what happens to everything that is not one. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Handler, Hono } from 'hono';
import { GatewayError, monotonicMs } from '../../runtime/index.ts';
import { formatAddress } from '../address.ts';
import { Connections } from '../security/connections.ts';
import { FLUSH_MS, type ServerContext } from '../server-context.ts';
import { errorResponse, httpErrorResponse } from './errors.ts';
import { exposeMetrics, livez, readyz } from './health.ts';
import { createListener } from './listener.ts';
import { type Bindings, httpOrigin } from './origin.ts';
import { Routes } from './routes.ts';
import { handleRpc } from './rpc-handler.ts';

export class HttpServer {
  readonly #server: Server;
  readonly #connections: Connections;

  constructor(context: ServerContext) {
    this.#server = createListener(createApp(context).fetch, context);
    this.#connections = new Connections(context.limits, context.logger, monotonicMs);
    this.#connections.guard(this.#server);
    context.metrics.watchConnections('http', this.#connections);
  }

  /** Resolves with the `host:port` that was bound; port 0 picks a free one. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve(formatAddress(host, (this.#server.address() as AddressInfo).port));
      });
    });
  }

  /** Answers that are being written are finished; then every connection is closed. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const timer = setTimeout(() => this.#connections.destroyAll(), FLUSH_MS);
    await new Promise((resolve) => this.#server.close(resolve));
    clearTimeout(timer);
  }
}

/** Exported for tests that need no socket. */
export function createApp(context: ServerContext): Hono<Environment> {
  const app = new Hono<Environment>();
  const routes = new Routes(context.rpcs);
  const probe = (path: string, handler: Handler) => {
    app.get(path, handler);
    app.all(path, () => methodNotAllowed(['GET']));
  };
  probe('/livez', livez);
  probe('/readyz', () => readyz(context));
  probe('/metrics', async (c) => {
    await context.security.authorize(httpOrigin(c.req.raw, c.env), 'scrape');
    return exposeMetrics(context, c.req.raw.headers.get('accept'));
  });
  app.all('*', (c) => {
    const request = c.req.raw;
    const path = pathOf(request.url);
    const match = routes.find(path);
    if (match === undefined) return httpErrorResponse(404, { code: 'not_found', message: `no such path: ${path}` });
    const rpc = match.rpcs[request.method === 'HEAD' ? 'GET' : request.method];
    if (rpc === undefined) return methodNotAllowed(Object.keys(match.rpcs));
    return handleRpc({ rpc, params: match.params, request, origin: httpOrigin(request, c.env) }, context);
  });
  app.onError((thrown) => errorResponse(GatewayError.from(thrown), ''));
  return app;
}

type Environment = { readonly Bindings: Bindings };

/** As it was sent: a parameter is decoded by itself, so that it may hold a slash. */
function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? '';
}

function methodNotAllowed(allowed: readonly string[]): Response {
  const error = { code: 'method_not_allowed', message: `use ${allowed.join(' or ')}` } as const;
  return httpErrorResponse(405, error, { allow: allowed.join(', ') });
}
