import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderJsonAnswer } from '../../../../src/runtime/dialects/json-answer.ts';
import { JsonDialect } from '../../../../src/runtime/dialects/json-dialect.ts';
import { parseJsonAnswer } from '../../../../src/runtime/dialects/json-parse.ts';
import { renderJsonPrompt } from '../../../../src/runtime/dialects/json-prompt.ts';
import type { Segment } from '../../../../src/runtime/dialects/segment.ts';
import { functionCatalog } from '../../../../src/runtime/functions/catalog.ts';
import type { Action } from '../../../../src/runtime/types.ts';
import { Answers } from '../../../support/answers.ts';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';
import { aControl, anAction, aState } from '../../../support/states.ts';

const tokenizer = byteTokenizer([['B', 'o']], { specials: [] });
const dialect = new JsonDialect(tokenizer);
const answers = new Answers(tokenizer);
const OPTIONS = { maxTextBytes: 40 };
const BODY = { controlId: '2', controlName: 'Body' };

const textOf = (segments: readonly Segment[]) => segments.map((s) => ('text' in s ? s.text : s.special)).join('');

function tokensOf(segments: readonly Segment[]): number[] {
  const tokens: number[] = [];
  tokenizer.encode(segments, tokens);
  return tokens;
}

test('a prompt holds functions, task, controls, plan and history in that order', () => {
  const state = aState({
    subtask: 'select the title',
    controls: [
      aControl({ selected: true }),
      aControl({ id: '2', name: 'Say "hi"', type: 'ComboBox', enabled: false }),
      aControl({ id: '3' }),
    ],
    previousPlan: ['look'],
    previousActions: [
      { function: 'select_text', args: { text: 'a\n' }, controlName: 'Body', resultStatus: 'success', error: '' },
      { function: 'wait', args: { seconds: 2 }, controlName: '', resultStatus: 'failure', error: 'timed out' },
    ],
    allowedFunctions: ['click_input', 'wait', 'unknown'],
  });
  const { instructions, head, controls, tail } = renderJsonPrompt(state, OPTIONS);
  assert.match(
    instructions.join(''),
    /- click_input\{"button"\?: "left"\|"right"\|"middle"\|"x" = "left", "double"\?: boolean = false\} on any control: clicks/,
  );
  assert.match(instructions.join(''), /- wait\{"seconds": number 0..300\} of the window/);
  assert.equal(
    head.join(''),
    'Application: WINWORD.EXE (window "Document1 - Word")\nUser request: make the title bold\n' +
      'Do this part of it now: select the title\nControls:\n',
  );
  assert.deepEqual(controls, ['"Bold" Button, on\n', '"Say \\"hi\\"" ComboBox, disabled\n', '"Bold" 2 Button\n']);
  assert.equal(
    tail.join(''),
    'Plan so far:\n- look\nActions so far, oldest first:\n- select_text{"text":"a\\n"} on "Body": success\n' +
      '- wait{"seconds":2}: failure, "timed out"\nThe next action as JSON:',
  );
});

