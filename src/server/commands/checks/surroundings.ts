/** Whether what a configuration names outside the gateway is there: ports, files, and what is in them. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import pino from 'pino';
import type { Config } from '../../config.ts';
import type { KeyName } from '../../config-keys.ts';
import { PolicyStore } from '../../policy/policy-store.ts';
import { Security } from '../../security/security.ts';
import { type Finding, failed, messageOf, ok } from './check.ts';

/** Files that are read. */
const FILES = [
  'accessFile',
  'tlsCert',
  'tlsKey',
  'tlsClientCa',
  'policyFile',
  'redisPasswordFile',
  'auditKeyFile',
  'otlpHeadersFile',
] as const satisfies readonly KeyName[];

export async function* checkSurroundings(config: Config): AsyncGenerator<Finding> {
  yield* checkFiles(config);
  yield content('policy', () => void new PolicyStore(config.policyFile), config.policyFile || 'the built-in one');
  const logger = pino({ level: 'silent' });
  const access = [config.accessFile, config.jwtJwks, config.tlsCert].filter((name) => name !== '');
  yield content(
    'security',
    () => void new Security({ config, logger }),
    access.join(', ') || 'no authentication, no TLS',
  );
  yield await port(config, 'httpPort');
  yield await port(config, 'grpcPort');
}

async function* checkFiles(config: Config): AsyncGenerator<Finding> {
  for (const key of FILES) {
    const path = config[key];
    if (path === '') continue;
    const problem = await access(path, constants.R_OK).then(() => undefined, messageOf);
    yield problem === undefined ? ok(key, path) : failed(key, `it cannot be read: ${problem}`);
  }
  if (config.auditFile === '') return;
  const folder = dirname(config.auditFile);
  const problem = await access(folder, constants.W_OK).then(() => undefined, messageOf);
  yield problem === undefined
    ? ok('auditFile', `${folder} can be written`)
    : failed('auditFile', `${folder} cannot be written: ${problem}; make it, or let this user write there`);
}

function content(subject: string, read: () => void, text: string): Finding {
  try {
    read();
    return ok(subject, text);
  } catch (error) {
    return failed(subject, messageOf(error));
  }
}

/** Listens there for a moment. */
async function port(config: Config, key: 'httpPort' | 'grpcPort'): Promise<Finding> {
  const number = config[key];
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(number, config.host, resolve);
    });
    return ok(key, number === 0 ? 'any free port' : `${config.host}:${number} is free`);
  } catch (error) {
    return failed(key, `${messageOf(error)}; stop what listens there, or set ${key} or host`);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
