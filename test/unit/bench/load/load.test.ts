import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../../bench/desktop/random.ts';
import { poissonArrivals } from '../../../../bench/load/arrivals.ts';
import { isPastKnee } from '../../../../bench/load/knee.ts';
import type { CallOutcome } from '../../../../bench/load/load-client.ts';
import { type OpenLoopResult, runOpenLoop } from '../../../../bench/load/open-loop.ts';
import { checksOf } from '../../../../bench/load/overload.ts';
import { renderLoadReport } from '../../../../bench/load/report.ts';
import { parseMetrics, type Sample } from '../../../../bench/load/scrape.ts';

const result = (overrides: Partial<OpenLoopResult> = {}): OpenLoopResult => ({
  per_second: 10,
  seconds: 10,
  offered: 100,
  ok: 100,
  refused: 0,
  failed: {},
  ok_per_second: 10,
  p50_ms: 20,
  p95_ms: 40,
  p99_ms: 50,
  refused_p50_ms: null,
  refused_p99_ms: null,
  client_lag_p99_ms: 1,
  most_in_flight: 3,
  ...overrides,
});
const samplesOf = (rss: readonly number[]): Sample[] =>
  rss.map((rss_bytes, atSeconds) => ({
    atSeconds,
    rss_bytes,
    heap_bytes: 1,
    external_bytes: 1,
    active_resources: 1,
    native_handles: null,
    event_loop_lag_p99_ms: 1,
  }));

test('arrivals are ascending, within the time, and as many as the rate says', () => {
  const arrivals = poissonArrivals(new Random(1), 50, 100);
  assert.deepEqual(
    arrivals,
    [...arrivals].sort((a, b) => a - b),
  );
  assert.ok((arrivals.at(-1) ?? 0) < 100_000);
  // 5,000 on average, with a standard deviation of 71.
  assert.ok(Math.abs(arrivals.length - 5_000) < 300, `${arrivals.length} arrivals`);
  // The gaps of a Poisson process vary as much as they are long.
  const gaps = arrivals.map((at, i) => at - (arrivals[i - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(deviation / mean - 1) < 0.1, `deviation ${deviation}, mean ${mean}`);
});

test('an open loop sends without waiting for answers, and sorts how calls ended', async () => {
  const codes = ['ok', 'overloaded', 'internal'];
  let numSent = 0;
  const waiting: (() => void)[] = [];
  const client = {
    call: () =>
      new Promise<CallOutcome>((resolve) => {
        const code = codes[numSent++ % codes.length] ?? 'ok';
        waiting.push(() => resolve({ code, latencyMs: 5 }));
        // No answer before twelve calls are under way: a closed loop would hang here.
        if (waiting.length >= 12) for (const answer of waiting) answer();
      }),
  };
  const measured = await runOpenLoop({
    client,
    requests: [Buffer.alloc(0)],
    perSecond: 2_000,
    seconds: 0.05,
    random: new Random(3),
    deadlineMs: 100,
  });
  assert.equal(measured.offered, numSent);
  assert.equal(measured.ok + measured.refused + (measured.failed['internal'] ?? 0), numSent);
  assert.ok(measured.most_in_flight >= 12);
  assert.equal(measured.refused_p99_ms, 5);
});

test('past the knee latency is ten times what it was, or something is refused', () => {
  assert.equal(isPastKnee(result({ p99_ms: 199 }), 20), false);
  assert.equal(isPastKnee(result({ p99_ms: 201 }), 20), true);
  assert.equal(isPastKnee(result({ refused: 2 }), 20), true);
});

const knee = {
  unloaded_p50_ms: 20,
  unloaded_p99_ms: 30,
  closed_loop_per_second: 40,
  runs: [result(), result({ per_second: 20, p99_ms: null, p50_ms: null, p95_ms: null })],
  knee: result(),
};

test('an overload that is borne passes every check', () => {
  const during = result({ p99_ms: 149, refused: 60, refused_p99_ms: 19 });
  const checks = checksOf({ knee, during, after: result(), samples: samplesOf([100, 101, 102, 103, 104, 105]) });
  assert.deepEqual(
    checks.filter(({ met }) => !met),
    [],
  );
});

test('each way to bear it badly fails a check of its own', () => {
  const good = { knee, during: result({ refused_p99_ms: 5 }), after: result(), samples: samplesOf([1, 1, 1]) };
  const failing = (overrides: Partial<typeof good>) =>
    checksOf({ ...good, ...overrides }).flatMap(({ name, met }) => (met ? [] : [name]));
  assert.deepEqual(failing({}), []);
  assert.equal(failing({ during: result({ refused_p99_ms: 5, p99_ms: 151 }) }).length, 1);
  assert.equal(failing({ during: result({ refused_p99_ms: 21 }) }).length, 1);
  assert.equal(failing({ during: result({ refused_p99_ms: 5, failed: { internal: 1 } }) }).length, 1);
  assert.equal(failing({ samples: samplesOf([100, 110, 120]) }).length, 1);
  assert.equal(failing({ after: result({ p50_ms: 41 }) }).length, 1);
  assert.equal(failing({ after: result({ refused: 1 }) }).length, 1);
});

test('metrics of one name are added up over their labels', () => {
  const values = parseMetrics(
    ['# HELP a b', 'a{kind="x",other="y z"} 2', 'a{kind="w"} 3', 'b_bytes 1.5e6', 'c 0 1700000000'].join('\n'),
  );
  assert.deepEqual(
    [...values],
    [
      ['a', 5],
      ['b_bytes', 1.5e6],
      ['c', 0],
    ],
  );
});

test('the report shows runs without an answer too', () => {
  const machine = {
    cpu: 'CPU',
    cores: 2,
    cpu_features: [],
    memory_gib: 1,
    os: 'OS',
    node: 'v20',
    commit: 'abc',
    versions: {},
    load_average: 0,
  };
  const html = renderLoadReport({ date: '2026-01-01', machine, settings: '', knee, overload: null });
  assert.match(html, /The knee is at 10 requests\/s/);
  assert.doesNotMatch(html, /NaN|undefined/);
});
