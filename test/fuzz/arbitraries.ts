/** What requests are made of: values from plausible to absurd. */
import fc from 'fast-check';
import { functionCatalog } from '../../src/runtime/index.ts';
import type { ApiRequest } from '../support/api-clients.ts';

/** Names that have broken somebody's renderer, tokenizer or log before, but are names. */
const ODD = [
  '',
  ' ',
  '<|end|>',
  '<|T:Button|>',
  '<|controls|> =Bold',
  '"},{"id":"',
  '\\u0000',
  '%s%n',
  'Größe ändern',
  '太字',
  'עברית',
  'e\u0301',
  '👩‍👩‍👧',
  '\ufeff',
  '\ufffd',
  '\u2028',
  'a\tb',
  'line\nbreak',
  'none',
  '2',
  'x'.repeat(300),
  'é'.repeat(1000),
];
/** What must be refused. */
const BAD = ['\u0000', '\u0007', '\ud83d', 'é'.repeat(9000)];
const TYPES = ['Button', 'Edit', 'Document', 'TabItem', 'ListItem', 'ComboBox', 'Custom', 'Nonsense', '<|T:Edit|>'];

/** One in thirty is the other. */
export function rarely<A, B>(usual: fc.Arbitrary<A>, other: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 29, arbitrary: usual }, { weight: 1, arbitrary: other });
}

export const name = fc.oneof(
  { weight: 300, arbitrary: fc.constantFrom('Bold', 'Italic', 'Save', 'Font Size', 'Body') },
  { weight: 100, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 20 }) },
  { weight: 100, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.constantFrom(...BAD) },
);
/** Few, so that requests about an episode find one. The last is what HttpApiClient.callRaw writes into paths. */
export const session = fc.constantFrom('s', 't', 'undefined');
/** What a path can hold: not nothing, no half of a surrogate pair, and nothing that a URL would leave out. */
export const pathPart = name.filter((text) => !/\p{Surrogate}/u.test(text) && !['', '.', '..'].includes(text));
const functionName = fc.oneof(
  { weight: 100, arbitrary: fc.constantFrom(...functionCatalog.keys()) },
  { weight: 1, arbitrary: name },
);
export const control = fc.record(
  {
    id: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }),
    name,
    type: fc.constantFrom(...TYPES),
    rect: fc.array(fc.integer({ min: -4000, max: 4000 }), { minLength: 4, maxLength: 4 }),
    enabled: fc.boolean(),
    selected: fc.boolean(),
  },
  { requiredKeys: ['id', 'type'] },
);
const previousAction = fc.record(
  {
    function: functionName,
    args: fc.dictionary(
      rarely(fc.constantFrom('text', 'keys', 'button', 'double'), fc.constant('x y')),
      fc.oneof(name, fc.boolean(), rarely(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double())),
    ),
    control_name: name,
    result_status: rarely(fc.constantFrom('', 'success', 'failure', 'skipped'), fc.constant('maybe')),
    error: name,
  },
  { requiredKeys: ['function'] },
);
export const state: fc.Arbitrary<ApiRequest> = fc.record(
  {
    request_id: rarely(fc.uuid(), name),
    session_id: rarely(session, name),
    model: rarely(fc.constant(''), name),
    user_request: rarely(fc.constant('make the title bold'), name),
    subtask: name,
    app: fc.record({ process_name: fc.constantFrom('WINWORD.EXE', 'notepad.exe', ''), window_title: name }),
    controls: rarely(
      fc.uniqueArray(control, { maxLength: 30, selector: ({ id }) => id }),
      fc.array(control, { maxLength: 600, size: 'max' }),
    ),
    previous_plan: fc.array(name, { maxLength: 5 }),
    previous_actions: fc.array(previousAction, { maxLength: 5 }),
    allowed_functions: fc.uniqueArray(functionName, { maxLength: 4 }),
    options: fc.record({
      temperature: rarely(fc.constantFrom(0, 0.7, 2), fc.double()),
      seed: fc.nat(),
      max_text_bytes: rarely(fc.constantFrom(0, 1, 8, 32), fc.constant(5000)),
      candidates: rarely(fc.constantFrom(0, 1, 3), fc.constant(17)),
      priority: rarely(fc.nat(9), fc.constant(10)),
      want_thought: fc.boolean(),
    }),
  },
  { requiredKeys: ['user_request'] },
);
const changes = fc.record({
  base_hash: name,
  removed_ids: fc.array(name, { maxLength: 3 }),
  changed: fc.array(control, { maxLength: 3 }),
  added: fc.array(fc.record({ control, after_id: name }), { maxLength: 3 }),
});
const action = fc.record(
  {
    control_id: name,
    control_name: name,
    function: functionName,
    args: fc.dictionary(fc.constantFrom('text', 'button'), name),
    status: rarely(fc.constantFrom('', 'CONTINUE', 'FINISH', 'FAIL', 'CONFIRM'), name),
    thought: name,
    plan: fc.array(name, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
/** Mostly on a control of the state. */
export const scoring = fc
  .tuple(state, fc.array(fc.tuple(action, fc.nat()), { maxLength: 4 }))
  .map(([{ options: _options, allowed_functions: _allowed, ...state }, actions]) => {
    const controls = (state['controls'] ?? []) as { id: string; name?: string }[];
    return {
      ...state,
      actions: actions.map(([made, at]) => {
        const target = controls[at % Math.max(1, controls.length)];
        return at % 10 === 0 ? made : { ...made, control_id: target?.id ?? '', control_name: target?.name ?? '' };
      }),
    };
  });
export const planning = fc.record(
  {
    user_request: rarely(fc.constant('make it bold'), name),
    model: rarely(fc.constant(''), name),
    session_id: rarely(session, name),
  },
  { requiredKeys: [] },
);
/** A state that says what changed instead. */
export const changedState = fc
  .tuple(state, changes, fc.boolean())
  .map(([{ controls, ...rest }, control_changes, isWhole]) => {
    return { ...rest, ...(isWhole && { controls }), control_changes };
  });
