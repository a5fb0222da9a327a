import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distinct } from '../../../../src/runtime/models/action-model.ts';
import type { Candidate } from '../../../../src/runtime/runtime.ts';
import type { Action } from '../../../../src/runtime/types.ts';

function aCandidate(probability: number, action: Partial<Action> = {}): Candidate {
  const whole: Action = {
    thought: '',
    controlId: '1',
    controlName: 'Bold',
    function: 'click_input',
    args: {},
    status: 'CONTINUE',
    plan: [],
    ...action,
  };
  return { action: whole, confidence: { control: 1, function: 1, args: 1, status: 1 }, probability };
}

test('answers that say the same are one candidate with the probability of all', () => {
  const candidates = distinct([
    aCandidate(0.4, { controlId: '2' }),
    aCandidate(0.3, { args: { button: 'left', double: true } }),
    aCandidate(0.25, { args: { double: true, button: 'left' } }),
  ]);
  assert.deepEqual(
    candidates.map(({ action, probability }) => [action.controlId, Number(probability.toFixed(6))]),
    [
      ['1', 0.55],
      ['2', 0.4],
    ],
  );
});

test('another control, function, argument or status is another candidate', () => {
  const different = [
    {},
    { controlId: '3' },
    { function: 'double_click_input' },
    { args: { button: 'right' } },
    { status: 'FINISH' },
  ] satisfies Partial<Action>[];
  const all = different.map((action) => aCandidate(0.1, action));
  assert.equal(distinct(all).length, different.length);
});
