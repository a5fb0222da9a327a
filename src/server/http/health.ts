/** GET /livez, /readyz and /metrics: what an orchestrator and a monitor ask. */
import type { ServerContext } from '../server-context.ts';
import { JSON_TYPE } from './errors.ts';

/** The process answers. Whether it should be sent requests is what readyz says. */
export function livez(): Response {
  return new Response(JSON.stringify({ status: 'alive' }), { headers: { 'content-type': JSON_TYPE } });
}

export function readyz({ lifecycle }: ServerContext): Response {
  const reason = lifecycle.unreadyReason();
  const body = reason === undefined ? { status: 'ready' } : { status: 'not_ready', reason };
  const status = reason === undefined ? 200 : 503;
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': JSON_TYPE } });
}

export async function exposeMetrics({ metrics }: ServerContext): Promise<Response> {
  const { contentType, text } = await metrics.expose();
  return new Response(text, { headers: { 'content-type': contentType } });
}
