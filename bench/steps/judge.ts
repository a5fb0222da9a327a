/** What an answer is worth: is it an action at all, grounded in its state, and the one that PyTorch gives. */
import { parseAnswer } from '../../src/runtime/dialects/compact-parse.ts';
import * as t from '../../src/runtime/dialects/compact-tokens.ts';
import { labelControls } from '../../src/runtime/dialects/labels.ts';
import { appliesToType, functionCatalog } from '../../src/runtime/functions/catalog.ts';
import { type Action, type Args, GatewayError, STATUSES, type State } from '../../src/runtime/index.ts';
import type { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import type { AnswerChoices } from '../peers/messages.ts';

export type Verdict = {
  /** An action of a known function with its arguments. */
  readonly isValid: boolean;
  /** Valid, and its control is one of the state's, to which its function applies. */
  readonly isGrounded: boolean;
  /** The reference's control, function, arguments and status; undefined where there is no reference. */
  readonly isEqual: boolean | undefined;
};

/** The action that answer tokens of the compact dialect spell (without the end token), or undefined. */
export function parseTokens(state: State, tokens: readonly number[], tokenizer: SegmentTokenizer): Action | undefined {
  try {
    const ended = Int32Array.from([...tokens, tokenizer.specialId(t.END)]);
    return parseAnswer(state, tokenizer.decode(ended));
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** What an answer in JSON can name: controls by label, which tells controls of one name apart. */
export function choicesOf(state: State): AnswerChoices {
  return {
    controls: ['', ...labelsOf(state)],
    functions: state.allowedFunctions,
    statuses: STATUSES,
  };
}

function labelsOf(state: State): string[] {
  return labelControls(state.controls).map(({ name, ordinal }) => (ordinal === 1 ? name : `${name} (${ordinal})`));
}

/** The action that a JSON answer spells, or undefined if it is none: not JSON, or arguments of another function. */
export function parseJson(state: State, text: string): Action | undefined {
  let answer: { control?: unknown; function?: unknown; args?: unknown; status?: unknown };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    return undefined;
  }
  const spec = functionCatalog.get(String(answer.function));
  const status = STATUSES.find((value) => value === answer.status);
  const args = (answer.args ?? {}) as Args;
  if (spec === undefined || status === undefined) return undefined;
  const known = new Set(spec.args.map(({ name }) => name));
  const fits = Object.keys(args).every((key) => known.has(key));
  if (!fits || spec.args.some(({ name, required }) => required && args[name] === undefined)) return undefined;
  const index = labelsOf(state).indexOf(String(answer.control));
  return {
    thought: '',
    controlId: state.controls[index]?.id ?? '',
    controlName: state.controls[index]?.name ?? '',
    function: spec.name,
    args,
    status,
    plan: [],
  };
}

export function judge(state: State, action: Action | undefined, reference: Action | null | undefined): Verdict {
  return {
    isValid: action !== undefined,
    isGrounded: action !== undefined && isGrounded(state, action),
    isEqual:
      reference === undefined ? undefined : action !== undefined && reference !== null && same(action, reference),
  };
}

function isGrounded(state: State, action: Action): boolean {
  if (action.function === '') return action.controlId === '';
  const spec = functionCatalog.get(action.function);
  if (spec === undefined || !state.allowedFunctions.includes(action.function)) return false;
  if (action.controlId === '') return spec.appliesTo === 'window';
  const control = state.controls.find(({ id }) => id === action.controlId);
  return control !== undefined && control.enabled !== false && appliesToType(spec, control.type);
}

function same(a: Action, b: Action): boolean {
  const names = functionCatalog.get(a.function)?.args ?? [];
  return (
    a.controlId === b.controlId &&
    a.function === b.function &&
    a.status === b.status &&
    names.every((arg) => (a.args[arg.name] ?? arg.default) === (b.args[arg.name] ?? arg.default))
  );
}
