/** The one semantic validation of a PredictAction request, after either protocol decoded it: message -> State. */
import {
  type Args,
  type Control,
  defaultFunctions,
  functionCatalog,
  invalid,
  type PredictOptions,
  type PreviousAction,
  type ResultStatus,
  type State,
} from '../runtime/index.ts';
import { type TextKind, textProblem } from './text.ts';
import type { ControlMessage, PredictActionRequest, PreviousActionMessage } from './wire/messages.ts';

export type RequestLimits = {
  /** Most controls in one state. */
  readonly maxControls: number;
};

/** Everything the runtime needs but the deadline and the signal. */
export type PredictAction = {
  readonly state: State;
  readonly options: Pick<PredictOptions, 'model' | 'temperature' | 'seed' | 'maxTextBytes'>;
  readonly controlsTruncated: boolean;
};

/** Lengths in UTF-16 units. Wide of what agents send, and low enough that one request cannot hold the event loop. */
const MAX_ID = 128;
const MAX_NAME = 2048;
const MAX_REQUEST = 4096;
const MAX_RESULT = 8192;
const MAX_FUNCTION = 64;
const MAX_PLAN_LINES = 64;
const MAX_PREVIOUS_ACTIONS = 256;
const MAX_ARGS = 16;
const MAX_TEXT_BYTES = 1024;
const DEFAULT_TEXT_BYTES = 64;
const MAX_TEMPERATURE = 2;
/** UFO's argument names are identifiers; anything else would not survive rendering. */
const ARG_NAME = /^[A-Za-z]\w{0,63}$/;
const RESULT_STATUSES: readonly string[] = ['success', 'failure', 'skipped', 'none'];
const NO_CONTROLS: readonly ControlMessage[] = [];

/** Throws `invalid_request` that names the first field that is not acceptable. */
export function readPredictAction(message: PredictActionRequest, limits: RequestLimits): PredictAction {
  checkName('session_id', message.session_id, MAX_ID);
  checkName('client_id', message.client_id, MAX_ID);
  const userRequest = readText('user_request', message.user_request, MAX_REQUEST);
  if (userRequest.trim() === '') throw invalid('user_request', 'required');
  const processName = readName('app.process_name', message.app?.process_name, MAX_ID);
  const state: State = {
    userRequest,
    subtask: readText('subtask', message.subtask, MAX_REQUEST),
    app: { processName, windowTitle: readText('app.window_title', message.app?.window_title, MAX_NAME) },
    controls: readControls(message.controls ?? NO_CONTROLS, limits.maxControls),
    previousPlan: readPlan(message.previous_plan ?? []),
    previousActions: readPreviousActions(message.previous_actions ?? []),
    allowedFunctions: readFunctions(message.allowed_functions ?? [], processName),
  };
  const options = readOptions(message);
  return { state, options, controlsTruncated: message.controls_truncated ?? false };
}

/** The client's request id, checked; undefined when it gave none. It goes into trailers, hence ASCII. */
export function readRequestId(message: PredictActionRequest): string | undefined {
  const id = readName('request_id', message.request_id, MAX_ID);
  if (!/^[ -~]*$/.test(id)) throw invalid('request_id', 'expected printable ASCII characters');
  return id || undefined;
}

function readOptions(message: PredictActionRequest): PredictAction['options'] {
  const temperature = message.options?.temperature ?? 0;
  // Written so that NaN, which protobuf can carry, is refused too.
  if (!(temperature >= 0 && temperature <= MAX_TEMPERATURE)) {
    throw invalid('options.temperature', `expected 0 to ${MAX_TEMPERATURE}, got ${temperature}`);
  }
  const maxTextBytes = message.options?.max_text_bytes || DEFAULT_TEXT_BYTES;
  if (maxTextBytes > MAX_TEXT_BYTES) {
    throw invalid('options.max_text_bytes', `expected at most ${MAX_TEXT_BYTES}, got ${maxTextBytes}`);
  }
  const model = readName('model', message.model, MAX_ID);
  return { model, temperature, seed: message.options?.seed ?? 0, maxTextBytes };
}

/** Builds each control once, in one shape, whatever mixture of absent fields the client sent. */
function readControls(messages: readonly ControlMessage[], maxControls: number): readonly Control[] {
  if (messages.length > maxControls) {
    throw invalid('controls', `${messages.length} controls, at most ${maxControls} are allowed`);
  }
  const ids = new Map<string, number>();
  return messages.map((message, i) => {
    const control = readControl(message, i);
    const first = ids.get(control.id);
    if (first !== undefined) throw invalid(`controls[${i}].id`, `the same as controls[${first}].id`);
    ids.set(control.id, i);
    return control;
  });
}

