import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action, State } from '../../../../src/runtime/index.ts';
import { Policy, without } from '../../../../src/server/policy/policy.ts';
import { parsePolicyFile } from '../../../../src/server/policy/policy-file.ts';
import { aControl, anAction, aState } from '../../../support/states.ts';

function policyOf(rules: string, byDefault = 'allow'): Policy {
  return new Policy(parsePolicyFile(`version: 1\ndefault: ${byDefault}\nrules:\n${rules}`));
}

const rule = (name: string, effect: string, conditions: string) =>
  `  - { name: ${name}, effect: ${effect}, reason: ${name}!, ${conditions} }\n`;

/** One control of every kind that the rules below are about. */
const state: State = aState({
  controls: [
    aControl({ id: '1', name: 'Delete', type: 'Button' }),
    aControl({ id: '2', name: 'Body', type: 'Document' }),
    aControl({ id: '3', name: 'Name', type: 'Edit' }),
  ],
});

const click = (overrides: Partial<Action> = {}) => anAction({ controlName: 'Delete', ...overrides });
const keys = (text: string, overrides: Partial<Action> = {}) =>
  anAction({ controlId: '2', controlName: 'Body', function: 'keyboard_input', args: { keys: text }, ...overrides });

test('the most severe rule decides, the first of equals; the default where none matches', () => {
  const rules =
    rule('a', 'allow', 'when: { control: [delete] }') +
    rule('b', 'confirm', 'when: { control: [delete] }') +
    rule('c', 'confirm', 'when: { function: [click_input] }');
  const policy = policyOf(rules, 'deny');
  assert.deepEqual(pick(policy, click()), ['confirm', 'b']);
  assert.deepEqual(pick(policy, keys('x')), ['deny', 'default']);
  assert.deepEqual(pick(policy, anAction({ function: '', controlId: '' })), ['allow', '']);
  assert.deepEqual(pick(policyOf(rule('d', 'deny', 'when: { control: [delete] }') + rules), click()), ['deny', 'd']);
});

test('all fields of a condition must hold, of a list one entry', () => {
  const policy = policyOf(
    rule(
      'r',
      'confirm',
      'when: { app: [excel, winword], control: [delete], control_type: [Button], function: [click_input] }',
    ),
  );
  assert.equal(pick(policy, click())[1], 'r');
  assert.equal(pick(policy, click({ function: 'wheel_mouse_input' }))[1], '');
  const elsewhere = { ...state, app: { processName: 'OUTLOOK.EXE', windowTitle: '' } };
  assert.equal(policy.judge(click(), elsewhere).name, '');
});

test('an exception takes back a rule, but only where it surely holds', () => {
  const policy = policyOf(rule('r', 'confirm', 'when: { keys: ["*+delete"] }, unless: [{ control_type: [Document] }]'));
  assert.equal(pick(policy, keys('{DELETE}'))[1], '');
  assert.equal(pick(policy, keys('{DELETE}', { controlId: '1', controlName: 'Delete' }))[1], 'r');
  const unfocused = keys('x', { args: { keys: '{DELETE}', control_focus: false } });
  assert.equal(pick(policy, unfocused)[1], 'r', 'something else may have the focus');
});

test('what a client does not tell is no way around a rule, and no way into an allowance', () => {
  const unknown = { ...state, app: { processName: '', windowTitle: '' } };
  const denies = policyOf(rule('r', 'deny', 'when: { app: [explorer], control: [delete] }'));
  assert.equal(denies.judge(click(), unknown).effect, 'deny');
  const allows = policyOf(rule('r', 'allow', 'when: { app: [winword], control: [delete] }'), 'deny');
  assert.equal(allows.judge(click(), state).effect, 'allow');
  assert.equal(allows.judge(click(), unknown).effect, 'deny');
});

test('of several keys one is enough to confirm or deny, all are needed to allow', () => {
  assert.equal(pick(policyOf(rule('r', 'deny', 'when: { keys: [delete] }')), keys('abc{DELETE}'))[0], 'deny');
  const allows = policyOf(rule('r', 'allow', 'when: { keys: [enter] }'), 'confirm');
  assert.equal(pick(allows, keys('{ENTER 2}'))[0], 'allow');
  assert.equal(pick(allows, keys('{ENTER}^w'))[0], 'confirm');
  assert.equal(pick(allows, keys('{NO_SUCH_KEY}'))[0], 'confirm');
});

