import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action, Control, PreviousAction, State } from '../../../../src/runtime/index.ts';
import { type Undo, undoOf, undoSetting } from '../../../../src/server/policy/undo.ts';
import { aControl, anAction, aState } from '../../../support/states.ts';

const DOCUMENT = aControl({ id: 'd', name: 'Body', type: 'Document' });

/** An action on a control of Word, beside the document. */
function undo(control: Partial<Control>, action: Partial<Action> = {}, overrides: Partial<State> = {}): Undo {
  const acted = aControl({ id: 'c', ...control });
  const state = aState({ controls: [acted, DOCUMENT], ...overrides });
  const whole = anAction({ controlId: 'c', controlName: acted.name, ...action });
  const target = state.controls.find(({ id }) => id === whole.controlId);
  return undoOf({ action: whole, ...(target && { control: target }), setting: undoSetting(whole, state) });
}

/** `function control {args}` of what takes an action back; empty: there is nothing to take back. */
function summary(result: Undo): string {
  if (result === 'unknown') return 'unknown';
  if (!result.reversible) return 'irreversible';
  const { function: name, controlId, args } = result.action;
  return name === '' ? 'nothing' : `${name} ${controlId} ${JSON.stringify(args)}`;
}

const CTRL_Z = 'keyboard_input d {"keys":"{VK_CONTROL}z"}';
const ESCAPE = 'keyboard_input c {"keys":"{ESC}","control_focus":false}';
const OUTLOOK = {
  app: { processName: 'OUTLOOK.EXE', windowTitle: '' },
  controls: [aControl({ id: 'c', name: 'Delete' })],
};

test('formatting is taken back in the document', () => {
  assert.equal(summary(undo({ name: 'Bold' })), CTRL_Z);
  assert.equal(summary(undo({ name: 'Anything', selected: false })), CTRL_Z);
  assert.equal(summary(undo({ id: 'd', type: 'Document' }, { controlId: 'd', function: 'set_font' })), CTRL_Z);
  assert.equal(summary(undo({}, { controlId: 'd', function: 'insert_table' })), CTRL_Z);
  assert.equal(summary(undo({ name: 'Undo' })), 'keyboard_input d {"keys":"{VK_CONTROL}y"}');
});

test('typing is, unless it may take several steps', () => {
  const type = (keys: string) => undo({}, { controlId: 'd', function: 'keyboard_input', args: { keys } });
  for (const keys of ['Hello, world', '{DELETE}', '^b', '{VK_CONTROL}i'])
    assert.equal(summary(type(keys)), CTRL_Z, keys);
  for (const keys of ['two{ENTER}lines', '^bx', '{NO_SUCH_KEY}']) assert.equal(summary(type(keys)), 'unknown', keys);
  for (const keys of ['{HOME}', '+{END}', '^a']) assert.equal(summary(type(keys)), 'nothing', keys);
  for (const keys of ['^s', '%{F4}', '+{DELETE}']) assert.equal(summary(type(keys)), 'irreversible', keys);
});

test('what has opened is closed', () => {
  for (const name of ['Font...', 'Page Setup\u2026']) assert.equal(summary(undo({ name })), ESCAPE, name);
  assert.equal(summary(undo({ name: 'Bold' }, { args: { button: 'right' } })), ESCAPE);
  assert.equal(summary(undo({ name: 'Style', type: 'ComboBox' })), ESCAPE);
});

test('a check box is clicked again, a tab needs nothing', () => {
  assert.equal(summary(undo({ name: 'Ruler', type: 'CheckBox', selected: true })), 'click_input c {}');
  assert.equal(summary(undo({ name: 'Ruler', type: 'CheckBox' })), 'unknown');
  assert.equal(summary(undo({ name: 'Home', type: 'TabItem' })), 'nothing');
  assert.equal(summary(undo({}, { function: '' })), 'nothing');
  assert.equal(summary(undo({}, { controlId: 'd', function: 'select_text' })), 'nothing');
});

test('what is sent, saved, printed, or deleted outside of a document stays so, and the reason is told', () => {
  for (const name of ['Send', 'Save', 'Print', "Don't Save"])
    assert.equal(summary(undo({ name })), 'irreversible', name);
  assert.equal(summary(undo({}, { controlId: '', function: 'save_as' })), 'irreversible');
  assert.equal(summary(undo({ name: 'Delete' }, {}, OUTLOOK)), 'irreversible');
  assert.equal(summary(undo({ name: 'Delete' })), 'unknown', 'of a document, Ctrl+Z may bring it back');
  assert.equal(summary(undo({ name: 'Print Layout', type: 'Button' })), 'unknown');
  const sent = undo({ name: 'Send' });
  assert.match(sent !== 'unknown' && !sent.reversible ? sent.reason : '', /"Send"/);
});

test('a field gets the text back that the episode knows', () => {
  const field = { name: 'File name', type: 'Edit' };
  const typed = { function: 'set_edit_text', args: { text: 'new' } };
  const earlier: PreviousAction = {
    function: 'set_edit_text',
    args: { text: 'old', clear_current_text: true },
    controlName: 'File name',
    resultStatus: 'success',
    error: '',
  };
  const after = (...previousActions: PreviousAction[]) => summary(undo(field, typed, { previousActions }));
  const restored = 'set_edit_text c {"text":"old","clear_current_text":true}';
  assert.equal(after(earlier), restored);
  assert.equal(after(earlier, { ...earlier, controlName: 'Other' }), restored);
  assert.equal(after(), 'unknown');
  assert.equal(after({ ...earlier, resultStatus: 'failure' }), 'unknown');
  assert.equal(after({ ...earlier, args: { text: 'more' } }), 'unknown', 'it was appended to something');
  assert.equal(after(earlier, { ...earlier, function: 'click_input', controlName: 'Clear' }), 'unknown');
});

test('nothing is made up for what is not known', () => {
  assert.equal(summary(undo({ name: 'Columns' })), 'unknown');
  assert.equal(summary(undo({ name: 'Bold' }, { args: { double: true } })), 'unknown');
  assert.equal(
    summary(undo({ name: 'Bold' }, {}, { app: { processName: 'unheard-of.exe', windowTitle: '' } })),
    'unknown',
  );
  assert.equal(summary(undo({ name: 'Bold' }, {}, { controls: [aControl({ id: 'c' })] })), 'unknown', 'no document');
  assert.equal(summary(undo({}, { controlId: '', function: 'drag_on_coordinates' })), 'unknown');
  assert.equal(undoOf({ action: anAction({ function: 'set_font' }) }), 'unknown');
});
