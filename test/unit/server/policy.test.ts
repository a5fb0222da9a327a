import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action } from '../../../src/runtime/index.ts';
import { reviewAction } from '../../../src/server/policy.ts';

function review(action: Partial<Action>, controlsTruncated = false) {
  const base: Action = {
    thought: '',
    controlId: '1',
    controlName: 'Bold',
    function: 'click_input',
    args: {},
    status: 'CONTINUE',
    plan: [],
  };
  return reviewAction({ ...base, ...action }, { controlsTruncated, maxTextBytes: 64 });
}

test('an ordinary action needs no confirmation and gets no remark', () => {
  assert.deepEqual(review({}), { requiresConfirmation: false, warnings: [] });
});

test('CONFIRM asks for confirmation', () => {
  assert.equal(review({ status: 'CONFIRM' }).requiresConfirmation, true);
});

test('clicking what sends, destroys or pays asks for confirmation and says why', () => {
  for (const controlName of ['Send', 'Delete Page', "Don't Save", 'UNINSTALL']) {
    const { requiresConfirmation, warnings } = review({ controlName });
    assert.equal(requiresConfirmation, true, controlName);
    assert.match(warnings.join(), new RegExp(controlName));
  }
});

test('a word that only begins or ends like one of them does not, nor does reading such a control', () => {
  for (const controlName of ['Sender', 'Undelete', 'Paying guests', '']) {
    assert.equal(review({ controlName }).requiresConfirmation, false, controlName);
  }
  assert.equal(review({ controlName: 'Delete', function: 'texts' }).requiresConfirmation, false);
});

test('giving up on a cut list is remarked', () => {
  assert.equal(review({ status: 'FAIL', function: '' }, true).warnings.length, 1);
  assert.equal(review({ status: 'FAIL', function: '' }, false).warnings.length, 0);
});

test('a text argument that reached its limit is named, one that did not is not', () => {
  const cut = review({ function: 'set_edit_text', controlName: 'Name', args: { text: 'x'.repeat(64) } });
  assert.deepEqual(cut.warnings, ['action.args.text may be cut: it reached options.max_text_bytes, 64']);
  assert.deepEqual(
    review({ function: 'set_edit_text', controlName: 'Name', args: { text: 'x'.repeat(60) } }).warnings,
    [],
  );
});
