import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { Desk } from '../../../bench/desktop/desk.ts';
import { WordDesktop } from '../../../bench/desktop/desktop.ts';
import { createDocument, createTable, documentText } from '../../../bench/desktop/document.ts';
import { formatAtSelection } from '../../../bench/desktop/editing.ts';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { FUNCTION_NAMES, type Outcome } from '../../../bench/desktop/executor.ts';
import { Random } from '../../../bench/desktop/random.ts';
import type { Args } from '../../../src/runtime/types.ts';

let desktop: WordDesktop;

beforeEach(() => {
  desktop = new WordDesktop(
    new Desk(createDocument(['The annual report is late.', 'Nobody minds.', 'Not even Anna.'])),
  );
});

/** Calls a function on the control of this name; '' is the window. */
function call(name: string, functionName: string, args: Args = {}): Outcome {
  const control = desktop.observe().controls.findLast((candidate) => candidate.name === name);
  assert.ok(name === '' || control, `no control ${name}`);
  return desktop.execute({ function: functionName, args, controlId: control?.id ?? '', controlName: name });
}
const click = (name: string): Outcome => call(name, 'click_input');
const clickAll = (...names: string[]): void => {
  for (const name of names) assert.equal(click(name).status, 'success', name);
};
const document = () => desktop.desk.document;

describe('functions', () => {
  test('select_text and click_input format the selected text only', () => {
    call('Body', 'select_text', { text: 'annual report' });
    clickAll('Bold');
    assert.deepEqual(
      document().paragraphs[0]?.runs.map(({ text, format }) => [text, format.bold]),
      [
        ['The ', false],
        ['annual report', true],
        [' is late.', false],
      ],
    );
  });

  test('a menu opens with a click and closes with the next', () => {
    clickAll('Layout', 'Margins');
    assert.ok(desktop.observe().controls.some(({ name }) => name === 'Narrow'));
    clickAll('Narrow');
    assert.equal(document().page.margins.left, 0.5);
    assert.ok(!desktop.observe().controls.some(({ name }) => name === 'Narrow'));
  });

  test('a dialog does nothing before OK, and nothing at all after Cancel', () => {
    clickAll('View', 'Zoom...');
    call('Percent:', 'set_edit_text', { text: '150', clear_current_text: true });
    assert.equal(document().view.zoom, 100);
    clickAll('Cancel', 'Zoom...');
    assert.equal(call('Percent:', 'texts').result, '100');
    call('Percent:', 'set_edit_text', { text: '175', clear_current_text: true });
    clickAll('OK');
    assert.equal(document().view.zoom, 175);
  });

  test('set_edit_text appends unless the current text is cleared', () => {
    clickAll('Insert', 'Bookmark...');
    call('Bookmark name:', 'set_edit_text', { text: 'one' });
    call('Bookmark name:', 'set_edit_text', { text: 'two' });
    assert.equal(call('Bookmark name:', 'texts').result, 'onetwo');
    call('Bookmark name:', 'set_edit_text', { text: 'three', clear_current_text: true });
    assert.equal(call('Bookmark name:', 'texts').result, 'three');
  });

  test('keyboard_input types over the selection and knows shortcuts', () => {
    call('Body', 'select_text', { text: 'late' });
    call('Body', 'keyboard_input', { keys: 'early' });
    assert.match(documentText(document()), /report is early/);
    call('Body', 'keyboard_input', { keys: '{VK_CONTROL}a' });
    call('Body', 'keyboard_input', { keys: '{VK_CONTROL}b' });
    assert.ok(document().paragraphs.every(({ runs }) => runs.every(({ format }) => format.bold)));
  });

  test('insert_table, select_table, select_paragraph, set_font, save_as, wheel_mouse_input, wait, summary', () => {
    call('Body', 'insert_table', { rows: 3, columns: 4 });
    assert.deepEqual(document().tables, [createTable(3, 4)]);
    call('Body', 'select_table', { number: 1 });
    clickAll('Center');
    assert.equal(document().tables[0]?.alignment, 'center');
    call('Body', 'select_paragraph', { start_index: 2, end_index: -1 });
    call('Body', 'set_font', { font_name: 'Arial', font_size: 20 });
    assert.deepEqual([formatAtSelection(document()).font, formatAtSelection(document()).size], ['Arial', 20]);
    call('', 'save_as', { file_name: 'copy' });
    assert.deepEqual(document().file.copies, ['/copy.pdf']);
    call('Vertical', 'wheel_mouse_input', { wheel_dist: -4 });
    assert.equal(document().view.scroll, 4);
    assert.equal(call('', 'summary', { text: 'three paragraphs' }).result, 'three paragraphs');
    assert.equal(call('', 'wait', { seconds: 2 }).status, 'success');
  });

  test('texts returns what the document or a label says', () => {
    assert.equal(call('Body', 'texts').result, documentText(document()));
    assert.equal(call('Word Count 10 words', 'texts').result, 'Word Count 10 words');
    assert.equal(call('Bold', 'texts').result, 'Bold');
  });

  test('undo takes edits back one by one, and leaves the view alone', () => {
    clickAll('View', 'Ruler', 'Layout', 'Orientation', 'Landscape', 'Undo');
    assert.equal(document().page.orientation, 'Portrait');
    assert.equal(document().view.ruler, true);
    assert.equal(desktop.observe().controls.find(({ name }) => name === 'Undo')?.enabled, false);
  });
});

