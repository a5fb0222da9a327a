import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pairedDifference, percent, wilson } from '../../../bench/eval/intervals.ts';
import { byKind, kindsOf } from '../../../bench/eval/kinds.ts';
import { matchSteps, normalizeStep, summarizePlans } from '../../../bench/eval/plans.ts';
import { areaUnderCurve, calibrate } from '../../../bench/eval/ranking.ts';
import { type ScoredStep, summarizeScored } from '../../../bench/eval/scored-steps.ts';

test('the interval of Wilson has the values of the literature', () => {
  // Newcombe (1998), Statistics in Medicine 17, table I, method 3.
  assert.deepEqual(wilson(81, 263), [25.53, 36.62]);
  assert.deepEqual(wilson(15, 148), [6.24, 16.05]);
  assert.deepEqual(wilson(0, 20), [0, 16.11]);
  assert.deepEqual(wilson(1, 29), [0.61, 17.18]);
  assert.deepEqual(wilson(0, 0), [0, 100]);
});

test('an interval holds the share, lies within 0 and 100, and is symmetric', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(400), (a, b) => {
      const [successes, count] = [Math.min(a, b), Math.max(a, b, 1)];
      const [low, high] = wilson(successes, count);
      const share = (100 * successes) / count;
      assert.ok(low >= 0 && high <= 100 && low <= share + 0.01 && high >= share - 0.01);
      const [mirroredLow, mirroredHigh] = wilson(count - successes, count);
      assert.ok(Math.abs(mirroredLow - (100 - high)) < 0.02 && Math.abs(mirroredHigh - (100 - low)) < 0.02);
    }),
  );
});

test('shares are in percent with two decimals', () => {
  assert.equal(
    percent([1, 2, 3], (n) => n > 1),
    66.67,
  );
  assert.equal(
    percent([], () => true),
    0,
  );
});

test('a paired difference counts the tasks that only one of the two did', () => {
  const { points, gained, lost, interval } = pairedDifference('1100110011', '1111110001');
  assert.deepEqual([points, gained, lost], [10, 2, 1]);
  assert.ok(interval[0] < 10 && interval[1] > 10);
  assert.deepEqual(pairedDifference('10', '10'), { points: 0, interval: [0, 0], gained: 0, lost: 0 });
  assert.throws(() => pairedDifference('1', '11'), RangeError);
});

test('steps match up to what makes no difference, each once, in any order', () => {
  const reference = ['click the "Home" tab', 'select the text "Q3"', 'click the "Bold" button'];
  assert.equal(matchSteps(reference, reference), 3);
  assert.equal(matchSteps(['2. Click the “Bold”  button.', "select the text 'Q3'"], reference), 2);
  assert.equal(matchSteps(['click the "Home" tab', 'click the "Home" tab'], reference), 1);
  assert.equal(matchSteps(['click the "Bold" tab', 'select the text "Q4"'], reference), 0);
  assert.equal(matchSteps([], reference), 0);
  assert.equal(normalizeStep('10) Stop.'), 'stop');
});

test('precision counts over the steps that were made, recall over those of the expert', () => {
  const base = { task: 'a', kinds: ['finish'], isSame: false, latencyMs: 10 } as const;
  const summary = summarizePlans([
    { ...base, isDone: true, predicted: 4, reference: 2, matched: 2 },
    { ...base, isDone: false, predicted: 0, reference: 4, matched: 0, latencyMs: 30 },
  ]);
  assert.deepEqual([summary.step_precision, summary.step_recall, summary.tsr], [50, 33.33, 50]);
  assert.equal(summary.plan_latency_ms, 20);
});

test('the area under the curve is the chance that a good one scores higher', () => {
  const scored = (scores: readonly number[], good: readonly boolean[]) =>
    scores.map((score, i) => ({ score, good: good[i] === true }));
  const good = [true, true, false, false];
  assert.equal(areaUnderCurve(scored([3, 2, 1, 0], good)), 1);
  assert.equal(areaUnderCurve(scored([0, 1, 2, 3], good)), 0);
  assert.equal(areaUnderCurve(scored([2, 1, 1, 0], good)), 0.875);
  assert.equal(areaUnderCurve(scored([1, 1, 1, 1], good)), 0.5);
  assert.equal(areaUnderCurve(scored([1, 2], [true, true])), null);
  assert.equal(areaUnderCurve([]), null);
});

