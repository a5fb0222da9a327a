/** Reads actions that clients send: those of earlier steps, and those to be scored. */
import {
  type Action,
  type Args,
  type Control,
  functionCatalog,
  invalid,
  type PreviousAction,
  type ResultStatus,
  STATUSES,
  type Status,
} from '../../runtime/index.ts';
import type { ActionMessage, ArgsMessage, PreviousActionMessage } from '../wire/messages.ts';
import { readList, readName, readText } from './fields.ts';
import { MAX_ARGS, MAX_FUNCTION, MAX_ID, MAX_NAME, MAX_PLAN_LINES, MAX_REQUEST, MAX_RESULT } from './limits.ts';

/** UFO's argument names are identifiers; anything else would not survive rendering. */
const ARG_NAME = /^[A-Za-z]\w{0,63}$/;
const RESULT_STATUSES: readonly string[] = ['success', 'failure', 'skipped', 'none'];

export function readPreviousAction(message: PreviousActionMessage, path: string): PreviousAction {
  readName(`${path}.control_id`, message.control_id, MAX_ID);
  readName(`${path}.status`, message.status, MAX_ID);
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

/** An action on one of `controls`, by id, or on none. */
export function readAction(message: ActionMessage, path: string, controls: ReadonlyMap<string, Control>): Action {
  const controlId = readName(`${path}.control_id`, message.control_id, MAX_ID);
  const controlName = readText(`${path}.control_name`, message.control_name, MAX_NAME);
  const control = controls.get(controlId);
  if (controlId !== '' && control === undefined) throw invalid(`${path}.control_id`, 'not the id of one of controls');
  if (controlName !== (control?.name ?? '')) throw invalid(`${path}.control_name`, 'not the name of that control');
  const name = readName(`${path}.function`, message.function, MAX_FUNCTION);
  if (name !== '' && !functionCatalog.has(name)) throw invalid(`${path}.function`, 'not in the function catalog');
  const status = message.status || 'CONTINUE';
  if (!STATUSES.includes(status as Status)) {
    throw invalid(`${path}.status`, `expected one of ${STATUSES.join(', ')}`);
  }
  for (const field of ['observation', 'comment', 'result'] as const) {
    readText(`${path}.${field}`, message[field], MAX_RESULT);
  }
  return {
    thought: readText(`${path}.thought`, message.thought, MAX_RESULT),
    controlId,
    controlName,
    function: name,
    args: readArgs(message.args ?? {}, `${path}.args`),
    status: status as Status,
    plan: readPlan(`${path}.plan`, message.plan),
  };
}

export function readPlan(field: string, lines: readonly string[] | null | undefined): readonly string[] {
  return readList(field, lines, MAX_PLAN_LINES).map((line, i) => readText(`${field}[${i}]`, line, MAX_REQUEST));
}

function readArgs(args: ArgsMessage, path: string): Args {
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
