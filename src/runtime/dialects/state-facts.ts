/** What rendering, grammar and parsing all ask of a state: found once per request and passed on. */
import type { State } from '../types.ts';
import { type Label, labelControls } from './labels.ts';
import { findReferences, type Reference } from './references.ts';

export type StateFacts = {
  /** One per control, in the state's order. */
  readonly labels: readonly Label[];
  /** See {@link taskOf}. */
  readonly task: string;
  /** Literals of the task. */
  readonly references: readonly Reference[];
};

export function factsOf(state: State): StateFacts {
  const task = taskOf(state);
  return { labels: labelControls(state.controls), task, references: findReferences(task) };
}

/** What a prompt calls the task: the part to do now, if the state names one. */
export function taskOf(state: State): string {
  return state.subtask === '' ? state.userRequest : state.subtask;
}