test('the area under the curve equals counting all pairs', () => {
  const item = fc.record({ score: fc.integer({ min: 0, max: 5 }), good: fc.boolean() });
  fc.assert(
    fc.property(fc.array(item, { minLength: 2, maxLength: 30 }), (items) => {
      const pairs = items
        .filter(({ good }) => good)
        .flatMap((a) => items.filter(({ good }) => !good).map((b) => (Math.sign(a.score - b.score) + 1) / 2));
      const wanted = pairs.length === 0 ? null : pairs.reduce((sum, win) => sum + win, 0) / pairs.length;
      const area = areaUnderCurve(items);
      if (wanted === null) assert.equal(area, null);
      else assert.ok(Math.abs((area ?? Number.NaN) - wanted) < 1e-4);
    }),
  );
});

test('scores that mean what they say have no calibration error, others do', () => {
  const many = (score: number, good: number, bad: number) => [
    ...Array.from({ length: good }, () => ({ score, good: true })),
    ...Array.from({ length: bad }, () => ({ score, good: false })),
  ];
  const honest = calibrate([...many(0.75, 3, 1), ...many(0.25, 1, 3)]);
  assert.equal(honest.error, 0);
  assert.deepEqual(
    honest.bins.map(({ from, count, good_share }) => [from, count, good_share]),
    [
      [0.2, 4, 0.25],
      [0.7, 4, 0.75],
    ],
  );
  const sure = calibrate(many(1, 1, 1));
  assert.deepEqual([sure.error, sure.brier], [0.5, 0.5]);
  assert.deepEqual([sure.bins[0]?.from, sure.bins[0]?.to], [0.9, 1]);
  assert.deepEqual(calibrate([]), { bins: [], error: 0, brier: 0 });
});

test('a reward model is judged by candidates, by executed steps, and by what its order would change', () => {
  const step = (score: number, probability: number, isRight: boolean): ScoredStep => ({
    ...{ score, raw: Math.log(score / (1 - score)), probability, isRight },
    isChosen: probability >= 0.5,
    isOfSuccess: isRight,
  });
  const figures = summarizeScored([
    [
      [step(0.9, 0.4, true), step(0.2, 0.6, false)],
      [step(0.8, 0.9, true), step(0.1, 0.1, false)],
    ],
    [[step(0.3, 0.7, false), step(0.2, 0.3, false)]],
  ]);
  assert.deepEqual([figures.tasks, figures.states, figures.candidates, figures.executed], [2, 3, 6, 3]);
  assert.deepEqual([figures.likeliest_right, figures.best_rewarded_right, figures.any_right], [33.33, 66.67, 66.67]);
  // In the first state the reward outweighs what the model prefers by little.
  assert.equal(figures.best_preferred_right, 66.67);
  assert.deepEqual([figures.auc_by_step, figures.auc_executed, figures.executed_right], [1, 1, 33.33]);
  assert.ok((figures.auc_by_step_of_probability ?? 1) < 1);
});

test('tasks are in all of their groups, and groups without tasks are left out', () => {
  const template = { family: 'multi' } as Parameters<typeof kindsOf>[0]['template'];
  assert.deepEqual(kindsOf({ end: 'FINISH', template, disturbances: [] }), ['finish', 'multi', 'quiet']);
  const single = { ...template, family: 'font' } as typeof template;
  assert.deepEqual(kindsOf({ end: 'FINISH', template: single, disturbances: [] }), ['plain', 'finish', 'quiet']);
  assert.deepEqual(kindsOf({ end: 'FAIL', template: single, disturbances: ['popup'] as never }), ['fail', 'disturbed']);
  const { all, kinds } = byKind([{ kinds: ['fail', 'quiet'] }, { kinds: ['quiet'] }] as const, (some) => some.length);
  assert.deepEqual([all, kinds], [2, { fail: 1, quiet: 2 }]);
});
