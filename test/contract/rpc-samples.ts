/** Every rpc once: a request, its answer from the fake runtime, and requests that are refused. */
import type { ApiRequest } from '../support/api-clients.ts';
import { ROUTES, type RpcName } from '../support/rpc-routes.ts';
import { aRequest, INVALID_OPTIONS, INVALID_REQUESTS, INVALID_STATES, type InvalidRequest } from './requests.ts';

export type RpcSample = {
  readonly rpc: RpcName;
  /** What must have been answered before. */
  readonly before?: readonly { readonly rpc: RpcName; readonly request: ApiRequest }[];
  readonly request: ApiRequest;
  /** With {@link TIME} for every point in time. */
  readonly response: object;
  /** The messages of a stream instead; then `response` is its last one. */
  readonly stream?: readonly object[];
  readonly invalid: readonly InvalidRequest[];
  /**
   * - model: asks a model, is admitted, has a deadline
   * - operator: changes what is loaded
   * - none: answers by itself
   */
  readonly runtime: 'model' | 'operator' | 'none';
};

export const TIME = '<time>';

export const FAKE_MODEL_MESSAGE = {
  name: 'fake',
  version: '1',
  role: 'action',
  dialect: 'compact',
  context_length: 1024,
  parameters: 1_234_567,
  quantization: 'none',
  state: 'ready',
  reason: '',
  labels: [{ label: 'stable', share: 1 }],
};

export const CLICK_BODY = {
  thought: '',
  observation: '',
  control_id: '2',
  control_name: 'Body',
  function: 'click_input',
  args: { button: 'right', double: true },
  status: 'CONTINUE',
  plan: [],
  comment: '',
  result: '',
};
export const CONFIDENCE = { control: 0.123457, function: 1, args: 1, status: 0.5 };
export const ALLOWED = { effect: 'allow', rule: '', reason: '' };

const PREDICTED = {
  request_id: 'r-1',
  model: 'fake',
  version: '1',
  action: CLICK_BODY,
  requires_confirmation: false,
  grounded: true,
  warnings: [],
  confidence: CONFIDENCE,
  usage: { prompt_tokens: 2, cached_tokens: 0, generated_tokens: 3, forced_tokens: 4 },
  timing: { queue_ms: 0.5, render_ms: 1.25, prefill_ms: 2, decode_ms: 3, total_ms: 6.75 },
  candidates: [],
  policy: ALLOWED,
  observation_hash: '',
  step: 0,
};

const scored = (overrides: object): ApiRequest =>
  aRequest({
    actions: [{ control_id: '1', control_name: 'Bold', function: 'click_input', status: 'CONTINUE' }, overrides],
  });
const version = (overrides: object): ApiRequest => ({ name: 'fake', version: '2', ...overrides });
const label = (overrides: object): ApiRequest => ({ name: 'fake', label: 'canary', version: '1', ...overrides });

const EPISODE_BEFORE = [{ rpc: 'PredictAction', request: aRequest({ session_id: 's-1', request_id: 'r-0' }) }] as const;
const episode = (overrides: object): ApiRequest => ({ session_id: 's-1', request_id: 'r-1', ...overrides });
const outcome = (overrides: object): ApiRequest => episode({ result_status: 'failure', ...overrides });
const STEP = {
  step: 1,
  request_id: 'r-0',
  action: CLICK_BODY,
  result_status: 'none',
  error: '',
  result: '',
  observed_change: '',
  create_time: TIME,
  repeats: 0,
};
const EPISODE = {
  session_id: 's-1',
  user_request: 'make the title bold',
  state: 'active',
  outcome: '',
  comment: '',
  create_time: TIME,
  update_time: TIME,
  steps: [STEP],
  plan: [],
};
const INVALID_SESSIONS: readonly InvalidRequest[] = [
  { title: 'a session id that is too long', request: outcome({ session_id: 'x'.repeat(129) }), field: 'session_id' },
  { title: 'a session id with a line break', request: outcome({ session_id: 'a\nb' }), field: 'session_id' },
];
/** The part of a request that every message about an episode has. */
const sessionOnly = ({ request: { session_id }, ...rest }: InvalidRequest): InvalidRequest => ({
  ...rest,
  request: { session_id },
});