describe('errors', () => {
  const failsWith = (outcome: Outcome, error: RegExp): void => {
    assert.equal(outcome.status, 'failure');
    assert.match(outcome.error, error);
  };

  test('an id that is not in the current observation', () => {
    const outcome = desktop.execute({ function: 'click_input', args: {}, controlId: '999', controlName: 'Bold' });
    failsWith(outcome, /Control with id '999' not found/);
  });

  test('an id whose control has another name', () => {
    const outcome = desktop.execute({ function: 'click_input', args: {}, controlId: '1', controlName: 'Bold' });
    failsWith(outcome, /id '1' is not named 'Bold'/);
  });

  test('a disabled control', () => failsWith(click('Copy'), /'Copy' is not enabled/));

  test('a control that a dialog covers', () => {
    clickAll('Font...');
    failsWith(click('Bold'), /'Bold' is covered by Font dialog/);
    failsWith(call('Body', 'select_text', { text: 'late' }), /covered by Font dialog/);
    failsWith(call('', 'save_as'), /rejected by callee/);
  });

  test('text, paragraphs and tables that are not there', () => {
    failsWith(call('Body', 'select_text', { text: 'nowhere' }), /Text 'nowhere' not found/);
    failsWith(call('Body', 'select_text', { text: '' }), /not found/);
    failsWith(call('Body', 'select_paragraph', { start_index: 2, end_index: 9 }), /out of range/);
    failsWith(call('Body', 'select_table', { number: 1 }), /out of range/);
  });

  test('functions on controls they do not apply to', () => {
    failsWith(call('Bold', 'set_edit_text', { text: 'x' }), /does not take text/);
    failsWith(call('Insert', 'texts'), /has no text/);
    failsWith(call('Bold', 'select_text', { text: 'late' }), /Document control only/);
    failsWith(call('', 'click_input'), /needs a control/);
  });

  test('arguments that Word refuses', () => {
    failsWith(call('Body', 'set_font', { font_size: 12 }), /Nothing is selected/);
    failsWith(call('Body', 'insert_table', { rows: 2, columns: 64 }), /invalid/);
    failsWith(call('', 'save_as', { file_ext: '.png' }), /not supported/);
    failsWith(call('Body', 'keyboard_input', { keys: '{NOT A KEY}' }), /not understood/);
    failsWith(call('Body', 'drag_on_coordinates'), /not available/);
  });

  test('a failure changes nothing and is remembered', () => {
    const before = JSON.stringify(document());
    call('Body', 'select_text', { text: 'nowhere' });
    assert.equal(JSON.stringify(document()), before);
    assert.deepEqual(desktop.history, [
      {
        function: 'select_text',
        args: { text: 'nowhere' },
        controlName: 'Body',
        resultStatus: 'failure',
        error: "Text 'nowhere' not found.",
      },
    ]);
  });
});

test('no sequence of calls breaks the desktop, and what a call changes can be observed again', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      const { desktop: played } = makeEpisode('train', seed);
      for (let i = 0; i < 30; i++) {
        const { id, name } = random.pick(played.observe().controls);
        const outcome = played.execute({
          function: random.pick(FUNCTION_NAMES),
          args: random.pick(SOME_ARGS),
          controlId: random.chance(0.9) ? id : '',
          controlName: random.chance(0.9) ? name : '',
        });
        assert.equal(outcome.status === 'failure', outcome.error !== '');
        assert.ok(played.observe().controls.length >= 20);
      }
      assert.equal(played.history.length, 30);
    }),
    { numRuns: 100 },
  );
});

const SOME_ARGS: readonly Args[] = [
  {},
  { text: 'report', keys: '{VK_CONTROL}a', number: 1, rows: 2, columns: 3, start_index: 1, end_index: -1 },
  { text: '', keys: '{ESC}', wheel_dist: -3, font_size: 12, seconds: 1, clear_current_text: true },
  { text: '2.5', keys: 'typed', number: -7, start_index: 3, end_index: 1, button: 'right', file_ext: '.txt' },
];
