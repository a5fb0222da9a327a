/** What rendering, grammar and parsing all ask of a state: found once per request and passed on. */
import type { State } from '../types.ts';
import { type Label, labelControls } from './labels.ts';
import { findReferences, type Reference } from './references.ts';
import { relatedControls } from './related-controls.ts';

export type StateFacts = {
  /** One per control, in the state's order. */
  readonly labels: readonly Label[];
  /** See {@link taskOf}. */
  readonly task: string;
  /** Literals of the task. */
  readonly references: readonly Reference[];
  /** See {@link relatedControls}. */
  readonly related: readonly number[];
};

export function factsOf(state: State): StateFacts {
  const task = taskOf(state);
  const labels = labelControls(state.controls);
  const references = findReferences(task);
  return { labels, task, references, related: relatedControls(task, references, labels) };
}

/** What a prompt calls the task: the part to do now, if the state names one. */
export function taskOf(state: State): string {
  return state.subtask === '' ? state.userRequest : state.subtask;
}