const INVALID_VERSIONS: readonly InvalidRequest[] = [
  { title: 'a model that is too long', request: version({ name: 'x'.repeat(129) }), field: 'name' },
  { title: 'a version with a line break', request: version({ version: 'a\nb' }), field: 'version' },
];
const MISSING_VERSIONS: readonly InvalidRequest[] = [
  { title: 'no name', request: version({ name: '' }), field: 'name' },
  { title: 'no version', request: version({ version: '' }), field: 'version' },
];

export const RPC_SAMPLES: readonly RpcSample[] = [
  {
    rpc: 'PredictAction',
    request: aRequest({ request_id: 'r-1' }),
    response: PREDICTED,
    invalid: INVALID_REQUESTS,
    runtime: 'model',
  },
  {
    rpc: 'PredictActionStream',
    request: aRequest({ request_id: 'r-1' }),
    response: { response: PREDICTED },
    stream: [
      { choice: { request_id: 'r-1', control_id: '2', control_name: 'Body', function: 'click_input' } },
      { response: PREDICTED },
    ],
    invalid: INVALID_OPTIONS,
    runtime: 'model',
  },
  {
    rpc: 'PredictPlan',
    request: { request_id: 'r-1', user_request: 'select the title and make it bold', priority: 2 },
    response: {
      request_id: 'r-1',
      model: 'fake',
      version: '1',
      plan: ['select the title', 'make it bold'],
      usage: { prompt_tokens: 5, cached_tokens: 1, generated_tokens: 7, forced_tokens: 0 },
      timing: { queue_ms: 0.5, render_ms: 1, prefill_ms: 2, decode_ms: 3, total_ms: 6.5 },
    },
    invalid: [
      { title: 'a request without a task', request: {}, field: 'user_request' },
      {
        title: 'a bell in the app',
        request: { user_request: 'x', app: { process_name: '\u0007' } },
        field: 'app.process_name',
      },
      { title: 'a priority above 9', request: { user_request: 'x', priority: 10 }, field: 'priority' },
      {
        title: 'a session id that is too long',
        request: { user_request: 'x', session_id: 'x'.repeat(129) },
        field: 'session_id',
      },
    ],
    runtime: 'model',
  },
  {
    rpc: 'ScoreActions',
    request: { ...scored({ function: 'wait', args: { seconds: 2 } }), request_id: 'r-1' },
    response: {
      request_id: 'r-1',
      model: 'fake',
      version: '1',
      rewards: [
        { raw: 1, score: 0.731059 },
        { raw: 0, score: 0.5 },
      ],
      timing: { queue_ms: 0.5, render_ms: 0, prefill_ms: 0, decode_ms: 0, total_ms: 2 },
    },
    invalid: [
      ...INVALID_STATES,
      { title: 'no action', request: aRequest(), field: 'actions' },
      { title: '65 actions', request: aRequest({ actions: Array(65).fill({ function: 'wait' }) }), field: 'actions' },
      { title: 'an action on no listed control', request: scored({ control_id: '9' }), field: 'actions[1].control_id' },
      {
        title: 'an action under another control’s name',
        request: scored({ control_id: '1', control_name: 'Body' }),
        field: 'actions[1].control_name',
      },
      {
        title: 'a function that is not in the catalog',
        request: scored({ function: 'format_disk' }),
        field: 'actions[1].function',
      },
      { title: 'an unknown status', request: scored({ status: 'PENDING' }), field: 'actions[1].status' },
      { title: 'a nested argument', request: scored({ args: { a: { b: 1 } } }), field: 'actions[1].args.a' },
      { title: 'NUL in a thought', request: scored({ thought: '\u0000' }), field: 'actions[1].thought' },
      { title: 'a plan of too many lines', request: scored({ plan: Array(65).fill('x') }), field: 'actions[1].plan' },
    ],
    runtime: 'model',
  },
  {
    rpc: 'ReportOutcome',
    before: EPISODE_BEFORE,
    request: outcome({ error: 'Body is locked', result: 'r', observed_change: 'none' }),
    response: {
      request_id: 'r-1',
      step: { ...STEP, result_status: 'failure', error: 'Body is locked', result: 'r', observed_change: 'none' },
    },
    invalid: [
      ...INVALID_SESSIONS,
      { title: 'no result', request: outcome({ result_status: '' }), field: 'result_status' },
      { title: 'an unknown result', request: outcome({ result_status: 'none' }), field: 'result_status' },
      { title: 'NUL in an error', request: outcome({ error: '\u0000' }), field: 'error' },
      {
        title: 'a change that is too long',
        request: outcome({ observed_change: 'x'.repeat(8193) }),
        field: 'observed_change',
      },
    ],
    runtime: 'none',
  },
  {
    rpc: 'GetEpisode',
    before: EPISODE_BEFORE,
    request: { session_id: 's-1' },
    response: EPISODE,
    invalid: INVALID_SESSIONS.map(sessionOnly),
    runtime: 'none',
  },
  {
    rpc: 'EndEpisode',
    before: EPISODE_BEFORE,
    request: episode({ outcome: 'success', comment: 'done' }),
    response: { ...EPISODE, state: 'ended', outcome: 'success', comment: 'done' },
    invalid: [
      ...INVALID_SESSIONS.map(sessionOnly).map(({ request, ...rest }) => ({ ...rest, request: episode(request) })),
      { title: 'an unknown outcome', request: episode({ outcome: 'ok' }), field: 'outcome' },
      { title: 'a bell in the comment', request: episode({ comment: '\u0007' }), field: 'comment' },
    ],
    runtime: 'none',
  },
  {
    rpc: 'RollbackEpisode',
    before: EPISODE_BEFORE,
    request: episode({ steps: 3 }),
    response: {
      request_id: 'r-1',
      undo: [],
      stopped_at: { step: 1, reason: 'it is not known how to take this action back' },
      irreversible: [{ step: 1, reason: 'it is not known how to take this action back' }],
    },
    invalid: INVALID_SESSIONS.map(sessionOnly).map(({ request, ...rest }) => ({ ...rest, request: episode(request) })),
    runtime: 'none',
  },
  { rpc: 'ListModels', request: {}, response: { models: [FAKE_MODEL_MESSAGE] }, invalid: [], runtime: 'none' },
  {
    rpc: 'GetModel',
    request: { name: 'fake', version: '1' },
    response: FAKE_MODEL_MESSAGE,
    invalid: INVALID_VERSIONS,
    runtime: 'none',
  },
  {
    rpc: 'LoadModel',
    request: version({}),
    response: { ...FAKE_MODEL_MESSAGE, version: '2', labels: [] },
    invalid: [...INVALID_VERSIONS, ...MISSING_VERSIONS],
    runtime: 'operator',
  },
  {
    rpc: 'UnloadModel',
    request: version({}),
    response: {},
    invalid: [...INVALID_VERSIONS, ...MISSING_VERSIONS],
    runtime: 'operator',
  },
  {
    rpc: 'SetLabel',
    request: label({ share: 0.25 }),
    response: {
      models: [
        {
          ...FAKE_MODEL_MESSAGE,
          labels: [
            { label: 'stable', share: 1 },
            { label: 'canary', share: 0.25 },
          ],
        },
      ],
    },
    invalid: [
      { title: 'no label', request: label({ label: '' }), field: 'label' },
      { title: 'a label with a colon', request: label({ label: 'a:b' }), field: 'label' },
      { title: 'a share above 1', request: label({ share: 1.5 }), field: 'share' },
      { title: 'no name', request: label({ name: '' }), field: 'name' },
    ],
    runtime: 'operator',
  },
];

/** Nothing is forgotten: checked by the type of {@link ROUTES}, and by a test against the server's table. */
export const ALL_RPCS = Object.keys(ROUTES) as readonly RpcName[];
