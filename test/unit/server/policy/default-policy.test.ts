/** The sensitive actions of UFO's prompts need confirmation; what is done all the time in Word does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Action, functionCatalog } from '../../../../src/runtime/index.ts';
import { DEFAULT_POLICY } from '../../../../src/server/policy/default-policy.ts';
import { Policy } from '../../../../src/server/policy/policy.ts';
import { aControl, anAction, aState } from '../../../support/states.ts';

const policy = new Policy(DEFAULT_POLICY);

type Case = { readonly name?: string; readonly type?: string; readonly app?: string; readonly call?: Partial<Action> };

function judge({ name = 'Body', type = 'Button', app = 'WINWORD.EXE', call = {} }: Case) {
  const state = aState({ app: { processName: app, windowTitle: '' }, controls: [aControl({ name, type })] });
  return policy.judge(anAction({ controlName: name, ...call }), state);
}

const press = (keys: string): Partial<Action> => ({ function: 'keyboard_input', args: { keys } });

test('names of sensitive controls', () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    send: ['Send', '&Send', 'Send Now', 'Save and Send', 'Submit', 'Share', 'SENDEN', '发送(&S)'],
    delete: [
      'Delete',
      'Delete...',
      'Delete (Del)',
      'Delete\tDel',
      'Permanently Delete',
      'ＤＥＬＥＴＥ',
      'D\u200belete',
      'Löschen',
    ],
    close: ['Close', 'Close\tAlt+F4', 'Exit', 'End Task', '✕', '×'],
    lose_changes: ["Don't Save", 'Don\u2019t Save', "Do&n't Save", 'Close without saving'],
    camera_microphone: ['Camera', 'Turn on camera', 'Unmute', 'Microphone', 'Dictate'],
    install: ['Install', 'Uninstall', 'Install Now'],
    passwords: ['Password', 'Show password', 'Saved Passwords'],
    pay: ['Pay now', 'Buy', 'Place your order'],
    session: ['Sign out', 'Shut down', 'Restart now'],
  };
  for (const [rule, list] of Object.entries(names)) {
    for (const name of list) {
      const verdict = judge({ name });
      assert.deepEqual([verdict.effect, verdict.name], ['confirm', rule], JSON.stringify(name));
    }
  }
});

test('keys that do the same', () => {
  const cases: readonly (readonly [string, Case])[] = [
    ['delete_keys', { type: 'ListItem', app: 'explorer.exe', call: press('{DELETE}') }],
    ['delete_keys', { type: 'ListItem', app: 'explorer.exe', call: press('+{DEL}') }],
    ['delete_keys', { type: 'ListItem', app: 'explorer.exe', call: press('{VK_SHIFT}{VK_DELETE}') }],
    ['delete_keys', { type: 'Document', app: 'msedge.exe', call: press('{DELETE}') }],
    ['close_keys', { type: 'Document', call: press('^w') }],
    ['close_keys', { type: 'Document', call: press('%{F4}') }],
    ['close_keys', { type: 'Document', call: press('{VK_CONTROL}w') }],
    ['close_keys', { type: 'Document', call: press('alt+f4') }],
    ['close_keys', { type: 'Edit', call: { function: 'set_edit_text', args: { text: '{VK_MENU}{F4}' } } }],
    ['send_mail_keys', { type: 'Document', app: 'OUTLOOK.EXE', call: press('^{ENTER}') }],
    ['send_chat_keys', { type: 'Edit', app: 'ms-teams.exe', call: press('hello{ENTER}') }],
    [
      'send_chat_keys',
      { type: 'Edit', app: 'ms-teams.exe', call: { function: 'set_edit_text', args: { text: 'hi\n' } } },
    ],
    ['browser_data_keys', { app: 'chrome.exe', call: press('^h') }],
    ['run_keys', { call: press('{LWIN}r') }],
    ['run_commands', { type: 'Document', app: 'cmd.exe', call: press('dir{ENTER}') }],
    ['unknown_keys', { type: 'Document', call: press('{NO_SUCH_KEY}') }],
    ['delete', { name: 'Delete', call: press('{SPACE}') }],
  ];
  for (const [rule, one] of cases) assert.equal(judge(one).name, rule, JSON.stringify(one));
});

test('functions that do it without a button', () => {
  assert.equal(judge({ call: { controlId: '', controlName: '', function: 'save_as' } }).name, 'overwrite');
  for (const name of ['click_on_coordinates', 'drag_on_coordinates']) {
    const call = { controlId: '', controlName: '', function: name };
    assert.equal(judge({ call }).name, 'unknown_place');
    assert.equal(judge({ name: 'Send', call }).name, 'send', 'the reason is the likelier one');
  }
});

test('everyday work needs no confirmation', () => {
  for (const name of [
    'Bold',
    'Save',
    'OK',
    'Cancel',
    'Sender',
    'Undelete',
    'Deleted Items',
    'Close Header and Footer',
  ]) {
    assert.equal(judge({ name }).effect, 'allow', name);
  }
  for (const name of ['Send Backward', 'Send to Back', 'Format', 'Restart Each Section', 'Paying guests', '']) {
    assert.equal(judge({ name }).effect, 'allow', name);
  }
  const typing = ['Hello, world', '{DELETE}', '{BACKSPACE 3}', '^b', '{VK_CONTROL}a', '50% of 3+4 (all)'];
  for (const keys of typing) assert.equal(judge({ type: 'Document', call: press(keys) }).effect, 'allow', keys);
  assert.equal(judge({ name: 'Delete', call: { function: 'texts' } }).effect, 'allow', 'reading does nothing');
  assert.equal(judge({ name: 'Name', type: 'Edit', call: press('{DELETE}') }).effect, 'allow');
});

test('no function of the catalog is passed over: those that act say so for a control named Delete', () => {
  const harmless = ['wheel_mouse_input', 'texts', 'summary', 'wait', 'select_text', 'select_table', 'select_paragraph'];
  // Undone by Ctrl+Z in the document that they are called on.
  const reversible = ['set_edit_text', 'insert_table', 'set_font'];
  for (const name of functionCatalog.keys()) {
    const { effect } = judge({ name: 'Delete', call: { function: name, args: { keys: ' ' } } });
    assert.equal(effect === 'confirm', ![...harmless, ...reversible].includes(name), name);
  }
});