test('what is the same for all steps of an episode comes first', () => {
  const first = dialect.prepare(aState(), OPTIONS).promptTokens;
  const second = dialect.prepare(aState({ controls: [aControl({ name: 'Other' })] }), OPTIONS).promptTokens;
  const shared = first.findIndex((token, i) => token !== second[i]);
  const text = textOf(tokenizer.decode(first.subarray(0, shared)));
  assert.match(text, /make the title bold\nControls:\n"$/);
});

const ANSWERS: readonly (readonly [Partial<Action>, string])[] = [
  [{}, '{"control":"Bold","function":"click_input","args":{},"status":"CONTINUE"}'],
  [
    { args: { button: 'right', double: true } },
    '{"control":"Bold","function":"click_input","args":{"button":"right","double":true},"status":"CONTINUE"}',
  ],
  [
    { ...BODY, function: 'set_edit_text', args: { text: 'say "é"\n', clear_current_text: true }, status: 'FINISH' },
    String.raw`{"control":"Body","function":"set_edit_text","args":{"text":"say \"é\"\n","clear_current_text":true},"status":"FINISH"}`,
  ],
  [
    { ...BODY, function: 'insert_table', args: { rows: 3, columns: 14 } },
    '{"control":"Body","function":"insert_table","args":{"rows":3,"columns":14},"status":"CONTINUE"}',
  ],
  [
    { ...BODY, function: 'set_font', args: { font_size: 10.5 }, status: 'CONFIRM' },
    '{"control":"Body","function":"set_font","args":{"font_size":10.5},"status":"CONFIRM"}',
  ],
  [
    { controlId: '', controlName: '', function: 'save_as', args: { file_name: 'a', file_ext: '.pdf' } },
    '{"control":null,"function":"save_as","args":{"file_name":"a","file_ext":".pdf"},"status":"CONTINUE"}',
  ],
  [
    { controlId: '', controlName: '', function: '', status: 'FAIL' },
    '{"control":null,"function":"none","args":{},"status":"FAIL"}',
  ],
  [{ controlId: '3' }, '{"control":"Bold","nth":2,"function":"click_input","args":{},"status":"CONTINUE"}'],
];

for (const [overrides, expected] of ANSWERS) {
  test(`the answer ${expected}`, () => {
    const state = aState({ controls: [...aState().controls, aControl({ id: '3' })] });
    const action = anAction(overrides);
    const segments = renderJsonAnswer(state, action);
    assert.equal(textOf(segments), expected);
    const { grammar, parse } = dialect.prepare(state, OPTIONS);
    const tokens = tokensOf(segments);
    answers.check(grammar, tokens);
    assert.deepEqual(parse(Int32Array.from(tokens)), action);
  });
}

test('thought and plan are there when they are asked for, and only then', () => {
  const state = aState();
  const action = anAction({ thought: 'The title has to be bold.', plan: ['Select it', 'Click "Bold"'] });
  for (const [thought, plan] of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    const wanted = { thought, plan };
    const { grammar, parse } = dialect.prepare(state, { ...OPTIONS, ...wanted });
    const tokens = tokensOf(renderJsonAnswer(state, action, wanted));
    answers.check(grammar, tokens);
    const expected = { ...action, thought: thought ? action.thought : '', plan: plan ? action.plan : [] };
    assert.deepEqual(parse(Int32Array.from(tokens)), expected);
  }
  assert.throws(() =>
    answers.check(
      dialect.prepare(state, OPTIONS).grammar,
      tokensOf(renderJsonAnswer(state, action, { thought: true })),
    ),
  );
  const done = anAction({ status: 'FINISH' });
  const { grammar } = dialect.prepare(state, { ...OPTIONS, plan: true });
  answers.check(grammar, tokensOf(renderJsonAnswer(state, done, { plan: true })));
});

test('a state without controls can still be answered', () => {
  const { grammar, parse } = dialect.prepare(aState({ controls: [] }), OPTIONS);
  assert.equal(parse(answers.draw(grammar, [1])).controlId, '');
});

test('every function of the catalog can be called, with every argument at once', () => {
  for (const spec of functionCatalog.values()) {
    const type = typeof spec.appliesTo === 'string' ? 'Button' : (spec.appliesTo[0] ?? '');
    const state = aState({ controls: [aControl({ type })], allowedFunctions: [spec.name] });
    const args = Object.fromEntries(
      spec.args.map((arg) => {
        if (arg.type === 'string') return [arg.name, 'x'];
        if (arg.type === 'boolean') return [arg.name, !arg.default];
        if (arg.type === 'number') return [arg.name, arg.min];
        return [arg.name, arg.values.at(-1) ?? ''];
      }),
    );
    const onWindow = spec.appliesTo === 'window';
    const place = onWindow ? { controlId: '', controlName: '' } : {};
    const action = anAction({ ...place, function: spec.name, args });
    const { grammar, parse } = dialect.prepare(state, OPTIONS);
    const tokens = tokensOf(renderJsonAnswer(state, action));
    answers.check(grammar, tokens);
    assert.deepEqual(parse(Int32Array.from(tokens)), action);
  }
});

const UNGROUNDED: readonly (readonly [string, RegExp])[] = [
  ['nonsense', /not JSON/],
  ['{"control":"Bold"}', /function/],
  ['{"control":"Italic","function":"click_input","args":{},"status":"CONTINUE"}', /does not list/],
  ['{"control":"Bold","nth":2,"function":"click_input","args":{},"status":"CONTINUE"}', /does not list/],
  ['{"control":"Bold","function":"select_text","args":{"text":"x"},"status":"CONTINUE"}', /does not apply to Button/],
  ['{"control":"Bold","function":"drag_on_coordinates","args":{},"status":"CONTINUE"}', /is not allowed/],
  ['{"control":"Bold","function":"click_input","args":{"x":1},"status":"CONTINUE"}', /no argument x/],
  ['{"control":"Bold","function":"click_input","args":{"double":"yes"},"status":"CONTINUE"}', /double is no boolean/],
  ['{"control":"Bold","function":"click_input","args":{},"status":"LATER"}', /unknown status LATER/],
];

for (const [answer, message] of UNGROUNDED) {
  test(`the answer ${answer} is refused, never guessed at`, () => {
    assert.throws(() => parseJsonAnswer(aState(), answer), { code: 'internal', message });
  });
}

test('control and function are known as soon as the name of the function is whole', () => {
  const state = aState({
    controls: [aControl(), aControl({ id: '2', name: 'Say "hi"', type: 'Edit' }), aControl({ id: '3' })],
  });
  const { parseChoice } = dialect.prepare(state, { ...OPTIONS, thought: true });
  const call = { function: 'set_edit_text', args: { text: 'x' } };
  const cases = [
    anAction({ thought: 'an "x" in "control":null, \\ ', controlId: '2', controlName: 'Say "hi"', ...call }),
    anAction({ thought: 'the other one', controlId: '3' }),
    anAction({ controlId: '', controlName: '', function: 'wait', args: { seconds: 1 } }),
    anAction({ controlId: '', controlName: '', function: '', status: 'FINISH' }),
  ];
  for (const action of cases) {
    const { controlId, controlName, function: fn } = action;
    for (const thought of [false, true]) {
      const segments = renderJsonAnswer(state, action, { thought });
      const tokens = tokensOf(segments);
      const text = textOf(segments);
      const start = text.indexOf('"function":"', text.lastIndexOf('"control":')) + '"function":"'.length;
      const whole = text.indexOf('"', start) + 1;
      // One token per character, but for those that the tokenizer merges.
      const length = tokensOf([{ text: text.slice(0, whole) }]).length;
      for (let n = 0; n <= tokens.length; n++) {
        const choice = parseChoice(Int32Array.from(tokens.slice(0, n)));
        assert.deepEqual(choice, n < length ? undefined : { controlId, controlName, function: fn }, `${n} tokens`);
      }
    }
  }
});

test('a choice that is not grounded is refused, never guessed at', () => {
  const { parseChoice } = dialect.prepare(aState(), OPTIONS);
  const beginning = tokensOf([{ text: '{"control":"Italic","function":"click_input","' }]);
  assert.throws(() => parseChoice(Int32Array.from(beginning)), { code: 'internal', message: /does not list/ });
});

test('types of controls that a client makes up add nothing to what is kept', () => {
  const own = new JsonDialect(tokenizer);
  const countNodes = (type: string) =>
    own.prepare(aState({ controls: [aControl({ type })] }), OPTIONS).grammar.nodes.length;
  const least = countNodes('MadeUp');
  for (const type of ['Another', 'CheckBox', 'constructor', '']) assert.equal(countNodes(type), least);
  assert.ok(countNodes('Edit') > least);
});
