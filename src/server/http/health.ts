/** GET /livez, /readyz and /metrics: what an orchestrator and a monitor ask. */
import type { ServerContext } from '../server-context.ts';
import { JSON_TYPE } from './errors.ts';

/** The process answers. Whether it should be sent requests is what readyz says. */
export function livez(): Response {
  return new Response(JSON.stringify({ status: 'alive' }), { headers: { 'content-type': JSON_TYPE } });
}

/** While the gateway starts, with what it waits for. */
export function readyz({ lifecycle, startup }: ServerContext): Response {
  const reason = lifecycle.unreadyReason();
  const starting =
    lifecycle.phase === 'starting' &&
    ({ startup: { waiting_for: startup.summary(), seconds: startup.seconds, models: startup.models() } } as const);
  const body = reason === undefined ? { status: 'ready' } : { status: 'not_ready', reason, ...starting };
  const status = reason === undefined ? 200 : 503;
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': JSON_TYPE } });
}

/** In the format that the request's header `accept` asks for. */
export async function exposeMetrics({ metrics }: ServerContext, accept: string | null): Promise<Response> {
  const { contentType, text } = await metrics.expose(accept);
  return new Response(text, { headers: { 'content-type': contentType } });
}
