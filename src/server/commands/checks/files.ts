/** Whether the files that a configuration names are there and acceptable: one finding for each. Reads them as serving does. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import pino from 'pino';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { acquireLock } from '../../audit/lock.ts';
import { Segments } from '../../audit/segments.ts';
import type { Config } from '../../config.ts';
import { packageVersion } from '../../package-root.ts';
import { PolicyStore } from '../../policy/policy-store.ts';
import { Authenticator } from '../../security/authenticator.ts';
import { TlsIdentity } from '../../security/tls.ts';
import { attempt, type Finding, failed, messageOf, ok, warning } from './check.ts';

/** A certificate that ends sooner is worth a word. */
const RENEW_MS = 14 * 24 * 3_600_000;

const logger = pino({ level: 'silent' });

export async function* checkFiles(config: Config): AsyncGenerator<Finding> {
  const { policyFile, accessFile, jwtJwks, tlsCert, auditFile } = config;
  yield await attempt('policyFile', policyFile || 'none: the built-in policy', () => new PolicyStore(policyFile));
  if (accessFile !== '') yield await attempt('accessFile', accessFile, () => callersOf({ ...config, jwtJwks: '' }));
  if (jwtJwks !== '') {
    const keys = () => callersOf({ ...config, accessFile: '' }).reloadTokenKeys();
    yield await attempt('jwtJwks', jwtJwks, keys);
  }
  if (tlsCert !== '') yield certificate(config);
  if (accessFile === '' && jwtJwks === '' && tlsCert === '') yield ok('security', 'no authentication, no TLS');
  if (auditFile !== '') yield* audit(config);
}

function callersOf(config: Config): Authenticator {
  return new Authenticator({ config, logger, wallMs: Date.now });
}

function certificate(config: Config): Finding {
  try {
    const { expiresMs } = new TlsIdentity(config);
    const text = `${config.tlsCert}, good until ${new Date(expiresMs).toISOString()}`;
    return expiresMs - Date.now() < RENEW_MS ? warning('tlsCert', `${text}; renew it`) : ok('tlsCert', text);
  } catch (error) {
    return failed('tlsCert', messageOf(error));
  }
}

async function* audit(config: Config): AsyncGenerator<Finding> {
  if (config.auditKeyFile !== '') {
    const readKey = () => new AuditTrail(config, { logger, version: packageVersion() });
    yield await attempt('auditKeyFile', config.auditKeyFile, readKey);
  }
  yield await auditFolder(config.auditFile);
}

/** Takes the lock for a moment, unless the folder has yet to be made. */
async function auditFolder(auditFile: string): Promise<Finding> {
  const segments = new Segments(auditFile);
  const folder = await nearestFolder(segments.directory);
  const problem = await access(folder, constants.W_OK).then(() => undefined, messageOf);
  if (problem !== undefined) return failed('auditFile', `${folder}: ${problem}; let this user write there`);
  if (folder !== segments.directory) return ok('auditFile', `${segments.directory} will be made`);
  const take = async () => (await acquireLock(segments.beside('.lock')))();
  return attempt('auditFile', `${folder} can be written, and nobody else does`, take);
}

async function nearestFolder(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere || dirname(path) === path ? path : nearestFolder(dirname(path));
}
