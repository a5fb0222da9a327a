/** Which differences of control lists are refused, and by what name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyControlChanges } from '../../../../src/server/episodes/control-changes.ts';
import type { ControlChangesMessage } from '../../../../src/server/wire/messages.ts';

const named = (id: string, name = id) => ({ id, name, type: 'Button' });
const BASE = ['1', '2', '3'].map((id) => named(id));

function apply(changes: ControlChangesMessage): readonly string[] {
  return applyControlChanges(BASE, changes).map(({ name }) => name ?? '');
}

function refuses(changes: ControlChangesMessage, field: string): void {
  assert.throws(() => apply(changes), { code: 'invalid_request', details: { field } });
}

test('an empty difference changes nothing', () => {
  assert.deepEqual(apply({}), ['1', '2', '3']);
});

test('removed, changed, added: at the front, behind a control of the base, behind one that was added', () => {
  const added = [
    { control: named('a'), after_id: '' },
    { control: named('b'), after_id: '2' },
    { control: named('c'), after_id: 'b' },
    { control: named('d') },
  ];
  const changes = { removed_ids: ['3'], changed: [named('1', 'one')], added };
  assert.deepEqual(apply(changes), ['d', 'a', 'one', '2', 'b', 'c']);
});

test('a control is moved by removing and adding it', () => {
  assert.deepEqual(apply({ removed_ids: ['1'], added: [{ control: named('1'), after_id: '3' }] }), ['2', '3', '1']);
});

test('all can go', () => {
  assert.deepEqual(apply({ removed_ids: ['2', '1', '3'] }), []);
});

test('what does not fit the base is refused by the name of the entry', () => {
  refuses({ removed_ids: ['1', '4'] }, 'control_changes.removed_ids[1]');
  refuses({ removed_ids: ['1', '1'] }, 'control_changes.removed_ids[1]');
  refuses({ changed: [named('4')] }, 'control_changes.changed[0].id');
  refuses({ removed_ids: ['1'], changed: [named('1')] }, 'control_changes.changed[0].id');
  refuses({ added: [{ control: named('1'), after_id: '2' }] }, 'control_changes.added[0].control.id');
  refuses({ added: [{ after_id: '2' }] }, 'control_changes.added[0].control.id');
  refuses({ added: [{ control: named('4'), after_id: '9' }] }, 'control_changes.added[0].after_id');
  refuses({ removed_ids: ['2'], added: [{ control: named('4'), after_id: '2' }] }, 'control_changes.added[0].after_id');
});
