/** Which series there are: few, whatever clients send and whatever is loaded and unloaded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FinishedCall, Metrics } from '../../../src/server/metrics.ts';
import { aStepReport } from '../../support/fake-runtime.ts';

type Loaded = { name: string; version: string };

function metricsOver(models: () => readonly Loaded[]) {
  return new Metrics({ version: '0', models, unreadyReason: () => undefined, requestsInFlight: () => 0 });
}

async function lines(metrics: Metrics, start: string): Promise<readonly string[]> {
  const { text } = await metrics.expose();
  return text.split('\n').filter((line) => line.startsWith(`lam_gateway_${start}`));
}

const finished = (overrides: Partial<FinishedCall>): FinishedCall => ({
  rpc: 'PredictAction',
  model: 'a',
  version: '1',
  outcome: 'ok',
  durationMs: 1,
  ...overrides,
});

test('a model or version that is not loaded is unknown, however the client names it', async () => {
  const metrics = metricsOver(() => [
    { name: 'a', version: '1' },
    { name: 'a', version: '2' },
  ]);
  for (const [model, version] of [
    ['a', '1'],
    ['a:2', ''],
    ['a:canary', ''],
    ['a', ''],
    ['b', '1'],
    ['"}\n', '9'],
    ['', ''],
  ] as const) {
    metrics.onCall(finished({ model, version, outcome: 'overloaded' }));
  }
  assert.deepEqual(await lines(metrics, 'requests_total{'), [
    'lam_gateway_requests_total{rpc="PredictAction",model="a",version="1",outcome="overloaded"} 1',
    'lam_gateway_requests_total{rpc="PredictAction",model="a",version="2",outcome="overloaded"} 1',
    'lam_gateway_requests_total{rpc="PredictAction",model="a",version="unknown",outcome="overloaded"} 2',
    'lam_gateway_requests_total{rpc="PredictAction",model="unknown",version="unknown",outcome="overloaded"} 2',
    'lam_gateway_requests_total{rpc="PredictAction",model="none",version="none",outcome="overloaded"} 1',
  ]);
});

test('parts that a method does not have are not counted', async () => {
  const metrics = metricsOver(() => [{ name: 'a', version: '1' }]);
  metrics.onCall(finished({ rpc: 'ScoreActions', work: { timing: { queueMs: 2, totalMs: 5 } } }));
  assert.deepEqual(await lines(metrics, 'queue_seconds_count'), [
    'lam_gateway_queue_seconds_count{model="a",version="1"} 1',
  ]);
  assert.deepEqual(await lines(metrics, 'render_seconds_count'), []);
  assert.deepEqual(await lines(metrics, 'tokens_total{'), []);
});

test('two versions of a model have gauges of their own, and one that is unloaded has none', async () => {
  let models: readonly Loaded[] = [
    { name: 'a', version: '1' },
    { name: 'a', version: '2' },
  ];
  const metrics = metricsOver(() => models);
  for (const version of ['1', '2']) {
    metrics.onStep(aStepReport({ model: 'a', version, slotsInUse: Number(version) }));
  }
  const first = 'lam_gateway_slots_in_use{model="a",version="1"} 1';
  assert.deepEqual(await lines(metrics, 'slots_in_use{'), [first, 'lam_gateway_slots_in_use{model="a",version="2"} 2']);
  models = models.slice(0, 1);
  assert.deepEqual(await lines(metrics, 'slots_in_use{'), [first]);
});

test('what has to be asked for is asked at each scrape, and has no series without an answer', async () => {
  const answers = [7, undefined, 5];
  const metrics = new Metrics({
    version: '0',
    models: () => [],
    unreadyReason: () => undefined,
    requestsInFlight: () => 0,
    nativeHandles: async () => answers.shift(),
    abandonedThreads: () => 1,
  });
  assert.deepEqual(await lines(metrics, 'native_handles'), ['lam_gateway_native_handles 7']);
  assert.deepEqual(await lines(metrics, 'native_handles'), []);
  assert.deepEqual(await lines(metrics, 'native_handles'), ['lam_gateway_native_handles 5']);
  assert.deepEqual(await lines(metrics, 'abandoned_threads'), ['lam_gateway_abandoned_threads 1']);
});

test('a rule that withholds something is counted once per request', async () => {
  const metrics = metricsOver(() => []);
  metrics.onCall(finished({ withheldBy: ['a', 'b'] }));
  metrics.onCall(finished({ withheldBy: ['a'] }));
  metrics.onCall(finished({}));
  assert.deepEqual(await lines(metrics, 'policy_exclusions_total{'), [
    'lam_gateway_policy_exclusions_total{rule="a"} 2',
    'lam_gateway_policy_exclusions_total{rule="b"} 1',
  ]);
});

test('what is left of a certificate is told, below 0 after its end; without TLS there is nothing to tell', async () => {
  const options = { version: '0', models: () => [], unreadyReason: () => undefined, requestsInFlight: () => 0 };
  const remaining = 'tls_certificate_remaining_seconds ';
  let wallMs = 1_000_000;
  const metrics = new Metrics({ ...options, certificateExpiresMs: () => 1_060_000, wallMs: () => wallMs });
  assert.deepEqual(await lines(metrics, remaining), [`lam_gateway_${remaining}60`]);
  wallMs += 61_000;
  assert.deepEqual(await lines(metrics, remaining), [`lam_gateway_${remaining}-1`]);
  assert.deepEqual(await lines(new Metrics(options), remaining), []);
});
