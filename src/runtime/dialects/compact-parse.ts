/** Reads a compact answer back into an action, and grounds it in the state's controls. */

import { GatewayError } from '../errors.ts';
import { type ArgSpec, appliesToType, type FunctionSpec, functionCatalog } from '../functions/catalog.ts';
import { type Action, type Control, STATUSES, type State } from '../types.ts';
import { NO_FUNCTION, taskOf } from './compact.ts';
import * as t from './compact-tokens.ts';
import { labelControls } from './labels.ts';
import { findReferences, type Reference } from './references.ts';
import type { Segment } from './segment.ts';

/** Throws `GatewayError` (`internal`) for anything that is not one grounded action: such an answer is never guessed at. */
export function parseAnswer(state: State, segments: readonly Segment[]): Action {
  const reader = new SegmentReader(segments);
  const control = readControl(state, reader);
  reader.expect(t.FN);
  const spec = readFunction(state, control, reader.text());
  const references = findReferences(taskOf(state));
  const args: Record<string, string | number | boolean> = {};
  while (reader.skip(t.ARG)) {
    const key = reader.text();
    const arg = spec?.args.find((candidate) => candidate.name === key);
    if (arg === undefined) throw notOfTheGrammar(`${spec?.name ?? NO_FUNCTION} has no argument ${key}`);
    args[key] = readValue(arg, reader.skip(t.NTH) ? referred(references, reader.text()) : reader.written());
  }
  reader.expect(t.STATUS);
  const statusText = reader.text();
  const status = STATUSES.find((candidate) => candidate === statusText);
  if (status === undefined) throw notOfTheGrammar(`unknown status ${statusText}`);
  reader.expect(t.END);
  return {
    thought: '',
    controlId: control?.id ?? '',
    controlName: control?.name ?? '',
    function: spec?.name ?? '',
    args,
    status,
    plan: [],
  };
}

function readControl(state: State, reader: SegmentReader): Control | undefined {
  if (reader.skip(t.WINDOW)) return undefined;
  const name = reader.text();
  const ordinal = reader.skip(t.NTH) ? Number(reader.text()) : 1;
  const index = labelControls(state.controls).findIndex((label) => label.name === name && label.ordinal === ordinal);
  const control = state.controls[index];
  if (control === undefined) throw notOfTheGrammar('it names a control that the state does not list');
  return control;
}

/** Undefined when nothing is to be executed. */
function readFunction(state: State, control: Control | undefined, name: string): FunctionSpec | undefined {
  if (name === NO_FUNCTION && control === undefined) return undefined;
  const spec = functionCatalog.get(name);
  if (spec === undefined || !state.allowedFunctions.includes(name)) throw notOfTheGrammar(`${name} is not allowed`);
  const applies = control === undefined ? spec.appliesTo === 'window' : appliesToType(spec, control.type);
  if (!applies) throw notOfTheGrammar(`${name} does not apply to ${control?.type ?? 'the window'}`);
  return spec;
}

function referred(references: readonly Reference[], ordinal: string): string {
  const reference = references[Number(ordinal) - 1];
  if (reference === undefined) throw notOfTheGrammar(`the task has no literal ${ordinal}`);
  return reference.text;
}

function readValue(spec: ArgSpec, value: string): string | number | boolean {
  switch (spec.type) {
    case 'string':
    case 'enum':
      return value;
    case 'boolean':
      return value === 'true';
    case 'number':
      return Number(value);
  }
}

function notOfTheGrammar(problem: string): GatewayError {
  return new GatewayError('internal', `the decoded answer is not of the grammar: ${problem}`);
}

/** Walks segments; an absent text reads as '', because an empty text has no tokens. */
class SegmentReader {
  readonly #segments: readonly Segment[];
  #position = 0;

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  text(): string {
    const segment = this.#segments[this.#position];
    if (segment === undefined || !('text' in segment)) return '';
    this.#position++;
    return segment.text;
  }

  /** The text after the equals sign. */
  written(): string {
    this.expect(t.EQ);
    return this.text();
  }

  skip(name: string): boolean {
    const segment = this.#segments[this.#position];
    if (segment === undefined || !('special' in segment) || segment.special !== name) return false;
    this.#position++;
    return true;
  }

  expect(name: string): void {
    if (!this.skip(name)) throw notOfTheGrammar(`${name} expected`);
  }
}
