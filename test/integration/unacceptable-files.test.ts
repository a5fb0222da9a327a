/** Files that the configuration names are a part of it: one that is not acceptable is no start, and the error names it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pino from 'pino';
import { type Config, ConfigError } from '../../src/server/config.ts';
import { createGateway } from '../../src/server/gateway.ts';
import { FakeRuntime } from '../support/fake-runtime.ts';
import { testConfig } from '../support/test-gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'lam-files-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const none = join(folder, 'none');
const short = file('short', 'x');
const access = file('access.yaml', 'keys:\n  - name: a\n');
const policy = file('policy.yaml', 'version: 1\ndefault: perhaps\n');
const audit = { auditFile: join(folder, 'audit') };
const redis = { episodeStore: 'redis', redisUrl: 'redis://127.0.0.1:1' } as const;
const otlp = { otlpEndpoint: 'http://127.0.0.1:1' };

const CASES: readonly (readonly [config: Partial<Config>, problem: string])[] = [
  [{ policyFile: policy }, `${policy}: default (line 2): `],
  [{ policyFile: none }, `${none}: ENOENT`],
  [{ accessFile: access }, `access file ${access}: keys.0.scopes: `],
  [{ accessFile: none }, `access file ${none}: ENOENT`],
  [{ tlsCert: short, tlsKey: short }, `${short}: holds no certificate`],
  [{ jwtJwks: short, jwtIssuer: 'i', jwtAudience: 'a' }, `${short}: `],
  [{ ...audit, auditKeyFile: short }, `${short}: a key of at least`],
  [{ ...redis, redisPasswordFile: none }, none],
  [{ ...otlp, otlpHeadersFile: short }, 'otlpHeadersFile: line 1 is no'],
];

for (const [config, problem] of CASES) {
  test(`${Object.keys(config).at(-1)}: ${problem.replace(folder, '')}`, async () => {
    const start = createGateway(testConfig(config), { logger: pino({ level: 'silent' }), runtime: new FakeRuntime() });
    await assert.rejects(start, (error) => {
      assert.ok(error instanceof ConfigError, String(error));
      assert.ok(error.message.includes(problem), error.message);
      return true;
    });
  });
}
