/**
 * The compact dialect: the format the shipped models are trained on. The name of a control stands for it; ids appear
 * neither in the prompt nor in the answer, because the id follows from the name (and ordinal). What changes least comes
 * first, so that computed prefixes are of use again: application and controls in tree order, which even the episodes of
 * different tasks share, then which of them are on or off, the task, the plan, the controls that share words with the task once
 * more, with a number that an answer calls them by, the history.
 */
import { type ArgSpec, functionCatalog } from '../functions/catalog.ts';
import type { Action, Args, Control, PreviousAction, State } from '../types.ts';
import * as t from './compact-tokens.ts';
import { NO_FUNCTION } from './ground.ts';
import { type Label, labelName } from './labels.ts';
import type { Reference } from './references.ts';
import { cut, type Segment, special, text } from './segment.ts';
import { factsOf, type StateFacts } from './state-facts.ts';

/** The newest actions are kept when there are more; a request of three parts takes about a dozen. */
export const MAX_PREVIOUS_ACTIONS = 12;
const MAX_PLAN_STEPS = 8;
/** UTF-16 units of an error text, and of an argument in the history. */
const MAX_HISTORY_TEXT = 60;

export type RenderedPrompt = {
  /** Application. */
  readonly head: readonly Segment[];
  /** One list of segments per control. */
  readonly controls: readonly (readonly Segment[])[];
  /** Of controls that are on or off. They change at every other step, and what comes before them stays. */
  readonly marks: readonly Mark[];
  /** Task, previous plan, related controls and history, and the token after which the answer begins. */
  readonly tail: readonly Segment[];
};

/** That a control is on, off, or both. `control` is its index. */
export type Mark = { readonly control: number; readonly segments: readonly Segment[] };

export function renderPrompt(state: State, facts = factsOf(state)): RenderedPrompt {
  const { labels, task, references, related } = facts;
  const controls = state.controls.map(({ type }, i) => [
    special(t.typeToken(type)),
    ...labelSegments(labels[i] as Label),
  ]);
  return {
    head: [special(t.BOS), special(t.APP), text(state.app.processName)],
    controls,
    marks: state.controls.flatMap((control, i) => {
      const flags = flagsOf(control);
      return flags.length === 0 ? [] : [{ control: i, segments: [...flags, ...labelSegments(labels[i] as Label)] }];
    }),
    tail: [
      special(t.TASK),
      ...taskSegments(task, references),
      ...state.previousPlan
        .slice(0, MAX_PLAN_STEPS)
        .flatMap((step) => [special(t.PLAN), text(cut(step, MAX_HISTORY_TEXT))]),
      ...related.flatMap((i, place) => [
        ...numberSegments(place),
        ...(controls[i] ?? []),
        ...flagsOf(state.controls[i]),
      ]),
      special(t.HISTORY),
      ...state.previousActions.slice(-MAX_PREVIOUS_ACTIONS).flatMap((action) => historySegments(action, facts)),
      special(t.ACT),
    ],
  };
}

/** The prompt's segments in order. */
export function promptSegments(prompt: RenderedPrompt): readonly Segment[] {
  const marks = prompt.marks.flatMap(({ segments }) => segments);
  return [...prompt.head, special(t.CONTROLS), ...prompt.controls.flat(), ...marks, ...prompt.tail];
}

function flagsOf(control: Control | undefined): Segment[] {
  const flags: Segment[] = [];
  if (control?.selected === true) flags.push(special(t.ON));
  if (control?.enabled === false) flags.push(special(t.OFF));
  return flags;
}

/** The answer that stands for `action`; its control must be in the state. */
export function renderAnswer(state: State, action: Action, facts = factsOf(state)): readonly Segment[] {
  const control = state.controls.findIndex(({ id }) => id === action.controlId);
  return [
    ...targetSegments(facts, control),
    special(t.FN),
    text(action.function === '' ? NO_FUNCTION : action.function),
    ...argSegments(action, facts.references),
    special(t.STATUS),
    text(action.status),
    special(t.END),
  ];
}

/**
 * How an answer says that it acts on the control of index `control` (-1: on the window): by its number where it is one of the related
 * controls, otherwise by its name. A small model chooses a number long before it has learned to copy a name.
 */
export function targetSegments({ labels, related }: TargetFacts, control: number): Segment[] {
  const place = related.indexOf(control);
  if (place >= 0) return numberSegments(place);
  const label = labels[control];
  return label === undefined ? [special(t.WINDOW)] : labelSegments(label);
}

/** `place`: in the list of related controls, from 0. */
function numberSegments(place: number): Segment[] {
  return [special(t.CONTROLS), text(String(place + 1))];
}

export type TargetFacts = Pick<StateFacts, 'labels' | 'related'>;

export function labelSegments(label: Label): Segment[] {
  const segments = [text(label.name)];
  if (label.ordinal > 1) segments.push(special(t.NTH), text(String(label.ordinal)));
  return segments;
}

/** The task with a number in front of each literal. */
export function taskSegments(task: string, references: readonly Reference[]): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const [i, reference] of references.entries()) {
    segments.push(text(task.slice(end, reference.start)), special(t.NTH), text(String(i + 1)), text(reference.text));
    end = reference.start + reference.text.length;
  }
  return [...segments, text(task.slice(end))];
}

type Call = { readonly function: string; readonly args: Args };

/** Arguments that differ from their defaults, in the catalog's order; by number where the task says them literally. */
function argSegments(call: Call, references: readonly Reference[]): Segment[] {
  const specs = functionCatalog.get(call.function)?.args ?? [];
  return specs.flatMap((spec) => {
    const value = call.args[spec.name];
    if (value === undefined || (!spec.required && value === spec.default)) return [];
    const written = String(value);
    const ordinal = isReferable(spec) ? ordinalOf(written, references) : null;
    const segments = ordinal === null ? [special(t.EQ), text(written)] : [special(t.NTH), text(ordinal)];
    return [special(t.ARG), text(spec.name), ...segments];
  });
}

/** `2` for the second literal, `-2` for its negative: who asks to scroll 12 notches down means -12. Null for no literal. */
function ordinalOf(value: string, references: readonly Reference[]): string | null {
  const index = references.findIndex((reference) => reference.text === value);
  if (index >= 0) return String(index + 1);
  const negated = references.findIndex((reference) => `-${reference.text}` === value);
  return negated >= 0 ? `-${negated + 1}` : null;
}

/** True for arguments that a literal of the task can be the value of. */
export function isReferable(spec: ArgSpec): boolean {
  return spec.type === 'string' || spec.type === 'number';
}

/**
 * The number in front of a related control's name ties what was done to the control as the state has it now. No related control is
 * without a name.
 */
function historySegments(action: PreviousAction, { labels, references, related }: StateFacts): Segment[] {
  const place = related.findIndex((i) => labels[i]?.name === labelName(action.controlName));
  const failed = action.resultStatus === 'failure' || action.resultStatus === 'skipped';
  const args = argSegments(action, references).map((segment) =>
    'text' in segment ? text(cut(segment.text, MAX_HISTORY_TEXT)) : segment,
  );
  const segments = [
    ...(place >= 0 ? numberSegments(place) : []),
    action.controlName === '' ? special(t.WINDOW) : text(labelName(action.controlName)),
    special(t.FN),
    text(action.function === '' ? NO_FUNCTION : action.function),
    ...args,
    special(failed ? t.FAILED : t.OK),
  ];
  if (failed && action.error !== '') segments.push(text(cut(action.error, MAX_HISTORY_TEXT)));
  return segments;
}
