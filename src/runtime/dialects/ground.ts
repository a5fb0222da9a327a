/** Grounds what an answer says in the state it was asked about, whatever the dialect. Everything throws rather than guess. */
import { GatewayError } from '../errors.ts';
import { appliesToType, type FunctionSpec, functionCatalog } from '../functions/catalog.ts';
import type { Choice } from '../runtime.ts';
import { type Control, STATUSES, type State, type Status } from '../types.ts';
import type { Label } from './labels.ts';

/** The function name that stands for executing nothing. */
export const NO_FUNCTION = 'none';

/** What may come after an action was chosen, and after none was. */
export const ACTION_STATUSES: readonly Status[] = ['CONTINUE', 'FINISH', 'CONFIRM'];
export const NO_ACTION_STATUSES: readonly Status[] = ['FINISH', 'FAIL'];

/** An answer that the grammar should have made impossible: a bug, reported as `internal`. */
export function notOfTheGrammar(problem: string): GatewayError {
  return new GatewayError('internal', `the decoded answer is not of the grammar: ${problem}`);
}

export function groundControl(state: State, labels: readonly Label[], { name, ordinal }: Label): Control {
  const index = labels.findIndex((label) => label.name === name && label.ordinal === ordinal);
  const control = state.controls[index];
  if (control === undefined) throw notOfTheGrammar('it names a control that the state does not list');
  return control;
}

/** Undefined when nothing is to be executed. */
export function groundFunction(state: State, control: Control | undefined, name: string): FunctionSpec | undefined {
  if (name === NO_FUNCTION && control === undefined) return undefined;
  const spec = functionCatalog.get(name);
  if (spec === undefined || !state.allowedFunctions.includes(name)) throw notOfTheGrammar(`${name} is not allowed`);
  const applies = control === undefined ? spec.appliesTo === 'window' : appliesToType(spec, control.type);
  if (!applies) throw notOfTheGrammar(`${name} does not apply to ${control?.type ?? 'the window'}`);
  return spec;
}

/** Both undefined when nothing is to be executed. */
export function choiceOf(control: Control | undefined, spec: FunctionSpec | undefined): Choice {
  return { controlId: control?.id ?? '', controlName: control?.name ?? '', function: spec?.name ?? '' };
}

export function groundStatus(text: string): Status {
  const status = STATUSES.find((candidate) => candidate === text);
  if (status === undefined) throw notOfTheGrammar(`unknown status ${text}`);
  return status;
}