function readControl(message: ControlMessage, index: number): Control {
  const id = message.id ?? '';
  const name = message.name ?? '';
  const type = message.type ?? '';
  // Paths of fields are rendered only on failure: there are up to 500 controls of 6 fields.
  const check = (field: keyof ControlMessage, text: string, [kind, maxLength]: readonly [TextKind, number]) => {
    const problem = textProblem(text, kind, maxLength);
    if (problem !== undefined) throw invalid(`controls[${index}].${field}`, problem);
  };
  if (id === '') throw invalid(`controls[${index}].id`, 'required');
  if (type === '') throw invalid(`controls[${index}].type`, 'required');
  check('id', id, ['name', MAX_ID]);
  check('name', name, ['text', MAX_NAME]);
  check('type', type, ['name', MAX_FUNCTION]);
  check('automation_id', message.automation_id ?? '', ['text', MAX_NAME]);
  check('source', message.source ?? '', ['name', MAX_ID]);
  const rect = message.rect ?? [];
  if (rect.length !== 0 && rect.length !== 4) {
    throw invalid(`controls[${index}].rect`, `expected left, top, right, bottom, got ${rect.length} numbers`);
  }
  return {
    id,
    name,
    type,
    ...(rect.length === 4 && { rect: rect as [number, number, number, number] }),
    ...(message.automation_id && { automationId: message.automation_id }),
    ...(typeof message.enabled === 'boolean' && { enabled: message.enabled }),
    ...(typeof message.selected === 'boolean' && { selected: message.selected }),
  };
}

function readPlan(lines: readonly string[]): readonly string[] {
  if (lines.length > MAX_PLAN_LINES) {
    throw invalid('previous_plan', `${lines.length} lines, at most ${MAX_PLAN_LINES} are allowed`);
  }
  return lines.map((line, i) => readText(`previous_plan[${i}]`, line, MAX_REQUEST));
}

function readPreviousActions(messages: readonly PreviousActionMessage[]): readonly PreviousAction[] {
  if (messages.length > MAX_PREVIOUS_ACTIONS) {
    throw invalid('previous_actions', `${messages.length} actions, at most ${MAX_PREVIOUS_ACTIONS} are allowed`);
  }
  return messages.map((message, i) => readPreviousAction(message, `previous_actions[${i}]`));
}

function readPreviousAction(message: PreviousActionMessage, path: string): PreviousAction {
  checkName(`${path}.control_id`, message.control_id, MAX_ID);
  checkName(`${path}.status`, message.status, MAX_ID);
  readText(`${path}.result`, message.result, MAX_RESULT);
  const resultStatus = message.result_status || 'none';
  if (!RESULT_STATUSES.includes(resultStatus)) {
    throw invalid(`${path}.result_status`, `expected one of ${RESULT_STATUSES.join(', ')}`);
  }
  return {
    function: readName(`${path}.function`, message.function, MAX_FUNCTION),
    args: readArgs(message.args ?? {}, `${path}.args`),
    controlName: readText(`${path}.control_name`, message.control_name, MAX_NAME),
    resultStatus: resultStatus as ResultStatus,
    error: readText(`${path}.error`, message.error, MAX_RESULT),
  };
}

function readArgs(args: Readonly<Record<string, unknown>>, path: string): Args {
  const entries = Object.entries(args);
  if (entries.length > MAX_ARGS) throw invalid(path, `${entries.length} arguments, at most ${MAX_ARGS} are allowed`);
  const read: Record<string, string | number | boolean> = {};
  for (const [name, value] of entries) {
    if (!ARG_NAME.test(name)) throw invalid(path, 'the name of an argument is not an identifier');
    if (typeof value === 'string') read[name] = readText(`${path}.${name}`, value, MAX_RESULT);
    else if (typeof value === 'boolean' || Number.isFinite(value)) read[name] = value as boolean | number;
    else if (value !== null) throw invalid(`${path}.${name}`, 'expected a string, a finite number, true or false');
  }
  return read;
}

function readFunctions(names: readonly string[], processName: string): readonly string[] {
  if (names.length === 0) return defaultFunctions(processName);
  if (names.length > functionCatalog.size) {
    throw invalid('allowed_functions', `${names.length} names, but the catalog has ${functionCatalog.size}`);
  }
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (!functionCatalog.has(name)) {
      throw invalid(`allowed_functions[${i}]`, `not one of ${[...functionCatalog.keys()].join(', ')}`);
    }
    if (seen.has(name)) throw invalid(`allowed_functions[${i}]`, 'named twice');
    seen.add(name);
  });
  return names;
}

function readText(field: string, text: string | null | undefined, maxLength: number): string {
  return readString(field, text, ['text', maxLength]);
}

function readName(field: string, text: string | null | undefined, maxLength: number): string {
  return readString(field, text, ['name', maxLength]);
}

function checkName(field: string, text: string | null | undefined, maxLength: number): void {
  readName(field, text, maxLength);
}

function readString(
  field: string,
  text: string | null | undefined,
  [kind, maxLength]: readonly [TextKind, number],
): string {
  if (text === null || text === undefined || text === '') return '';
  const problem = textProblem(text, kind, maxLength);
  if (problem !== undefined) throw invalid(field, problem);
  return text;
}
