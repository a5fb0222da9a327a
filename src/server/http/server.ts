/** The HTTP server: routes, and what happens to everything that is not one. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Handler, Hono } from 'hono';
import { GatewayError } from '../../runtime/index.ts';
import { formatAddress } from '../address.ts';
import { FLUSH_MS, type ServerContext } from '../server-context.ts';
import { errorResponse, httpErrorResponse } from './errors.ts';
import { exposeMetrics, livez, readyz } from './health.ts';
import { listModels } from './models.ts';
import { predictAction } from './predict-action.ts';

export class HttpServer {
  readonly #server: Server;

  constructor(context: ServerContext) {
    this.#server = createAdaptorServer({ fetch: createApp(context).fetch }) as Server;
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
    const timer = setTimeout(() => this.#server.closeAllConnections(), FLUSH_MS);
    await new Promise((resolve) => this.#server.close(resolve));
    clearTimeout(timer);
  }
}

/** Exported for tests that need no socket. */
export function createApp(context: ServerContext): Hono {
  const app = new Hono();
  const route = (method: 'GET' | 'POST', path: string, handler: Handler) => {
    app.on(method, path, handler);
    app.all(path, () => methodNotAllowed(method));
  };
  route('POST', '/v1/actions:predict', (c) => predictAction(c.req.raw, context));
  route('GET', '/v1/models', () => listModels(context));
  route('GET', '/livez', livez);
  route('GET', '/readyz', () => readyz(context));
  route('GET', '/metrics', () => exposeMetrics(context));
  app.notFound((c) => httpErrorResponse(404, { code: 'not_found', message: `no such path: ${c.req.path}` }));
  app.onError((thrown) => errorResponse(GatewayError.from(thrown), ''));
  return app;
}

function methodNotAllowed(allowed: string): Response {
  const error = { code: 'method_not_allowed', message: `use ${allowed}` } as const;
  return httpErrorResponse(405, error, { allow: allowed });
}
