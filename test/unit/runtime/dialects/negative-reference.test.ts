import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderAnswer } from '../../../../src/runtime/dialects/compact.ts';
import { parseAnswer } from '../../../../src/runtime/dialects/compact-parse.ts';
import { text } from '../../../../src/runtime/dialects/segment.ts';
import type { Action, State } from '../../../../src/runtime/types.ts';

const state: State = {
  userRequest: 'scroll 12 notches down',
  subtask: '',
  app: { processName: 'WINWORD.EXE', windowTitle: '' },
  controls: [{ id: '1', name: 'Vertical', type: 'ScrollBar' }],
  previousPlan: [],
  previousActions: [],
  allowedFunctions: ['wheel_mouse_input'],
};
const scroll = (distance: number): Action => ({
  thought: '',
  controlId: '1',
  controlName: 'Vertical',
  function: 'wheel_mouse_input',
  args: { wheel_dist: distance },
  status: 'FINISH',
  plan: [],
});

test('a number of the task is referred to with a minus sign where the argument is its negative', () => {
  for (const [distance, ordinal] of [
    [12, '1'],
    [-12, '-1'],
  ] as const) {
    const answer = renderAnswer(state, scroll(distance));
    assert.ok(answer.some((segment) => 'text' in segment && segment.text === ordinal));
    assert.deepEqual(parseAnswer(state, answer), scroll(distance));
  }
  assert.ok(renderAnswer(state, scroll(-13)).some((segment) => 'text' in segment && segment.text === '-13'));
});

test('a number that the task does not have stays an error, negative or not', () => {
  const answer = renderAnswer(state, scroll(-12)).map((s) => ('text' in s && s.text === '-1' ? text('-2') : s));
  assert.throws(() => parseAnswer(state, answer), /the task has no literal -2/);
});
