import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Routes, withParams } from '../../../../src/server/http/routes.ts';
import { defineRpc, type HttpRoute } from '../../../../src/server/rpc.ts';
import { rpcs } from '../../../../src/server/rpcs.ts';

const row = { permission: 'predict', admission: 'always', kind: 'unary', handle: () => ({}) } as const;
const episode = (name: string, http: HttpRoute) => defineRpc({ ...row, service: 'EpisodeService', name, http });

const routes = new Routes([
  ...rpcs,
  episode('GetEpisode', { method: 'GET', path: '/v1/episodes/{session_id}' }),
  episode('EndEpisode', { method: 'POST', path: '/v1/episodes/{session_id}:end' }),
]);

const FOUND: readonly (readonly [string, string, object])[] = [
  ['POST /v1/actions:predict', 'PredictAction', {}],
  ['GET /v1/models', 'ListModels', {}],
  ['GET /v1/models/lam-word/versions/2', 'GetModel', { name: 'lam-word', version: '2' }],
  ['GET /v1/episodes/a', 'GetEpisode', { session_id: 'a' }],
  ['POST /v1/episodes/a:end', 'EndEpisode', { session_id: 'a' }],
  ['POST /v1/episodes/a%2Fb:c:end', 'EndEpisode', { session_id: 'a%2Fb:c' }],
];
for (const [line, name, params] of FOUND) {
  test(`${line} is ${name}`, () => {
    const [method = '', path = ''] = line.split(' ');
    const match = routes.find(path);
    assert.equal(match?.rpcs[method]?.name, name);
    assert.deepEqual({ ...match?.params }, params);
  });
}

test('what is no route is none', () => {
  for (const path of [
    '',
    '/',
    '/v1',
    '/v1/models/',
    '/v1/models/a/versions/',
    '/v1/models//versions/1',
    '/v1/episodes/',
  ]) {
    assert.equal(routes.find(path), undefined, path);
  }
  assert.equal(routes.find('/v1/models/a/versions/b/c'), undefined);
  assert.equal(routes.find('/v1/modelsX'), undefined);
});

test('fields of the path are percent-decoded and may be repeated by the body, not contradicted', () => {
  assert.deepEqual(withParams({}, { name: 'a%2Fb%20%C3%BC' }), { name: 'a/b ü' });
  assert.deepEqual(withParams({ name: 'a', version: '1' }, { name: 'a' }), { name: 'a', version: '1' });
  assert.throws(() => withParams({ name: 'b' }, { name: 'a' }), {
    code: 'invalid_request',
    details: { field: 'name' },
  });
  for (const raw of ['%', '%zz', '%ff']) {
    assert.throws(() => withParams({}, { name: raw }), { code: 'invalid_request' });
  }
});
