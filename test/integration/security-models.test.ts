/** What an operator's key cannot do: load what lies outside of the models directory, or what was tampered with. */
import assert from 'node:assert/strict';
import { rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { createGateway } from '../../src/server/gateway.ts';
import { ModelFolders } from '../support/model-folders.ts';
import { callAs, PROTOCOLS } from '../support/secure-calls.ts';
import { testConfig } from '../support/test-gateway.ts';

/** A gateway over a models directory that has another one beside it. */
async function open() {
  const folders = await ModelFolders.create();
  const beside = await ModelFolders.create();
  await folders.add('inside', '1');
  await beside.add('outside', '1');
  const modelsDir = folders.root;
  const gateway = await createGateway(testConfig({ modelsDir }), { logger: pino({ level: 'silent' }) });
  const addresses = { http: `http://${gateway.httpAddress}`, grpc: gateway.grpcAddress };
  return {
    folders,
    beside: `../${basename(beside.root)}`,
    load: (protocol: (typeof PROTOCOLS)[number], name: string, version: string) =>
      callAs(protocol, addresses, { rpc: 'LoadModel', request: { name, version } }),
    async [Symbol.asyncDispose]() {
      await gateway.close({ timeoutMs: 0 });
      await folders[Symbol.asyncDispose]();
      await beside[Symbol.asyncDispose]();
    },
  };
}

test('a name that leads out of the models directory is no model', async () => {
  await using o = await open();
  for (const protocol of PROTOCOLS) {
    for (const [name, version] of [
      [`${o.beside}/outside`, '1'],
      [o.beside, 'outside/1'],
      ['inside', `../${o.beside}/outside/1`],
      ['inside', '../inside/1'],
      ['inside/', '1'],
      ['/etc', '1'],
      ['inside\\..', '1'],
      ['.', 'inside/1'],
      ['.', 'inside'],
    ] as const) {
      const { code } = await o.load(protocol, name, version);
      assert.equal(code, 'model_not_found', `${name}:${version} over ${protocol}`);
    }
  }
});

test('a link in a model folder is followed, but what it leads to has to have the checksum of the manifest', async () => {
  await using o = await open();
  await o.folders.add('linked', '1');
  const file = o.folders.path('linked', '1', 'tokenizer.json');
  const target = join(o.folders.root, 'tokenizer.json');
  await rename(file, target);
  await symlink(target, file);
  assert.equal((await o.load('grpc', 'linked', '1')).code, 'ok');
  await o.folders.add('linked', '2');
  const other = o.folders.path('linked', '2', 'tokenizer.json');
  await rm(other);
  await symlink(join(process.cwd(), 'package.json'), other);
  const reply = await o.load('grpc', 'linked', '2');
  assert.equal(reply.code, 'unavailable');
  assert.match(reply.message, /tokenizer\.json: it has \d+ bytes, lam\.json says \d+/);
});
