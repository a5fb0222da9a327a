/**
 * What the JSON dialect shows to a model that was never trained on it: instructions and functions, then the state, in words. What
 * changes least between the steps of an episode comes first, as in the compact dialect.
 */
import { type ArgSpec, type FunctionSpec, functionCatalog } from '../functions/catalog.ts';
import type { Control, PreviousAction, State } from '../types.ts';
import { MAX_PREVIOUS_ACTIONS } from './compact.ts';
import type { PrepareOptions } from './dialect.ts';
import { ACTION_STATUSES, NO_ACTION_STATUSES, NO_FUNCTION } from './ground.ts';
import { quoted } from './json-text.ts';
import { type Label, labelName } from './labels.ts';
import { cut } from './segment.ts';
import { factsOf } from './state-facts.ts';

/** UTF-16 units of an error text, and of a text argument in the history. */
const MAX_HISTORY_TEXT = 200;

/** Texts, each of which is tokenized alone. */
export type JsonPrompt = {
  /** The same for all states with these functions and options. */
  readonly instructions: readonly string[];
  /** Application and task. */
  readonly head: readonly string[];
  /** One line per control. */
  readonly controls: readonly string[];
  /** Plan, history, and what is asked for. */
  readonly tail: readonly string[];
};

export function renderJsonPrompt(state: State, options: PrepareOptions, { labels } = factsOf(state)): JsonPrompt {
  const { app, userRequest, subtask, previousPlan, previousActions } = state;
  const window = app.windowTitle === '' ? '' : ` (window ${quoted(app.windowTitle)})`;
  return {
    instructions: [INSTRUCTIONS, answerForm(options), 'Functions:\n', ...functionLines(state.allowedFunctions)],
    head: [
      `Application: ${app.processName === '' ? 'unknown' : app.processName}${window}\n`,
      `User request: ${userRequest}\n`,
      ...(subtask === '' ? [] : [`Do this part of it now: ${subtask}\n`]),
      'Controls:\n',
    ],
    controls: state.controls.map((control, i) => controlLine(control, labels[i] as Label)),
    tail: [
      ...list(
        'Plan so far:\n',
        previousPlan.map((step) => `- ${step}\n`),
      ),
      ...list('Actions so far, oldest first:\n', previousActions.slice(-MAX_PREVIOUS_ACTIONS).map(historyLine)),
      'The next action as JSON:',
    ],
  };
}

const INSTRUCTIONS = `You operate an application for a user, one action at a time. You see its controls and what was done so far. \
Choose the one next action that brings the user's request forward. Answer with one JSON object and nothing else.
`;

/** The object that is asked for; its fields come in the order in which they are answered. */
function answerForm({ thought = false, plan = false }: PrepareOptions): string {
  const fields = [
    ...(thought ? ['"thought":"<why this action, in a sentence>"'] : []),
    '"control":"<name of the control as listed>"',
    '"function":"<name of the function>"',
    '"args":{<its arguments>}',
    '"status":"<status>"',
    ...(plan ? ['"plan":["<step left after this one>"]'] : []),
  ];
  return `Form: {${fields.join(',')}}
If a name is listed with a number, put "nth":<number> behind "control". "control" is null for functions of the window. \
Leave out arguments that keep their default.
Status: ${ACTION_STATUSES.join(', ')} (CONTINUE if steps are left, FINISH if this is the last one, CONFIRM if the user has to agree \
first); with the function ${quoted(NO_FUNCTION)}, which does nothing: ${NO_ACTION_STATUSES.join(', ')} (all is done, or it cannot be done).
`;
}

function functionLines(allowed: readonly string[]): string[] {
  const specs = [...new Set(allowed)].flatMap((name) => functionCatalog.get(name) ?? []);
  return [...specs.map(functionLine), `- ${NO_FUNCTION}{} of the window: does nothing\n`];
}

function functionLine({ name, description, appliesTo, args }: FunctionSpec): string {
  const place = typeof appliesTo === 'string' ? PLACES[appliesTo] : `on ${appliesTo.join(', ')}`;
  return `- ${name}{${args.map(argForm).join(', ')}} ${place}: ${description}\n`;
}

const PLACES = { any: 'on any control', window: 'of the window' } as const;

function argForm(spec: ArgSpec): string {
  const key = `${quoted(spec.name)}${spec.required ? '' : '?'}`;
  switch (spec.type) {
    case 'string':
      return `${key}: text`;
    case 'boolean':
      return `${key}: boolean = ${spec.default}`;
    case 'enum':
      return `${key}: ${spec.values.map(quoted).join('|')} = ${quoted(spec.default)}`;
    case 'number': {
      const range = `${spec.maxDecimals === 0 ? 'integer' : 'number'} ${spec.min}..${spec.max}`;
      return `${key}: ${range}${spec.default === undefined ? '' : ` = ${spec.default}`}`;
    }
  }
}

/** For example `"Bold" Button, on`, and `"Bold" 2 Button` for the second of that name. */
function controlLine({ type, selected, enabled }: Control, { name, ordinal }: Label): string {
  const number = ordinal > 1 ? ` ${ordinal}` : '';
  return `${quoted(name)}${number} ${type}${selected === true ? ', on' : ''}${enabled === false ? ', disabled' : ''}\n`;
}

function historyLine(action: PreviousAction): string {
  const call = `${action.function === '' ? NO_FUNCTION : action.function}${argsText(action)}`;
  const place = action.controlName === '' ? '' : ` on ${quoted(labelName(action.controlName))}`;
  const error = action.error === '' ? '' : `, ${quoted(cut(action.error, MAX_HISTORY_TEXT))}`;
  return `- ${call}${place}: ${action.resultStatus === 'none' ? 'no result' : action.resultStatus}${error}\n`;
}

function argsText({ args }: PreviousAction): string {
  const fields = Object.entries(args).map(([name, value]) => {
    const written = typeof value === 'string' ? quoted(cut(value, MAX_HISTORY_TEXT)) : String(value);
    return `${quoted(name)}:${written}`;
  });
  return `{${fields.join(',')}}`;
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}
