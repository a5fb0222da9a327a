import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PredictResponse } from '../../../bench/agent/gateway-client.ts';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { summarizeOffline } from '../../../bench/eval/offline.ts';
import { summarizeOnline } from '../../../bench/eval/online.ts';
import { isStepSuccess, scoreStep } from '../../../bench/eval/step-score.ts';

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
  const summary = summarizeOffline([{ task: 'a', steps: [score] }]);
  assert.deepEqual([summary.ssr, summary.ssr_args, summary.tsr], [100, 0, 100]);
});

test('a task succeeds offline if all of its steps do', () => {
  const right = { object: true, operation: true, status: true, args: true };
  const wrong = { ...right, object: false };
  const summary = summarizeOffline([
    { task: 'a', steps: [right, right] },
    { task: 'b', steps: [right, wrong] },
  ]);
  assert.deepEqual([summary.object_acc, summary.operation_acc, summary.ssr, summary.tsr], [75, 100, 75, 50]);
});

test('online figures are means over tasks and steps', () => {
  const task = { task: 'a', request: '', ungrounded: 0 };
  const summary = summarizeOnline([
    { ...task, isDone: true, latenciesMs: [10, 20, 30] },
    { ...task, isDone: false, latenciesMs: [40] },
  ]);
  assert.deepEqual(summary, { tsr: 50, steps: 2, step_latency_ms: 25 });
});
