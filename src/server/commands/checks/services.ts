/** Whether the services that a configuration names answer: Redis and the collector of traces. */
import { readFileSync } from 'node:fs';
import pino from 'pino';
import type { Config } from '../../config.ts';
import { Redis } from '../../redis/redis.ts';
import { redactValue } from '../../security/redact.ts';
import { readHeaders, tracesUrl } from '../../tracing/telemetry.ts';
import { type Finding, failed, messageOf, ok, warning } from './check.ts';

const COLLECTOR_TIMEOUT_MS = 5000;

export async function* checkServices(config: Config): AsyncGenerator<Finding> {
  if (config.episodeStore === 'redis') yield await redis(config);
  if (config.otlpEndpoint !== '') yield await collector(config);
}

async function redis({ redisUrl, redisPasswordFile, redisTimeoutMs }: Config): Promise<Finding> {
  const subject = String(redactValue(redisUrl));
  // Of the first error that the connection logs: a command says only that there is no connection.
  let reason: string | undefined;
  const logger = pino({ level: 'error' }, { write: (line) => (reason ??= JSON.parse(line).err?.message) });
  try {
    const password =
      redisPasswordFile === '' ? undefined : readFileSync(redisPasswordFile, 'utf8').replace(/\r?\n$/, '');
    await using connection = new Redis({ url: redisUrl, password, logger, timeoutMs: redisTimeoutMs });
    await connection.connect();
    await connection.run((client) => client.ping());
    return ok('redisUrl', `${subject} answers`);
  } catch (error) {
    const problem = `${subject}: ${messageOf(reason ?? error)}`;
    return failed('redisUrl', `${problem}; until it answers, requests with a session_id are refused`);
  }
}

/** Sends no spans. A collector that is away loses traces and nothing else. */
async function collector({ otlpEndpoint, otlpHeadersFile }: Config): Promise<Finding> {
  let headers: Record<string, string>;
  try {
    headers = readHeaders(otlpHeadersFile);
  } catch (error) {
    return failed('otlpHeadersFile', messageOf(error));
  }
  try {
    const { ok: isAccepted, status } = await fetch(tracesUrl(otlpEndpoint), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
      signal: AbortSignal.timeout(COLLECTOR_TIMEOUT_MS),
    });
    if (isAccepted) return ok('otlpEndpoint', `${otlpEndpoint} takes traces`);
    return warning('otlpEndpoint', `${otlpEndpoint} answers ${status} to traces; they will be lost`);
  } catch (error) {
    const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return warning('otlpEndpoint', `${otlpEndpoint}: ${messageOf(reason)}; traces will be lost`);
  }
}
