/** Requests in proto spelling, for tests of both protocols. */
import type { ApiRequest } from '../support/api-clients.ts';

export function aRequest(overrides: ApiRequest = {}): ApiRequest {
  return {
    user_request: 'make the title bold',
    app: { process_name: 'WINWORD.EXE', window_title: 'Document1 - Word' },
    controls: [
      { id: '1', name: 'Bold', type: 'Button' },
      { id: '2', name: 'Body', type: 'Document' },
    ],
    ...overrides,
  };
}

/** Every field has a value other than its default. */
export function aFullRequest(): ApiRequest {
  return {
    request_id: 'r-0',
    session_id: 's',
    client_id: 'c',
    model: 'fake:1',
    user_request: 'make the title bold\nand save',
    subtask: 'make it bold',
    app: { process_name: 'WINWORD.EXE', window_title: 'Document1 - Word' },
    controls: [
      {
        id: '1',
        name: 'Bold',
        type: 'Button',
        rect: [-10, 0, 30, 40],
        automation_id: 'Bold',
        enabled: false,
        selected: true,
        source: 'uia',
      },
      { id: '2', type: 'Document', enabled: true, selected: false },
    ],
    controls_truncated: true,
    previous_plan: ['select', 'click'],
    previous_actions: [
      {
        step: 1,
        function: 'set_edit_text',
        args: { text: 'Zürich 😀', clear_current_text: false, x: 0.5, key_hold: null },
        control_id: '9',
        control_name: 'Search',
        status: 'CONTINUE',
        result_status: 'failure',
        error: 'not found',
        result: 'none',
      },
    ],
    allowed_functions: ['click_input', 'wait'],
    options: {
      temperature: 0.5,
      seed: 4_294_967_295,
      max_text_bytes: 100,
      candidates: 3,
      rerank: true,
      priority: 9,
      want_thought: true,
      want_plan: true,
    },
  };
}

export function manyControls(count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({ id: String(i), name: `Item ${i}`, type: 'ListItem' }));
}

export type InvalidRequest = {
  /** What is wrong with it, after "refuses". */
  readonly title: string;
  readonly request: ApiRequest;
  /** The field that the error names. */
  readonly field: string;
};

const control = (overrides: object) => aRequest({ controls: [{ id: '1', name: 'a', type: 'Button', ...overrides }] });
const previous = (overrides: object) => aRequest({ previous_actions: [{ function: 'wait' }, overrides] });

/** States that a protocol can carry but the gateway does not take. */
export const INVALID_STATES: readonly InvalidRequest[] = [
  { title: 'a request without a task', request: aRequest({ user_request: '' }), field: 'user_request' },
  { title: 'a task of white space', request: aRequest({ user_request: ' \n' }), field: 'user_request' },
  { title: 'a task that is too long', request: aRequest({ user_request: 'x'.repeat(4097) }), field: 'user_request' },
  { title: 'NUL in the task', request: aRequest({ user_request: 'a\u0000b' }), field: 'user_request' },
  { title: 'a subtask that is too long', request: aRequest({ subtask: 'x'.repeat(4097) }), field: 'subtask' },
  { title: 'a model name with a line break', request: aRequest({ model: 'a\nb' }), field: 'model' },
  { title: 'a line break in the session id', request: aRequest({ session_id: 'a\nb' }), field: 'session_id' },
  { title: 'a client id that is too long', request: aRequest({ client_id: 'x'.repeat(129) }), field: 'client_id' },
  { title: 'a model name that is too long', request: aRequest({ model: 'x'.repeat(129) }), field: 'model' },
  {
    title: 'an escape sequence in the process name',
    request: aRequest({ app: { process_name: '\u001b[2J' } }),
    field: 'app.process_name',
  },
  {
    title: 'a window title that is too long',
    request: aRequest({ app: { window_title: 'x'.repeat(2049) } }),
    field: 'app.window_title',
  },
  { title: 'a control without an id', request: control({ id: '' }), field: 'controls[0].id' },
  { title: 'a control without a type', request: control({ type: '' }), field: 'controls[0].type' },
  { title: 'a line break in a control id', request: control({ id: 'a\nb' }), field: 'controls[0].id' },
  { title: 'a control name that is too long', request: control({ name: 'x'.repeat(2049) }), field: 'controls[0].name' },
  { title: 'a bell in a control name', request: control({ name: 'a\u0007' }), field: 'controls[0].name' },
  { title: 'a rectangle of three numbers', request: control({ rect: [1, 2, 3] }), field: 'controls[0].rect' },
  {
    title: 'two controls of one id',
    request: aRequest({
      controls: ['1', '2', '1'].map((id) => ({ id, name: id, type: 'Button' })),
    }),
    field: 'controls[2].id',
  },
  {
    title: 'a plan of too many lines',
    request: aRequest({ previous_plan: Array(65).fill('x') }),
    field: 'previous_plan',
  },
  {
    title: 'NUL in a line of the plan',
    request: aRequest({ previous_plan: ['a', '\u0000'] }),
    field: 'previous_plan[1]',
  },
  {
    title: 'too many previous actions',
    request: aRequest({ previous_actions: Array(257).fill({ function: 'wait' }) }),
    field: 'previous_actions',
  },
  {
    title: 'an unknown result status',
    request: previous({ result_status: 'maybe' }),
    field: 'previous_actions[1].result_status',
  },
  { title: 'a nested argument', request: previous({ args: { a: { b: 1 } } }), field: 'previous_actions[1].args.a' },
  { title: 'a list as argument', request: previous({ args: { a: [1] } }), field: 'previous_actions[1].args.a' },
  { title: 'an argument of no name', request: previous({ args: { '': 1 } }), field: 'previous_actions[1].args' },
  {
    title: 'too many arguments',
    request: previous({ args: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${i}`, i])) }),
    field: 'previous_actions[1].args',
  },
];

const option = (options: object) => aRequest({ options });

export const INVALID_OPTIONS: readonly InvalidRequest[] = [
  { title: 'a negative temperature', request: option({ temperature: -0.1 }), field: 'options.temperature' },
  { title: 'a temperature above 2', request: option({ temperature: 2.1 }), field: 'options.temperature' },
  {
    title: 'texts longer than any text may be',
    request: option({ max_text_bytes: 1025 }),
    field: 'options.max_text_bytes',
  },
  { title: 'more than 16 candidates', request: option({ candidates: 17 }), field: 'options.candidates' },
  { title: 'a priority above 9', request: option({ priority: 10 }), field: 'options.priority' },
];

/** What PredictAction takes of neither protocol. */
export const INVALID_REQUESTS: readonly InvalidRequest[] = [
  ...INVALID_STATES,
  ...INVALID_OPTIONS,
  {
    title: 'a function that is not in the catalog',
    request: aRequest({ allowed_functions: ['click_input', 'format_disk'] }),
    field: 'allowed_functions[1]',
  },
  {
    title: 'a function named twice',
    request: aRequest({ allowed_functions: ['wait', 'wait'] }),
    field: 'allowed_functions[1]',
  },
  {
    title: 'controls and their changes at once',
    request: aRequest({ control_changes: { base_hash: 'x' } }),
    field: 'control_changes',
  },
  {
    title: 'a difference without an episode',
    request: aRequest({ controls: [], control_changes: { base_hash: 'x' } }),
    field: 'session_id',
  },
  {
    title: 'a difference from nothing',
    request: aRequest({ session_id: 's', controls: [], control_changes: {} }),
    field: 'control_changes.base_hash',
  },
];
