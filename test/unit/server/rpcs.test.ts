/** The table of rpcs against what is written down elsewhere: the .proto files' comments, the reference, the test clients. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { GRPC_STATUS } from '../../../src/server/grpc/errors.ts';
import { HTTP_STATUS } from '../../../src/server/http/errors.ts';
import { rpcs } from '../../../src/server/rpcs.ts';
import { protoFiles, protoRoot } from '../../../src/server/wire/schema.ts';
import { ROUTES, SERVICES } from '../../support/rpc-routes.ts';

const protos = protoFiles.map((file) => readFileSync(join(protoRoot, file), 'utf8')).join('\n');
const reference = readFileSync('docs/api.md', 'utf8');

test('the test clients know every rpc and its route', () => {
  const routes = rpcs.map(({ name, http }) => [name, http && `${http.method} ${http.path}`]);
  assert.deepEqual(Object.fromEntries(routes.filter(([, route]) => route !== undefined)), ROUTES);
  for (const { name, method } of rpcs) assert.equal(`/${SERVICES[name as keyof typeof SERVICES]}`, method.path);
});

test('no two rpcs share a name or a route', () => {
  assert.equal(new Set(rpcs.map(({ name }) => name)).size, rpcs.length);
  const routes = rpcs.flatMap(({ http }) => (http === undefined ? [] : [`${http.method} ${http.path}`]));
  assert.equal(new Set(routes).size, routes.length);
});

for (const { name, http, method } of rpcs) {
  test(`${name} and its route are documented`, () => {
    const [comment] = protos.match(new RegExp(`((?: +//.*\\n)+) +rpc ${name}\\(`)) ?? [''];
    assert.ok(reference.includes(`\`${method.path.slice(1)}\``), `${method.path} in docs/api.md`);
    if (http === undefined) return assert.ok(comment.includes('gRPC only'), `in the .proto: ${comment}`);
    assert.ok(comment.includes(`${http.method} ${http.path}`), `in the .proto: ${comment}`);
    assert.ok(reference.includes(`\`${http.method} ${http.path}\``), `${http.path} in docs/api.md`);
  });
}

test('every error code is documented with its statuses', () => {
  for (const [code, httpStatus] of Object.entries(HTTP_STATUS)) {
    const grpc = status[GRPC_STATUS[code as keyof typeof GRPC_STATUS]];
    assert.match(protos, new RegExp(`^//   ${code} +${grpc} +${httpStatus}\\b`, 'm'));
    assert.match(reference, new RegExp(`^\\| \`${code}\` \\| ${httpStatus} \\| ${grpc} \\|`, 'm'));
  }
});