test('a click at a place, a mnemonic and keys whose focus has moved may reach any control that is listed', () => {
  const policy = policyOf(rule('r', 'confirm', 'when: { control: [delete] }'));
  const place = anAction({
    controlId: '',
    controlName: '',
    function: 'click_on_coordinates',
    args: { x: 0.5, y: 0.5 },
  });
  assert.equal(pick(policy, place)[1], 'r');
  const inField = { controlId: '3', controlName: 'Name' };
  for (const text of ['{TAB}{ENTER}', '%d', '{VK_MENU}d'])
    assert.equal(pick(policy, keys(text, inField))[1], 'r', text);
  assert.equal(pick(policy, keys('a\tb c'))[1], '', 'a document takes its tabs for itself');
  assert.equal(pick(policy, keys('{ENTER}', inField))[1], '', 'the field has the focus');
});

test('a control without a name is known by its automation id', () => {
  const policy = policyOf(rule('r', 'confirm', 'when: { control: [delete] }'));
  const unnamed = { ...state, controls: [aControl({ name: '\u200b', automationId: 'btnDeleteAll' })] };
  assert.equal(policy.judge(click({ controlName: '\u200b' }), unnamed).name, 'r');
});

test('arguments are matched as words, with the defaults of those that are absent', () => {
  const policy = policyOf(
    rule('secret', 'confirm', 'when: { args: { text: [password] } }') +
      rule('plain', 'deny', 'when: { args: { button: ["^left$"] } }'),
  );
  const type = anAction({
    controlId: '3',
    controlName: 'Name',
    function: 'set_edit_text',
    args: { text: 'my PASSWORD: x' },
  });
  assert.equal(pick(policy, type)[1], 'secret');
  assert.equal(pick(policy, click())[1], 'plain');
  assert.equal(pick(policy, click({ args: { button: 'right' } }))[1], '');
});

test('what is denied whatever the arguments is not offered', () => {
  const policy = policyOf(
    rule('control', 'deny', 'when: { control: [delete] }') +
      rule('function', 'deny', 'when: { function: [save_as, set_font] }') +
      rule('pair', 'deny', 'when: { control: [name], function: [click_input] }') +
      rule('keys', 'deny', 'when: { keys: [f1] }'),
  );
  const { state: narrowed, rules } = policy.restrict(state);
  assert.deepEqual(
    narrowed.controls.map(({ id, enabled }) => [id, enabled]),
    [
      ['1', false],
      ['2', undefined],
      ['3', undefined],
    ],
  );
  const removed = state.allowedFunctions.filter((name) => !narrowed.allowedFunctions.includes(name));
  assert.deepEqual(removed, ['set_font', 'save_as']);
  assert.deepEqual(rules, ['control', 'function'], 'the others leave every control and function something');
  const onlyConfirms = policyOf(rule('r', 'confirm', 'when: { control: [delete] }'));
  assert.equal(onlyConfirms.restrict(state).state, state);
});

test('a function that is kept from every control is told of, even where each control has others', () => {
  const document = { ...state, controls: state.controls.filter(({ type }) => type === 'Document') };
  const { state: narrowed, rules } = policyOf(rule('no_clicks', 'deny', 'when: { function: [click_input] }')).restrict(
    document,
  );
  assert.deepEqual(narrowed.controls, document.controls);
  assert.ok(!narrowed.allowedFunctions.includes('click_input'));
  assert.deepEqual(rules, ['no_clicks']);
});

test('a control that is left for looking only is not offered either', () => {
  const triggers = 'function: [click_input, keyboard_input]';
  const { state: narrowed } = policyOf(rule('r', 'deny', `when: { ${triggers} }`)).restrict(state);
  assert.deepEqual(
    narrowed.controls.map(({ enabled }) => enabled),
    [false, undefined, undefined],
    'document and field still take text',
  );
  assert.ok(!narrowed.allowedFunctions.includes('click_input'));
});

test('with the default to deny, only what some rule may permit is offered', () => {
  const allows = 'when: { function: [select_text, texts, keyboard_input], app: [winword] }';
  const { state: narrowed, rules } = policyOf(rule('r', 'allow', allows), 'deny').restrict(state);
  assert.deepEqual(rules, ['default']);
  assert.deepEqual(narrowed.allowedFunctions, ['keyboard_input', 'texts', 'select_text']);
});

test('a choice that was denied is taken out of the state, a function where there is no control', () => {
  const narrowed = without(state, click());
  assert.deepEqual(
    narrowed?.controls.map(({ enabled }) => enabled),
    [false, undefined, undefined],
  );
  const waiting = without(state, anAction({ controlId: '', function: 'wait' }));
  assert.ok(!waiting?.allowedFunctions.includes('wait'));
  assert.equal(without(state, anAction({ controlId: '', function: '' })), undefined);
});

function pick(policy: Policy, action: Action): readonly [string, string] {
  const { effect, name } = policy.judge(action, state);
  return [effect, name];
}
