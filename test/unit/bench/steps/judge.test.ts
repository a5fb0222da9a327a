import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choicesOf, judge, parseJson, parseTokens } from '../../../../bench/steps/judge.ts';
import { readTokenizer } from '../../../../bench/steps/work.ts';
import { renderAnswer } from '../../../../src/runtime/dialects/compact.ts';
import type { Action, State } from '../../../../src/runtime/index.ts';

const tokenizer = readTokenizer('models/lam-word/2');
const state: State = {
  userRequest: "make 'Report' bold",
  subtask: '',
  app: { processName: 'WINWORD.EXE', windowTitle: '' },
  controls: [
    { id: '1', name: 'Bold', type: 'Button' },
    { id: '2', name: 'Body', type: 'Document' },
    { id: '3', name: 'Bold', type: 'Button' },
    { id: '4', name: 'Paste', type: 'Button', enabled: false },
  ],
  previousPlan: [],
  previousActions: [],
  allowedFunctions: ['click_input', 'select_text', 'summary'],
};
const click: Action = {
  thought: '',
  controlId: '3',
  controlName: 'Bold',
  function: 'click_input',
  args: {},
  status: 'FINISH',
  plan: [],
};
const json = (answer: object) => parseJson(state, JSON.stringify(answer));

test('answer tokens are read without their end', () => {
  const tokens: number[] = [];
  tokenizer.encode(renderAnswer(state, click), tokens);
  assert.deepEqual(parseTokens(state, tokens.slice(0, -1), tokenizer), click);
  assert.equal(parseTokens(state, tokens.slice(0, -2), tokenizer), undefined);
});

test('controls of one name are told apart in JSON', () => {
  assert.deepEqual(choicesOf(state).controls, ['', 'Bold', 'Body', 'Bold (2)', 'Paste']);
  const answer = json({ control: 'Bold (2)', function: 'click_input', args: {}, status: 'FINISH' });
  assert.deepEqual(answer, click);
});

test('JSON that is no action is none', () => {
  assert.equal(parseJson(state, '{"control": "Bo'), undefined);
  const wrong = { control: 'Body', function: 'select_text', status: 'CONTINUE' };
  assert.equal(json({ ...wrong, args: {} }), undefined, 'a required argument is missing');
  assert.equal(json({ ...wrong, args: { text: 'x', rows: 1 } }), undefined, 'an argument is of another function');
  assert.equal(json({ ...wrong, args: { text: 'x' }, status: 'DONE' }), undefined);
});

test('an answer is grounded if its function can be called on its control', () => {
  assert.equal(judge(state, click, undefined).isGrounded, true);
  const select = { ...click, function: 'select_text', args: { text: 'Report' } };
  assert.equal(judge(state, select, undefined).isGrounded, false, 'a button has no text to select');
  assert.equal(judge(state, { ...click, controlId: '', controlName: '' }, undefined).isGrounded, false);
  assert.equal(judge(state, { ...click, controlId: '4', controlName: 'Paste' }, undefined).isGrounded, false);
  const summary = { ...click, controlId: '', controlName: '', function: 'summary', args: { text: 'x' } };
  assert.equal(judge(state, summary, undefined).isGrounded, true);
});

test('equal means the same control, function, arguments and status, defaults counted in', () => {
  assert.equal(judge(state, click, { ...click, args: { double: false } }).isEqual, true);
  assert.equal(judge(state, click, { ...click, args: { double: true } }).isEqual, false);
  assert.equal(judge(state, click, { ...click, controlId: '1' }).isEqual, false);
  assert.equal(judge(state, click, null).isEqual, false);
  assert.equal(judge(state, click, undefined).isEqual, undefined);
});
