import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dataTable } from '../../../bench/eval/data-table.ts';
import { BLOCKS, updateModelCard } from '../../../bench/eval/model-card.ts';
import { readOptions, UsageError } from '../../../bench/eval/options.ts';
import { calibrationPlot, groupedBars } from '../../../bench/eval/plots.ts';
import { calibrate } from '../../../bench/eval/ranking.ts';
import { renderPlots, renderReport } from '../../../bench/eval/report.ts';
import {
  type Measured,
  type OnlineFigures,
  preferred,
  type Results,
  type SplitFigures,
  withoutStale,
} from '../../../bench/eval/results.ts';
import { targetsOf } from '../../../bench/eval/targets.ts';

const machine = { cpu: 'AMD EPYC', cores: 2, memory_gib: 24, node: 'v20', commit: 'abc', load_average: 0 };

function measured<T>(result: T): Measured<T> {
  const fields = { date: '2026-01-01', machine, tasks: 4, seed: 1, seconds: 60, weights: {} };
  return { ...fields, result } as unknown as Measured<T>;
}

function played(outcomes: string): SplitFigures<OnlineFigures> {
  const tsr = (100 * outcomes.replaceAll('0', '').length) / outcomes.length;
  const all: OnlineFigures = {
    ...{ tasks: outcomes.length, tsr, tsr_interval: [tsr - 1, tsr + 1], right_status: 90, steps: 3 },
    ...{ task_time_ms: 90, step_latency_ms: 30, p50_60_controls_ms: 25, ungrounded: 0, violations: 0 },
  };
  return { all, kinds: { plain: all, fail: { ...all, right_status: 96 } }, outcomes };
}

const results: Results = {
  online: {
    '2': measured({ test: played('1100'), held_out: played('01') }),
    '4': measured({ test: played('1110'), held_out: null }),
  },
  best_of_4: { '4': measured({ test: played('1111'), held_out: null }) },
  safety: {
    '4': measured({
      ...{ tasks: 10, violations: 1, right_status: 90, right_status_interval: [60, 98] as const },
      ...{ right_status_fail: 90, right_status_confirm: 90, false_alarms: 0 },
    }),
  },
};

