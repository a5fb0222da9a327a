/**
 * The compact dialect: the format the shipped models are trained on. The name of a control stands for it; ids appear
 * neither in the prompt nor in the answer, because the id follows from the name (and ordinal). What changes least
 * between the steps of an episode comes first: task, application, controls in tree order, then plan and history.
 */
import { functionCatalog } from '../functions/catalog.ts';
import type { Action, Args, PreviousAction, State } from '../types.ts';
import * as t from './compact-tokens.ts';
import { type Label, labelControls, labelName } from './labels.ts';
import { cut, type Segment, special, text } from './segment.ts';

/** The newest actions are kept when there are more. */
const MAX_PREVIOUS_ACTIONS = 8;
const MAX_PLAN_STEPS = 8;
/** UTF-16 units of an error text, and of an argument in the history. */
const MAX_HISTORY_TEXT = 60;

export type RenderedPrompt = {
  /** Task and application. */
  readonly head: readonly Segment[];
  /** One list of segments per control. */
  readonly controls: readonly (readonly Segment[])[];
  /** Previous plan and history, and the token after which the answer begins. */
  readonly tail: readonly Segment[];
};

/** The function name that stands for executing nothing. */
export const NO_FUNCTION = 'none';

export function renderPrompt(state: State): RenderedPrompt {
  const labels = labelControls(state.controls);
  return {
    head: [
      special(t.BOS),
      special(t.TASK),
      text(state.subtask === '' ? state.userRequest : state.subtask),
      special(t.APP),
      text(state.app.processName),
    ],
    controls: state.controls.map((control, i) => {
      const segments = [special(t.typeToken(control.type)), ...labelSegments(labels[i] as Label)];
      if (control.selected === true) segments.push(special(t.ON));
      if (control.enabled === false) segments.push(special(t.OFF));
      return segments;
    }),
    tail: [
      ...state.previousPlan
        .slice(0, MAX_PLAN_STEPS)
        .flatMap((step) => [special(t.PLAN), text(cut(step, MAX_HISTORY_TEXT))]),
      special(t.HISTORY),
      ...state.previousActions.slice(-MAX_PREVIOUS_ACTIONS).flatMap(historySegments),
      special(t.ACT),
    ],
  };
}

/** The prompt's segments in order. */
export function promptSegments(prompt: RenderedPrompt): readonly Segment[] {
  return [...prompt.head, special(t.CONTROLS), ...prompt.controls.flat(), ...prompt.tail];
}

/** The answer that stands for `action`; its control must be in the state. */
export function renderAnswer(state: State, action: Action): readonly Segment[] {
  const index = state.controls.findIndex((control) => control.id === action.controlId);
  const label = labelControls(state.controls)[index];
  return [
    ...(label === undefined ? [special(t.WINDOW)] : labelSegments(label)),
    special(t.FN),
    text(action.function === '' ? NO_FUNCTION : action.function),
    ...argSegments(action.function, action.args),
    special(t.STATUS),
    text(action.status),
    special(t.END),
  ];
}

export function labelSegments(label: Label): Segment[] {
  const segments = [text(label.name)];
  if (label.ordinal > 1) segments.push(special(t.NTH), text(String(label.ordinal)));
  return segments;
}

/** Arguments that differ from their defaults, in the catalog's order. */
function argSegments(functionName: string, args: Args): Segment[] {
  const specs = functionCatalog.get(functionName)?.args ?? [];
  return specs.flatMap((spec) => {
    const value = args[spec.name];
    if (value === undefined || (!spec.required && value === spec.default)) return [];
    return [special(t.ARG), text(spec.name), special(t.EQ), text(String(value))];
  });
}

function historySegments(action: PreviousAction): Segment[] {
  const failed = action.resultStatus === 'failure' || action.resultStatus === 'skipped';
  const args = argSegments(action.function, action.args).map((segment) =>
    'text' in segment ? text(cut(segment.text, MAX_HISTORY_TEXT)) : segment,
  );
  const segments = [
    action.controlName === '' ? special(t.WINDOW) : text(labelName(action.controlName)),
    special(t.FN),
    text(action.function === '' ? NO_FUNCTION : action.function),
    ...args,
    special(failed ? t.FAILED : t.OK),
  ];
  if (failed && action.error !== '') segments.push(text(cut(action.error, MAX_HISTORY_TEXT)));
  return segments;
}
