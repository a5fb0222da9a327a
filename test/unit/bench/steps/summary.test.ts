import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Played, StepResult } from '../../../../bench/steps/contestant.ts';
import { floorOf } from '../../../../bench/steps/floor.ts';
import { renderReport } from '../../../../bench/steps/report.ts';
import { barsOf, type StepsResult } from '../../../../bench/steps/results.ts';
import type { RoundRecord } from '../../../../bench/steps/rounds.ts';
import { ratiosOf, summarize } from '../../../../bench/steps/summary.ts';
import { TINY_CONFIG } from '../peers/tiny-config.ts';

const step = (latencyMs: number, overrides: Partial<StepResult> = {}): StepResult => ({
  size: 165,
  isFirst: true,
  window: 'first',
  latencyMs,
  phases: { queue: 0.5, prepare: 0.5, prefill: latencyMs / 2, decode: latencyMs / 2 - 4, rest: 1, wire: 2 },
  promptTokens: 10,
  cachedTokens: 0,
  generatedTokens: 4,
  forcedTokens: 2,
  verdict: { isValid: true, isGrounded: true, isEqual: true },
  ...overrides,
});
/** Two steps, the later one from the cache, one after the other. */
const round = (latencyMs: number): Played => ({
  steps: [step(latencyMs), step(latencyMs, { isFirst: false, window: 'same', cachedTokens: 8 })],
  wallMs: 2 * latencyMs,
});
const rounds = (...latencies: readonly number[]) => {
  const played = latencies.map(round);
  return { 1: played, 8: played, 16: played };
};
const record: RoundRecord = new Map([
  ['gateway', rounds(10, 20, 10)],
  ['llama_cpp', rounds(60, 100, 40)],
]);

test('ratios compare round with round', () => {
  const expected = [4, 5, 6] as const;
  assert.deepEqual(ratiosOf(record), {
    llama_cpp: { p50_1: expected, p99_1: expected, steps_per_s_8: expected, steps_per_s_16: expected },
  });
});

test('a summary has spreads over the rounds and classes over all of them', () => {
  const gateway = summarize(record)['gateway'] ?? assert.fail('the gateway took part');
  assert.deepEqual(gateway.clients[1].p50_ms, [10, 10, 20]);
  assert.deepEqual(gateway.clients[8].steps_per_s, [50, 100, 100]);
  assert.deepEqual(
    gateway.classes.map(({ size, is_first, steps, computed_share, overhead_p50_ms, overhead_inside_p50_ms }) => [
      ...[size, is_first, steps, computed_share],
      ...[overhead_p50_ms, overhead_inside_p50_ms],
    ]),
    [
      [165, true, 3, 1, 4, 2],
      [165, false, 3, 0.2, 4, 2],
    ],
  );
  assert.equal(gateway.equal_to_reference, 1);
});

test('later steps are summed up over all sizes, and by what window they find', () => {
  const later = (window: 'same' | 'other', cachedTokens: number, size: 60 | 165 = 165) =>
    step(10, { isFirst: false, window, cachedTokens, size });
  const played = { steps: [step(10), later('same', 9), later('same', 8, 60), later('other', 3)], wallMs: 40 };
  const { later_steps } =
    summarize(new Map([['gateway', { 1: [played], 8: [played], 16: [played] }]]))['gateway'] ?? {};
  assert.deepEqual(later_steps, {
    all: { steps: 3, mean: 0.3333, median: 0.2 },
    same_window: { steps: 2, mean: 0.15, median: 0.15 },
    other_window: { steps: 1, mean: 0.7, median: 0.7 },
  });
});

