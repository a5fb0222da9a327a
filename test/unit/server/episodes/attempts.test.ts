/** Which actions have had no effect, and which are the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Attempt,
  actionKey,
  attemptsOfHistory,
  attemptsOfSteps,
  countIneffective,
  isAnyExhausted,
  sameAction,
} from '../../../../src/server/episodes/attempts.ts';
import { previousActions, previousPlan } from '../../../../src/server/episodes/history.ts';
import { aStep } from '../../../support/episode-builders.ts';
import { anAction } from '../../../support/states.ts';

type Step = Parameters<typeof aStep>[0];

function fate(step: Step, nextHash = 'next'): Attempt['fate'] | undefined {
  return attemptsOfSteps([aStep({ observationHash: 'h', ...step })], () => nextHash)[0]?.fate;
}

test('what the client reports decides, else what is observed next', () => {
  assert.equal(fate({ resultStatus: 'failure' }), 'ineffective');
  assert.equal(fate({ resultStatus: 'failure', observedChange: 'a dialog opened' }), 'ineffective');
  assert.equal(fate({ resultStatus: 'success', observedChange: 'none' }), 'ineffective');
  assert.equal(fate({ resultStatus: 'success', observedChange: 'the text is selected' }, 'h'), 'effective');
  assert.equal(fate({ resultStatus: 'success' }, 'h'), 'ineffective');
  assert.equal(fate({ resultStatus: 'none' }, 'h'), 'ineffective');
  assert.equal(fate({ resultStatus: 'none' }), 'effective');
  assert.equal(fate({ resultStatus: 'skipped' }, 'h'), 'unknown');
  assert.equal(fate({ resultStatus: 'undone' }, 'h'), 'unknown');
  assert.equal(fate({ action: anAction({ function: '' }) }, 'h'), 'unknown');
  assert.equal(fate({ action: anAction({ function: 'wait', args: { seconds: 1 } }) }, 'h'), 'effective');
  assert.equal(fate({ observationHash: '' }, ''), 'unknown');
  assert.equal(fate({ observationHash: '', resultStatus: 'success' }, ''), 'effective');
});

test('the observation that follows a step is that of the next step', () => {
  const steps = [aStep({ observationHash: 'a' }), aStep({ observationHash: 'a' }), aStep({ observationHash: 'b' })];
  assert.deepEqual(
    attemptsOfSteps(steps, () => 'b').map((attempt) => attempt.fate),
    ['ineffective', 'effective', 'ineffective'],
  );
});

test('an action is the same whether its defaults are spelled out or not, in any order', () => {
  const key = (args: Attempt['action']['args']) => actionKey(anAction({ args }));
  assert.equal(key({}), key({ button: 'left', double: false }));
  assert.equal(key({ double: true, button: 'right' }), key({ button: 'right', double: true }));
  assert.notEqual(key({}), key({ double: true }));
  assert.notEqual(actionKey(anAction()), actionKey(anAction({ controlName: 'Italic' })));
});

test('controls that share a name are told apart by id, others are not, because ids last for one observation', () => {
  const other = anAction({ controlId: '7' });
  assert.equal(sameAction(anAction(), false)(other), true);
  assert.equal(sameAction(anAction(), true)(other), false);
  assert.equal(sameAction(anAction(), true)(anAction()), true);
});

test('failures count since the action last had an effect', () => {
  const attempt = (fate: Attempt['fate'], name = 'Bold'): Attempt => ({
    action: anAction({ controlName: name }),
    fate,
  });
  const isSame = sameAction(anAction(), false);
  const failed = attempt('ineffective');
  assert.equal(countIneffective([failed, attempt('effective', 'Save'), failed], isSame), 2);
  assert.equal(countIneffective([failed, attempt('effective'), failed], isSame), 1);
  assert.equal(countIneffective([failed, attempt('unknown'), failed], isSame), 2);
  assert.equal(isAnyExhausted([failed, attempt('ineffective', 'Save')]), false);
  assert.equal(isAnyExhausted([failed, attempt('ineffective', 'Save'), failed]), true);
  assert.equal(isAnyExhausted([failed, failed, attempt('effective')]), false);
});

test('a history that the client sends is read as it is reported', () => {
  const history = [
    {
      function: 'click_input',
      control_name: 'Bold',
      control_id: '1',
      args: { double: null },
      result_status: 'failure',
    },
    { function: 'click_input', result_status: 'success' },
    { function: 'click_input' },
  ];
  const attempts = attemptsOfHistory(history);
  assert.deepEqual(
    attempts.map(({ fate }) => fate),
    ['ineffective', 'effective', 'unknown'],
  );
  assert.equal(actionKey(attempts[0]?.action ?? anAction()), actionKey(anAction()));
});

test('the model is shown what was executed, and what of it was in vain', () => {
  const steps = [
    aStep({ step: 1, resultStatus: 'failure', error: 'not found', observationHash: 'a' }),
    aStep({ step: 2, resultStatus: 'undone', observationHash: 'b' }),
    aStep({ step: 3, resultStatus: 'success', observedChange: 'none', observationHash: 'c' }),
    aStep({ step: 4, action: anAction({ function: '', status: 'FAIL' }), observationHash: 'd' }),
    aStep({ step: 5, resultStatus: 'skipped', observationHash: 'e' }),
    aStep({ step: 6, resultStatus: 'success', action: anAction({ controlName: 'Once' }), observationHash: 'f' }),
  ];
  const shown = previousActions(
    steps,
    attemptsOfSteps(steps, () => 'f'),
  );
  assert.deepEqual(
    shown.map(({ step, result_status, error }) => [step, result_status, error]),
    [
      [1, 'failure', 'not found'],
      [3, 'failure', 'nothing changed'],
      [5, 'skipped', ''],
      // Its work may not show in the list of controls.
      [6, 'success', ''],
    ],
  );
});

test('the same action twice without a trace was in vain', () => {
  const steps = [1, 2].map((step) => aStep({ step, resultStatus: 'success', observationHash: 'a' }));
  const shown = previousActions(
    steps,
    attemptsOfSteps(steps, () => 'a'),
  );
  assert.deepEqual(
    shown.map((action) => action.result_status),
    ['failure', 'failure'],
  );
});

test('the previous plan is that of the last action, else the one that was asked for', () => {
  const planned = aStep({ action: anAction({ plan: ['then'] }) });
  assert.deepEqual(previousPlan({ plan: ['all'] }, [planned]), ['then']);
  assert.deepEqual(previousPlan({ plan: ['all'] }, [planned, aStep()]), ['all']);
  assert.deepEqual(previousPlan({ plan: ['all'] }, []), ['all']);
});

test('what is observed now is asked for only where the last fate rests on it', () => {
  const asked = (steps: readonly ReturnType<typeof aStep>[]) => {
    let count = 0;
    isAnyExhausted(
      attemptsOfSteps(steps, () => {
        count += 1;
        return 'now';
      }),
    );
    return count > 0;
  };
  const other = aStep({ observationHash: 'b', action: anAction({ controlName: 'Italic' }) });
  const first = aStep({ observationHash: 'a' });
  assert.equal(asked([first, other]), false);
  assert.equal(asked([first, other, aStep({ observationHash: 'c', resultStatus: 'failure' })]), false);
  assert.equal(asked([first, other, aStep({ observationHash: 'c' })]), true);
});
