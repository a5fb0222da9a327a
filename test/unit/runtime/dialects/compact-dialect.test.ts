import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompactDialect } from '../../../../src/runtime/dialects/compact-dialect.ts';
import { appliesToType, functionCatalog } from '../../../../src/runtime/functions/catalog.ts';
import { GrammarMatcher } from '../../../../src/runtime/grammar/matcher.ts';
import { validateGrammar } from '../../../../src/runtime/grammar/validate.ts';
import { Vocabulary } from '../../../../src/runtime/grammar/vocabulary.ts';
import type { State } from '../../../../src/runtime/types.ts';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';
import { aControl, aState } from '../../../support/states.ts';

const tokenizer = byteTokenizer([
  ['B', 'o'],
  ['l', 'd'],
]);
const vocabulary = new Vocabulary({ tokens: tokenizer.tokenBytes });
const dialect = new CompactDialect(tokenizer);
const OPTIONS = { maxTextBytes: 12 };

/** An answer drawn from what the grammar allows, by a list of arbitrary numbers. */
function drawAnswer(state: State, choices: readonly number[]): Int32Array {
  const { grammar } = dialect.prepare(state, OPTIONS);
  const matcher = new GrammarMatcher(vocabulary, grammar);
  const tokens: number[] = [];
  while (!matcher.isTerminated) {
    const { tokens: allowed, count } = matcher.allowed();
    const token = allowed[(choices[tokens.length % choices.length] ?? 0) % count] ?? -1;
    matcher.accept(token);
    tokens.push(token);
  }
  assert.ok(tokens.length <= grammar.maxTokens);
  return Int32Array.from(tokens);
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
      validateGrammar(dialect.prepare(state, OPTIONS).grammar, vocabulary);
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
