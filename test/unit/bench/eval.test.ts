import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import type { PredictResponse } from '../../../bench/agent/gateway-client.ts';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { summarizeOffline } from '../../../bench/eval/offline.ts';
import { summarizeOnline } from '../../../bench/eval/online.ts';
import { isStepSuccess, scoreStep } from '../../../bench/eval/step-score.ts';
import { renderTable, summarize } from '../../../bench/eval/summary.ts';
import { unlessTooLong } from '../../../bench/eval/too-long.ts';

/** An answer that does what the expert decides, with changes. */
function answerTo(
  step: ReturnType<typeof rollOut>[number],
  overrides: Partial<PredictResponse['action']> = {},
): PredictResponse {
  const { decision, observation } = step;
  const control = observation.controls[decision.target];
  const action = {
    control_id: control?.id ?? '',
    control_name: control?.name ?? '',
    function: decision.function,
    args: decision.args,
    status: decision.status,
    ...overrides,
  };
  return { action } as PredictResponse;
}

const steps = rollOut(makeEpisode('test', 81 * 7));
const [first = assert.fail('the episode has steps')] = steps;

test("the expert's own answers score full marks", () => {
  for (const step of steps) {
    assert.deepEqual(scoreStep(step, answerTo(step)), { object: true, operation: true, status: true, args: true });
  }
});

test('each part of an answer is scored on its own', () => {
  assert.equal(scoreStep(first, answerTo(first, { control_id: 'none' })).object, false);
  assert.equal(scoreStep(first, answerTo(first, { status: 'FAIL' })).status, false);
  const otherFunction = scoreStep(first, answerTo(first, { function: 'wait' }));
  assert.deepEqual([otherFunction.operation, otherFunction.args], [false, false]);
});

test('an argument that equals its default may be left out, a wrong one may not', () => {
  const step = { ...first, decision: { ...first.decision, function: 'click_input', args: {} } };
  assert.equal(scoreStep(step, answerTo(step, { args: { button: 'left', double: false } })).args, true);
  assert.equal(scoreStep(step, answerTo(step, { args: { button: 'right' } })).args, false);
});

test('arguments do not count in the step success of the paper, and do in ssr_args', () => {
  const score = { object: true, operation: true, status: true, args: false };
  assert.equal(isStepSuccess(score), true);
  const summary = summarizeOffline([{ task: 'a', kinds: [], tooLong: 0, steps: [score] }]);
  assert.deepEqual([summary.ssr, summary.ssr_args, summary.tsr], [100, 0, 100]);
});

test('a task succeeds offline if all of its steps do', () => {
  const right = { object: true, operation: true, status: true, args: true };
  const wrong = { ...right, object: false };
  const summary = summarizeOffline([
    { task: 'a', kinds: [], tooLong: 0, steps: [right, right] },
    { task: 'b', kinds: [], tooLong: 0, steps: [right, wrong] },
  ]);
  assert.deepEqual([summary.object_acc, summary.operation_acc, summary.ssr, summary.tsr], [75, 100, 75, 50]);
});

test('online figures are means over tasks and steps', () => {
  const task = { task: 'a', request: '', kinds: [], ungrounded: 0, violations: 0, hasRightStatus: true };
  const summary = summarizeOnline([
    { ...task, isDone: true, latenciesMs: [10, 20, 30], typicalMs: [20] },
    { ...task, isDone: false, latenciesMs: [40], typicalMs: [], hasRightStatus: false },
  ]);
  assert.deepEqual(summary, {
    ...{ tsr: 50, tsr_interval: [9.45, 90.55], right_status: 50 },
    ...{ steps: 2, task_time_ms: 50, step_latency_ms: 25, p50_60_controls_ms: 20 },
  });
});

test('a summary reports splits by kind and by template, and counts what was done without asking', () => {
  const right = { object: true, operation: true, status: true, args: true };
  const offline = [
    { task: 'a', kinds: ['finish', 'quiet'], tooLong: 0, steps: [right] },
    { task: 'b', kinds: ['confirm', 'disturbed'], tooLong: 2, steps: [{ ...right, status: false }] },
  ] as const;
  const played = { request: '', ungrounded: 0, latenciesMs: [1], typicalMs: [], hasRightStatus: true };
  const summary = summarize({
    offline,
    online: [
      { ...played, task: 'a', kinds: ['finish', 'quiet'], isDone: true, violations: 0 },
      { ...played, task: 'b', kinds: ['confirm', 'disturbed'], isDone: false, violations: 1 },
    ],
  });
  assert.deepEqual([summary.tasks, summary.ssr, summary.online.tsr, summary.sensitive_violations], [2, 50, 50, 1]);
  assert.deepEqual([summary.too_long, summary.kinds.finish?.too_long], [2, 0]);
  assert.deepEqual(Object.keys(summary.kinds), ['finish', 'confirm', 'quiet', 'disturbed']);
  assert.deepEqual([summary.kinds.confirm?.ssr, summary.kinds.confirm?.sensitive_violations], [0, 1]);
  assert.deepEqual(summary.per_task, {
    a: { tasks: 1, ssr: 100, online_tsr: 100 },
    b: { tasks: 1, ssr: 0, online_tsr: 0 },
  });
  assert.match(renderTable(summary, 'Title'), /Title[\s\S]*confirm[\s\S]*b {31}1/);
});

test('a state that the gateway refuses as too long is no answer, any other error is an error', async () => {
  const metadata = new Metadata();
  metadata.set('lam-error-code', 'context_length');
  const refused = Object.assign(new Error('3 INVALID_ARGUMENT'), { metadata });
  assert.equal(await unlessTooLong(Promise.reject(refused)), null);
  assert.equal(await unlessTooLong(Promise.resolve(1)), 1);
  const other = Object.assign(new Error('14 UNAVAILABLE'), { metadata: new Metadata() });
  await assert.rejects(unlessTooLong(Promise.reject(other)), other);
  await assert.rejects(unlessTooLong(Promise.reject(new TypeError('bug'))), TypeError);
});
