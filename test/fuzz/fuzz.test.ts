import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakePrediction } from '../support/fake-runtime.ts';
import { testGateway } from '../support/test-gateway.ts';
import { fuzzCases } from './cases.ts';
import { fuzz } from './fuzz.ts';

const SEED = 20_261_122;

test('300 generated requests: each one gets an action or a clear error, and is counted once', async () => {
  await using gw = await testGateway({ config: { slots: 8 } });
  // The fake runtime picks any control; a real one picks none that is disabled.
  gw.runtime.handler = (state, options) => {
    const controls = state.controls.filter(({ enabled }) => enabled !== false);
    return fakePrediction({ ...state, controls }, options);
  };
  const report = await fuzz({ http: gw.http, grpc: gw.grpc, requests: 300, seed: SEED, concurrency: 4 });
  assert.deepEqual(report.failures, []);
  for (const rpc of ['PredictAction', 'ScoreActions'].flatMap((name) => [`http ${name}`, `grpc ${name}`])) {
    for (const outcome of [`${rpc} ok`, `${rpc} invalid_request`]) {
      assert.ok((report.outcomes[outcome] ?? 0) > 5, `${outcome} in ${JSON.stringify(report.outcomes)}`);
    }
  }
  const metrics = await (await fetch(`${gw.http}/metrics`)).text();
  const counts = [...metrics.matchAll(/^lam_gateway_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    report.sent,
  );
  assert.equal((await fetch(`${gw.http}/readyz`)).status, 200);
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
