/** Both dialects over random states: what an expert would answer is of the grammar and comes back; so does what is drawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderAnswer } from '../../src/runtime/dialects/compact.ts';
import { CompactDialect } from '../../src/runtime/dialects/compact-dialect.ts';
import type { Dialect } from '../../src/runtime/dialects/dialect.ts';
import { renderJsonAnswer } from '../../src/runtime/dialects/json-answer.ts';
import { JsonDialect } from '../../src/runtime/dialects/json-dialect.ts';
import type { Segment } from '../../src/runtime/dialects/segment.ts';
import { type ArgSpec, appliesToType, defaultFunctions, functionCatalog } from '../../src/runtime/functions/catalog.ts';
import type { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import type { Action, State } from '../../src/runtime/types.ts';
import { Answers } from '../support/answers.ts';
import { byteTokenizer, pieceTokenizer } from '../support/byte-tokenizer.ts';
import { anAction, aState } from '../support/states.ts';

const MERGES = [
  ['B', 'o'],
  ['o', 'l'],
  ['Bo', 'ld'],
  ['l', 'd'],
  ['"', ','],
] as const;

const names = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    'Bold',
    'Bol',
    'Bold ',
    '',
    '"',
    '\\',
    '\\"',
    '","function":"',
    '🙂',
    'שלום',
    '▁',
    ' ▁ ',
    'a\tb\n',
    'e\u0301',
  ),
);
const TYPES = ['Button', 'Edit', 'Document', 'Spinner', 'Whatever'] as const;
const controls = fc.array(fc.record({ name: names, type: fc.constantFrom(...TYPES), enabled: fc.boolean() }), {
  maxLength: 8,
});
const states = fc
  .record({ userRequest: fc.constantFrom('go', `set 'Big "news"' to 12`, 'a 2x2 table ▁ in "x"'), listed: controls })
  .map(({ userRequest, listed }) =>
    aState({ userRequest, controls: listed.map((control, i) => ({ id: `c${i}`, ...control })) }),
  );
const draws = fc.array(fc.nat(), { minLength: 1, maxLength: 30 });

/** A value that the grammar allows for an argument and that is not its default, by an arbitrary number. */
function possibleValue(spec: ArgSpec, pick: number): string | number | boolean {
  switch (spec.type) {
    case 'string':
      // A literal of the task only where the compact dialect offers any: what else it may be is literal-choice.ts's matter.
      return ['', 'a b', 'q"\\', '🙂é', spec.literal === undefined ? '12' : 'a'][pick % 5] as string;
    case 'boolean':
      return !spec.default;
    case 'number': {
      const value = spec.min + (pick % Math.max(1, Math.floor(spec.max - spec.min)));
      return value === spec.default ? spec.min : value;
    }
    case 'enum':
      return spec.values.filter((value) => value !== spec.default)[pick % (spec.values.length - 1)] as string;
  }
}

/** An action that is possible in the state, by arbitrary numbers. */
function actionIn(state: State, picks: readonly number[]): Action {
  const at = (i: number) => picks[i % picks.length] ?? 0;
  const targets = [undefined, ...state.controls.filter(({ enabled }) => enabled !== false)];
  const control = targets[at(0) % targets.length];
  const specs = defaultFunctions('WINWORD.EXE').flatMap((name) => functionCatalog.get(name) ?? []);
  const fitting = specs.filter((spec) =>
    control === undefined ? spec.appliesTo === 'window' : appliesToType(spec, control.type),
  );
  const spec = fitting[at(1) % fitting.length];
  const args = (spec?.args ?? []).filter((arg, i) => arg.required || at(i + 2) % 2 === 0);
  return anAction({
    controlId: control?.id ?? '',
    controlName: control?.name ?? '',
    function: spec?.name ?? '',
    args: Object.fromEntries(args.map((arg, i) => [arg.name, possibleValue(arg, at(i + 3))])),
    status: (['CONTINUE', 'FINISH', 'CONFIRM'] as const)[at(2) % 3] ?? 'CONTINUE',
  });
}

type World = {
  readonly dialect: Dialect;
  readonly tokenizer: SegmentTokenizer;
  readonly render: (state: State, action: Action) => readonly Segment[];
};

const compactTokenizer = byteTokenizer(MERGES);
const byteLevel = byteTokenizer(MERGES, { specials: ['<s>'] });
const pieces = pieceTokenizer([
  ['▁', 'B'],
  ['B', 'o'],
  ['"', ','],
  ['l', 'd'],
]);
const WORLDS: Readonly<Record<string, World>> = {
  compact: { dialect: new CompactDialect(compactTokenizer), tokenizer: compactTokenizer, render: renderAnswer },
  json: { dialect: new JsonDialect(byteLevel), tokenizer: byteLevel, render: renderJsonAnswer },
  'json over SentencePiece': { dialect: new JsonDialect(pieces), tokenizer: pieces, render: renderJsonAnswer },
};
const OPTIONS = { maxTextBytes: 16 };

for (const [name, { dialect, tokenizer, render }] of Object.entries(WORLDS)) {
  const answers = new Answers(tokenizer);

  test(`${name}: what an expert answers is of the grammar, and comes back as it was`, () => {
    fc.assert(
      fc.property(states, draws, (state, picks) => {
        const action = actionIn(state, picks);
        const tokens: number[] = [];
        tokenizer.encode(render(state, action), tokens);
        const { grammar, parse } = dialect.prepare(state, OPTIONS);
        answers.check(grammar, tokens);
        assert.deepEqual(parse(Int32Array.from(tokens)), action);
      }),
    );
  });

  test(`${name}: what the grammar lets through is one grounded action, and is rendered as it was written`, () => {
    fc.assert(
      fc.property(states, draws, (state, draw) => {
        const { grammar, parse } = dialect.prepare(state, OPTIONS);
        const tokens = answers.draw(grammar, draw);
        const action = parse(tokens);
        const control = state.controls.find(({ id }) => id === action.controlId);
        assert.equal(action.controlName, control?.name ?? '');
        assert.notEqual(control?.enabled, false);
        const spec = functionCatalog.get(action.function);
        if (control !== undefined) assert.ok(spec !== undefined && appliesToType(spec, control.type));
        const written: number[] = [];
        tokenizer.encode(render(state, action), written);
        // Rendered, an argument with its default's value is left out, so what is compared is what is rendered.
        assert.deepEqual(render(state, parse(Int32Array.from(written))), render(state, action));
      }),
    );
  });
}
