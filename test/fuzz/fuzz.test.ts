import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakePrediction } from '../support/fake-runtime.ts';
import { testGateway } from '../support/test-gateway.ts';
import { fuzzCases } from './cases.ts';
import { fuzz } from './fuzz.ts';
import { fuzzGateway } from './fuzz-gateway.ts';

const SEED = 20_261_122;

test('300 generated requests: each one gets an action or a clear error, and is counted once', async () => {
  await using gw = await fuzzGateway();
  const { http, grpc } = gw;
  const report = await fuzz({ http, grpc, requests: 300, seed: SEED, concurrency: 4, kind: 'unary' });
  assert.deepEqual(report.failures, []);
  for (const rpc of ['PredictAction', 'ScoreActions'].flatMap((name) => [`http ${name}`, `grpc ${name}`])) {
    for (const outcome of [`${rpc} ok`, `${rpc} invalid_request`]) {
      assert.ok((report.outcomes[outcome] ?? 0) > 5, `${outcome} in ${JSON.stringify(report.outcomes)}`);
    }
  }
  for (const rpc of [
    'PredictActionStream',
    'ReportOutcome',
    'GetEpisode',
    'EndEpisode',
    'RollbackEpisode',
    'SetLabel',
  ]) {
    assert.ok((report.outcomes[`grpc ${rpc} ok`] ?? 0) > 0, `${rpc} in ${JSON.stringify(report.outcomes)}`);
  }
  const metrics = await (await fetch(`${http}/metrics`)).text();
  const counts = [...metrics.matchAll(/^lam_gateway_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    report.sent,
  );
  assert.equal((await fetch(`${http}/readyz`)).status, 200);
});

test('60 generated streams: each message gets an action or a clear error, and bytes that are none end their stream alone', async () => {
  await using gw = await fuzzGateway();
  const { http, grpc } = gw;
  const report = await fuzz({ http, grpc, requests: 60, seed: SEED, concurrency: 4, kind: 'stream' });
  assert.deepEqual(report.failures, []);
  for (const outcome of ['ok', 'invalid_request', 'ended with status 3']) {
    assert.ok((report.outcomes[`grpc StreamActions ${outcome}`] ?? 0) > 0, JSON.stringify(report.outcomes));
  }
});

test('a gateway that answers nonsense is caught', async () => {
  await using gw = await testGateway({ config: { slots: 8 } });
  gw.runtime.handler = (state, options) => {
    const prediction = fakePrediction(state, options);
    const candidates = prediction.candidates.map((candidate) => {
      return { ...candidate, action: { ...candidate.action, controlId: 'made up' } };
    });
    return { ...prediction, candidates };
  };
  const report = await fuzz({ http: gw.http, grpc: gw.grpc, requests: 20, seed: SEED, concurrency: 1 });
  assert.ok(report.failures.some((failure) => failure.includes('a control that is not in the request')));
});

test('a seed gives the same cases again', () => {
  assert.deepEqual(fuzzCases(20, 7), fuzzCases(20, 7));
  assert.notDeepEqual(fuzzCases(20, 7), fuzzCases(20, 8));
});