const peak = { gemm_f32_gmacs: 1, gemm_int8_gmacs: 4, read_gbytes: 1 };
const result = (): StepsResult => {
  const summaries = summarize(record);
  const engines = Object.fromEntries(Object.entries(summaries).map(([name, entry]) => [name, { about: {}, ...entry }]));
  const classes = summaries['gateway']?.classes ?? [];
  const floors = classes.map((entry) => ({
    size: entry.size,
    is_first: entry.is_first,
    ...floorOf(TINY_CONFIG, entry, peak),
  }));
  const models = { shipped: { about: {}, engines, floors } };
  const ratios = { llama_cpp: { shipped: ratiosOf(record)['llama_cpp'] ?? assert.fail('a ratio is missing') } };
  return {
    benchmark: 'steps',
    date: '2026-01-01',
    machine: {
      cpu: 'CPU <one>',
      cores: 2,
      cpu_features: [],
      memory_gib: 1,
      os: 'OS',
      node: 'v20',
      commit: 'abc',
      versions: {},
      load_average: 0,
    },
    peak,
    rounds: 3,
    notes: [],
    models,
    ratios,
    bars: barsOf({ models, ratios }),
  };
};

test('bars are met or missed by what was measured', () => {
  const bars = Object.fromEntries(result().bars.map((bar) => [bar.name, bar.met]));
  assert.deepEqual(bars, {
    'llama_cpp, shipped, p50_1': true,
    'llama_cpp, shipped, steps_per_s_16': true,
    'gateway, 165 controls, first steps: overhead p50 within the gateway, ms': true,
    'gateway, 165 controls, first steps: overhead p50 at the client, ms': false,
    'gateway, 165 controls, later steps: overhead p50 within the gateway, ms': true,
    'gateway, 165 controls, later steps: overhead p50 at the client, ms': false,
    'gateway, later steps of episodes: mean share of the prompt computed': true,
  });
});

test('a bar that is missed says what it asks for, and what the floor is', () => {
  const { models, ratios } = result();
  const shipped = models.shipped ?? assert.fail('the shipped model was measured');
  const [peer, ratio] = [shipped.engines['llama_cpp'], ratios['llama_cpp']?.shipped];
  if (peer === undefined || ratio === undefined) assert.fail('the peer was measured');
  const bars = barsOf({
    models: { shipped: { ...shipped, engines: { ...shipped.engines, transformers_js: peer } } },
    ratios: { transformers_js: { shipped: ratio } },
  });
  const why = (name: string) => bars.find((bar) => bar.name === name)?.why;
  // A tenth of 60 ms; and of a second over 16.67 steps, to four digits.
  assert.match(why('transformers_js, shipped, p50_1') ?? '', /^it asks for 6 ms per step; .* [\d.e-]+ ms in 8 bits/);
  assert.match(why('transformers_js, shipped, steps_per_s_16') ?? '', /^it asks for 5\.999 ms per step/);
  assert.equal(why('gateway, 165 controls, first steps: overhead p50 within the gateway, ms'), undefined);
  const missed = why('gateway, 165 controls, first steps: overhead p50 at the client, ms') ?? '';
  assert.match(missed, /^0\.5 ms of waiting, 0\.5 ms .*, 1 ms for gRPC, .*; 2 ms between client and gateway$/);
});

test('cached tokens lower the floor, and 8-bit products do', () => {
  const [first, later] = result().models.shipped?.floors ?? [];
  if (first === undefined || later === undefined) assert.fail('there is a floor per class');
  // By hand: 2 layers of qkv 32 x 64, one whole and one last-position rest of 32 x 32 + 3 x 32 x 64, output 64 x 32, 10 tokens,
  // and 2 x 2 x 32 multiply-adds for each of 55 pairs of positions.
  const rest = 32 * 32 + 3 * 32 * 64;
  assert.equal(
    first.prefill_gmacs,
    Number(((10 * (2 * 32 * 64 + rest) + rest + 64 * 32 + 128 * 55) / 1e9).toPrecision(4)),
  );
  assert.ok(later.prefill_gmacs < first.prefill_gmacs / 2);
  assert.ok(first.floor_int8_ms < first.floor_f32_ms);
});

test('the report shows every engine and escapes what it quotes', () => {
  const html = renderReport(result());
  assert.match(html, /CPU &lt;one&gt;/);
  assert.match(html, /llama_cpp, shipped, p50_1/);
  assert.equal(html.match(/<svg/g)?.length, 3);
  assert.doesNotMatch(html, /NaN|undefined/);
});