test('targets are met, missed, or not measured', () => {
  const targets = targetsOf(results, 'no such folder');
  const find = (name: string) => targets.find((target) => target.name.startsWith(name));
  assert.equal(find('LAM4, task success online')?.isMet, false);
  assert.equal(find('LAM4 over LAM2')?.isMet, true);
  assert.match(find('LAM4 over LAM2')?.measured ?? '', /^\+25\.0 \(/);
  assert.equal(find('LAM4, best of 4')?.isMet, true);
  assert.equal(find('Sensitive steps')?.isMet, false);
  assert.equal(find('LAM4, right status where FAIL')?.isMet, true);
  assert.equal(find('LAM4, median step')?.isMet, true);
  assert.deepEqual([find('Reward model')?.isMet, find('Reward model')?.measured], [null, 'not measured']);
  assert.equal(find('All model folders')?.isMet, null);
});

test('the report says what was measured, what the paper has, and leaves out what is not known', () => {
  const text = renderReport(results, 'no such folder');
  assert.match(text, /simulated Word desktop/);
  assert.match(text, /LAM4, best of 4 with the reward, test \| 4 \| 100\.0/);
  assert.match(text, /LAM, the paper's tasks \| 435 \| 71\.0 \| 30\.42/);
  assert.match(text, /LAM4 against LAM2, test \| \+25\.0/);
  assert.doesNotMatch(text, /## Plans|## Reward model|undefined|NaN/);
  assert.deepEqual(Object.keys(renderPlots(results)), ['online.svg', 'steps.svg']);
  assert.match(renderReport({}, 'no such folder'), /Nothing is measured yet/);
});

test('sizes of the data come from the records of the stages that have run', () => {
  assert.equal(dataTable(undefined), null);
  const text = dataTable({
    collect: { tasks: 30_000, execution_fail: 90, execution_unsure: 10, plans: { original: 20, composed: 5 } },
    lam1: { pairs: 25 },
    boost: { tasks: 50, successes: 30, tasks_solved: 20 },
    rare: { drawn: 70, trajectories: 9, contrasts: 3 },
    lam4: { policy: { candidates: 8, 'states with a preference': 4 } },
  });
  assert.match(text ?? '', /25 pairs \(20 original, 5 composed\)/);
  assert.match(text ?? '', /30 successes of LAM2: 20 of 50 tasks tried, of 100 that the expert failed on/);
  assert.match(
    text ?? '',
    /8 candidates in 4 states of 0 trajectories; 9 trajectories of the expert's that end in FAIL or CONFIRM, 3 pairs of/,
  );
  assert.match(text ?? '', /LAM2 \| the expert's successes \| – \|/);
});

test('the model card has a place for each block of figures, and what is around them stays', () => {
  const card = readFileSync('docs/models.md', 'utf8');
  const updated = updateModelCard(card, results, 'models');
  assert.equal(updateModelCard(updated, results, 'models'), updated);
  assert.match(updated, /LAM4 \| – \| – \| 75\.0 \(74\.0 to 76\.0\) \| 100\.0/);
  const withoutFigures = (text: string) => text.replace(/(<!-- figures: \w+ -->)[\s\S]*?(<!-- end -->)/g, '$1$2');
  assert.equal(withoutFigures(updated), withoutFigures(card));
  assert.throws(() => updateModelCard('nothing', results, 'models'), new RegExp(BLOCKS[0]));
});

test('plots have a bar and a whisker for each value, and escape what they are called', () => {
  const svg = groupedBars(
    [
      { name: 'a<b', values: [{ value: 50, interval: [40, 60] }, null] },
      { name: 'c', values: [{ value: 10 }, { value: 20 }] },
    ],
    { title: 'T', groups: ['x', 'y'] },
  );
  assert.equal(svg.match(/<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+" fill="#/g)?.length, 3 + 2);
  assert.equal(svg.match(/stroke="#222"/g)?.length, 1);
  assert.match(svg, /a&lt;b/);
  const plot = calibrationPlot([{ name: 'steps', calibration: calibrate([{ score: 0.5, good: true }]) }]);
  assert.match(plot, /<polyline[\s\S]*steps/);
});

test('options have defaults, and what is wrong is named', () => {
  assert.equal(readOptions(['--help']), 'help');
  const simple = readOptions(['--tasks', '8', '--json']);
  assert.ok(simple !== 'help' && simple.mode === 'simple');
  assert.deepEqual([simple.tasks, simple.heldOut, simple.hasPolicy, simple.asJson], [8, 2, false, true]);
  const report = readOptions(['--report', '--sections', 'plans,safety', '--phases', '1,4']);
  assert.ok(report !== 'help' && report.mode === 'report');
  assert.deepEqual([report.tasks, report.heldOut, report.safetyTasks], [400, 160, 1000]);
  assert.deepEqual(
    [report.sections, report.phases],
    [
      ['plans', 'safety'],
      ['1', '4'],
    ],
  );
  const render = readOptions(['--render']);
  assert.ok(render !== 'help' && render.mode === 'report' && render.sections.length === 0);
  for (const [words, named] of [
    [['--tasks', '0'], /--tasks/],
    [['--tasks', ''], /--tasks/],
    [['--split', 'dev'], /--split/],
    [['--report', '--phases', '5'], /--phases/],
    [['--polic', 'none'], /--polic/],
  ] as const) {
    assert.throws(
      () => readOptions(words),
      (thrown) => thrown instanceof UsageError && named.test(thrown.message),
    );
  }
});

test('figures of other weights are dropped, those of folders that are not there are kept', () => {
  const of = (sha256: string) => ({ ...measured(1), weights: { 'lam-word:4': sha256 } });
  const stored = { records: {}, online: { '2': of('old'), '4': of('new') } } as unknown as Results;
  assert.deepEqual(Object.keys(withoutStale(stored, { 'lam-word:4': 'new' }).online ?? {}), ['4']);
  assert.deepEqual(withoutStale(stored, {}), stored);
  assert.equal(preferred(stored.online, ['4', '2'])?.phase, '4');
  assert.equal(preferred(stored.online, ['3']), null);
  assert.equal(preferred(undefined, ['3']), null);
});
