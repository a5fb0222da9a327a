/** Asks a running gateway over HTTP. */
import { readFileSync } from 'node:fs';
import { GatewayError, invalid } from '../../runtime/index.ts';

export type Remote = {
  /** `http://host:port` */
  readonly url: string;
  /** Holds an API key or a token; undefined: none is sent. */
  readonly keyFile: string | undefined;
};

/** Undefined without --url. Throws `GatewayError` (`invalid_request`). */
export function remoteOf(values: ReadonlyMap<string, string>): Remote | undefined {
  const url = values.get('url');
  if (url === undefined) return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw invalid('--url', 'expected http://host:port');
  return { url, keyFile: values.get('key-file') };
}

/** Sends `body` (undefined: GET) and resolves with the answer. Throws `GatewayError` with what the gateway says. */
export async function askRemote({ url, keyFile }: Remote, path: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (keyFile !== undefined) headers['authorization'] = `Bearer ${readKey(keyFile)}`;
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(new URL(path, url), request);
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new GatewayError('unavailable', `${url} cannot be reached: ${reason}`, { cause });
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { error } = answer as { error?: { code?: string; message?: string } };
  const text = error?.message ?? response.statusText;
  throw new GatewayError('failed_precondition', `${url} answers ${response.status} ${error?.code ?? ''}: ${text}`);
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw invalid('--key-file', cause instanceof Error ? cause.message : String(cause));
  }
}
