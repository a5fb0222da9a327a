import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderAnswer } from '../../../../src/runtime/dialects/compact.ts';
import { CompactDialect } from '../../../../src/runtime/dialects/compact-dialect.ts';
import { appliesToType, functionCatalog } from '../../../../src/runtime/functions/catalog.ts';
import type { State } from '../../../../src/runtime/types.ts';
import { Answers } from '../../../support/answers.ts';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';
import { aControl, anAction, aState } from '../../../support/states.ts';

const tokenizer = byteTokenizer([
  ['B', 'o'],
  ['l', 'd'],
]);
const answers = new Answers(tokenizer);
const dialect = new CompactDialect(tokenizer);
const OPTIONS = { maxTextBytes: 12 };

/** An answer drawn from what the grammar allows, by a list of arbitrary numbers. */
function drawAnswer(state: State, choices: readonly number[]): Int32Array {
  return answers.draw(dialect.prepare(state, OPTIONS).grammar, choices);
}

const names = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('Bold', 'Bol', 'Bold ', '', '"', '\\', '🙂', 'שלום', '<|end|>', 'none'),
);
const controls = fc.array(
  fc.record({ name: names, type: fc.constantFrom('Button', 'Edit', 'Document', 'Whatever'), enabled: fc.boolean() }),
  { maxLength: 8 },
);

test('whatever the grammar lets through is one grounded, well-formed action', () => {
  const requests = fc.constantFrom('make it bold', `set 'Big "news"' to 12`, 'a 2x2 table in "x"', '');
  const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(requests, controls, choices, (userRequest, listed, draw) => {
      const state = aState({ userRequest, controls: listed.map((control, i) => ({ id: `c${i}`, ...control })) });
      const action = dialect.prepare(state, OPTIONS).parse(drawAnswer(state, draw));
      const control = state.controls.find(({ id }) => id === action.controlId);
      assert.equal(action.controlName, control?.name ?? '');
      assert.notEqual(control?.enabled, false);
      const spec = functionCatalog.get(action.function);
      if (control !== undefined) assert.ok(spec !== undefined && appliesToType(spec, control.type));
      for (const arg of spec?.args ?? []) {
        const value = action.args[arg.name];
        if (arg.required) assert.notEqual(value, undefined);
        if (arg.type === 'number' && value !== undefined) {
          assert.ok(typeof value === 'number' && value >= arg.min && value <= arg.max);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a disabled control and a function that is not allowed cannot be answered', () => {
  const state = aState({
    controls: [aControl({ enabled: false }), aControl({ id: '2', name: 'Italic' })],
    allowedFunctions: ['click_input'],
  });
  for (let i = 0; i < 40; i++) {
    const action = dialect.prepare(state, OPTIONS).parse(drawAnswer(state, [i, i * 7]));
    assert.ok(['', '2'].includes(action.controlId));
    assert.ok(['', 'click_input'].includes(action.function));
  }
});

test('control and function are known as soon as the name of the function is whole', () => {
  const state = aState({
    controls: [aControl(), aControl({ id: '2', name: 'Body', type: 'Edit' }), aControl({ id: '3' })],
  });
  const { parseChoice } = dialect.prepare(state, OPTIONS);
  const cases = [
    anAction(),
    anAction({ controlId: '3' }),
    anAction({ controlId: '2', controlName: 'Body', function: 'set_edit_text', args: { text: 'x' } }),
    anAction({ controlId: '', controlName: '', function: 'wait', args: { seconds: 1 } }),
    anAction({ controlId: '', controlName: '', function: '', status: 'FINISH' }),
  ];
  for (const action of cases) {
    const { controlId, controlName, function: fn } = action;
    const segments = renderAnswer(state, action);
    const name = segments.findIndex((segment) => 'special' in segment && segment.special === '<|fn|>') + 1;
    const tokensOf = (some: typeof segments) => {
      const tokens: number[] = [];
      tokenizer.encode(some, tokens);
      return tokens;
    };
    const tokens = tokensOf(segments);
    // The special token behind the name says that it is whole.
    const length = tokensOf(segments.slice(0, name + 1)).length + 1;
    for (let n = 0; n <= tokens.length; n++) {
      const choice = parseChoice(Int32Array.from(tokens.slice(0, n)));
      assert.deepEqual(choice, n < length ? undefined : { controlId, controlName, function: fn }, `${n} tokens`);
    }
  }
});

test('a choice that is not grounded is refused, never guessed at', () => {
  const { parseChoice } = dialect.prepare(aState(), OPTIONS);
  const tokens: number[] = [];
  tokenizer.encode([{ text: 'Italic' }, { special: '<|fn|>' }, { text: 'click_input' }, { special: '<|st|>' }], tokens);
  assert.throws(() => parseChoice(Int32Array.from(tokens)), { code: 'internal', message: /does not list/ });
});

test('tasks whose literals are alike share the nodes of their functions, others do not', () => {
  const nodesFor = (userRequest: string) =>
    dialect.prepare(aState({ userRequest }), OPTIONS).grammar.nodes.slice(0, -1);
  const share = (a: string, b: string) => nodesFor(a).every((node, i) => node === nodesFor(b)[i]);
  assert.ok(share(`select 'Lower Loan'`, `type "Big news"`));
  assert.ok(share('make it 12 points', 'use 12 columns'));
  assert.ok(!share('make it 12 points', 'make it 14 points'));
  assert.ok(!share(`select 'Lower Loan'`, 'select Budget23'));
  assert.ok(!share('open C:\\Temp', 'open Budget23'));
});

test('types of controls that a client makes up add nothing to what is kept', () => {
  const own = new CompactDialect(tokenizer);
  const countNodes = (type: string) =>
    own.prepare(aState({ controls: [aControl({ type })] }), OPTIONS).grammar.nodes.length;
  const least = countNodes('MadeUp');
  for (const type of ['Another', 'CheckBox', 'constructor', '']) assert.equal(countNodes(type), least);
  assert.ok(countNodes('Edit') > least);
});
