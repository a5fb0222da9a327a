import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ArgPlace,
  failedLiterals,
  isCandidate,
  type LiteralTraits,
  selectedLiterals,
  traitsOf,
} from '../../../../src/runtime/dialects/literal-choice.ts';
import { findReferences } from '../../../../src/runtime/dialects/references.ts';
import { functionCatalog } from '../../../../src/runtime/functions/catalog.ts';
import type { PreviousAction } from '../../../../src/runtime/types.ts';

/** The literals of `task` that may be an argument of a function. */
function candidates(
  task: string,
  functionName: string,
  options: { arg: string; isSpinner?: boolean; history?: PreviousAction[] },
) {
  const spec = functionCatalog.get(functionName)?.args.find(({ name }) => name === options.arg);
  assert.ok(spec !== undefined);
  const place: ArgPlace = { functionName, spec, isSpinner: options.isSpinner ?? false };
  const references = findReferences(task);
  const history = options.history ?? [];
  const literals = traitsOf(references, [...failedLiterals(history), ...selectedLiterals(history, references)]);
  return references
    .filter((_, i) => isCandidate(literals[i] as LiteralTraits, place, literals))
    .map(({ text }) => text);
}

const failure = (text: string, error: string): PreviousAction => ({
  function: 'select_text',
  args: { text },
  controlName: 'Body',
  resultStatus: 'failure',
  error,
});

test('a number in the task is not selected while the task quotes a text', () => {
  assert.deepEqual(candidates("put 'Big news' in 72 points", 'select_text', { arg: 'text' }), ['Big news']);
  assert.deepEqual(candidates('select Budget23', 'select_text', { arg: 'text' }), ['Budget23']);
});

test('into a spinner goes a number, into an edit anything', () => {
  const task = "16 pt before 'Lower Loan'";
  assert.deepEqual(candidates(task, 'set_edit_text', { arg: 'text', isSpinner: true }), ['16']);
  assert.deepEqual(candidates(task, 'set_edit_text', { arg: 'text' }), ['16', 'Lower Loan']);
});

test('a number argument takes numbers in its range', () => {
  assert.deepEqual(candidates("a 3x4 table, 2.5 cm, 0, '7', 99", 'insert_table', { arg: 'columns' }), ['3', '4', '7']);
});

test('a literal is not offered again when the error of a call named it, and is when it named something else', () => {
  const task = "comment 'a b' on 'c d'";
  const notFound = [failure('a b', "Text 'a b' not found.")];
  assert.deepEqual(candidates(task, 'select_text', { arg: 'text', history: notFound }), ['c d']);
  assert.deepEqual(candidates(task, 'set_edit_text', { arg: 'text', history: notFound }), ['a b', 'c d']);
  const covered = [failure('a b', "Control 'Body' is covered by Font dialog.")];
  assert.deepEqual(candidates(task, 'select_text', { arg: 'text', history: covered }), ['a b', 'c d']);
});

test('a folder is a path, a file name is not', () => {
  const task = String.raw`save it in C:\Temp\x as Budget23`;
  assert.deepEqual(candidates(task, 'save_as', { arg: 'file_dir' }), [String.raw`C:\Temp\x`]);
  assert.deepEqual(candidates(task, 'save_as', { arg: 'file_name' }), ['Budget23']);
});

test('what was selected is not typed while the task says something that was not used', () => {
  const selected: PreviousAction = { ...failure('c d', ''), resultStatus: 'success' };
  const task = "comment 'a b' on 'c d'";
  assert.deepEqual(candidates(task, 'set_edit_text', { arg: 'text', history: [selected] }), ['a b']);
  assert.deepEqual(candidates("retype 'c d'", 'set_edit_text', { arg: 'text', history: [selected] }), ['c d']);
});
