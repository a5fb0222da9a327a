/** GET /v1/models */
import type { ServerContext } from '../server-context.ts';
import { JSON_TYPE } from './errors.ts';

export function listModels({ actions }: ServerContext): Response {
  return new Response(JSON.stringify(actions.listModels()), { headers: { 'content-type': JSON_TYPE } });
}
