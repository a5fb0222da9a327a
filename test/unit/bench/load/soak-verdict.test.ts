import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../../bench/desktop/random.ts';
import type { Sample } from '../../../../bench/load/scrape.ts';
import { trendsOf } from '../../../../bench/load/soak-verdict.ts';

const MIB = 2 ** 20;
const SECONDS = 120;

/** Two minutes of a process that does not leak: a heap that piles up and is collected, resident memory with noise. */
function samplesOf(change: (sample: Sample, second: number) => Partial<Sample> = () => ({})): Sample[] {
  const random = new Random(1);
  return Array.from({ length: SECONDS }, (_, second) => {
    const sample: Sample = {
      atSeconds: second,
      rss_bytes: (270 + 12 * random.next()) * MIB,
      heap_bytes: (38 + ((second * 3) % 25) + 2 * random.next()) * MIB,
      external_bytes: 6 * MIB,
      active_resources: 8 + random.int(0, 3),
      native_handles: 120,
      event_loop_lag_p99_ms: 1,
    };
    return { ...sample, ...change(sample, second) };
  });
}
const failing = (samples: readonly Sample[]) => trendsOf(samples).flatMap(({ name, met }) => (met ? [] : [name]));

test('a saw-tooth heap and noise are no leak', () => {
  assert.equal(trendsOf(samplesOf()).length, 5);
  assert.deepEqual(failing(samplesOf()), []);
});

test('caches that fill in the first part are no leak', () => {
  const filling = samplesOf(({ rss_bytes }, second) => ({ rss_bytes: rss_bytes + Math.min(second, 40) * 2 * MIB }));
  assert.deepEqual(failing(filling), []);
});

test('one bad moment is no leak', () => {
  const spike = samplesOf(({ rss_bytes }, second) => (second === 100 ? { rss_bytes: 2 * rss_bytes } : {}));
  assert.deepEqual(failing(spike), []);
});

test('each measure that keeps growing fails, and only that', () => {
  const heap = samplesOf(({ heap_bytes }, second) => ({ heap_bytes: heap_bytes + second * 0.3 * MIB }));
  assert.deepEqual(failing(heap), ['heap, bytes']);
  const rss = samplesOf(({ rss_bytes }, second) => ({ rss_bytes: rss_bytes + second * 0.6 * MIB }));
  assert.deepEqual(failing(rss), ['resident memory, bytes']);
  const resources = samplesOf(({ active_resources }, second) => ({ active_resources: active_resources + second / 10 }));
  assert.deepEqual(failing(resources), ['event loop resources']);
  const handles = samplesOf((_, second) => ({ native_handles: 120 + second }));
  assert.deepEqual(failing(handles), ['native handles']);
});

test('what the gateway does not report is not judged', () => {
  const names = trendsOf(samplesOf(() => ({ native_handles: null }))).map(({ name }) => name);
  assert.ok(!names.includes('native handles'));
});

test('a few native handles for runs of slots that are new are no leak', () => {
  const handles = samplesOf((_, second) => ({ native_handles: 120 + Math.floor(second / 10) }));
  assert.deepEqual(failing(handles), []);
});
