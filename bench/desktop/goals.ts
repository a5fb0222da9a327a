/** What a task asks for, as an ordered list of goals. How the user interface gets there is the expert's business. */
import type { Args } from '../../src/runtime/types.ts';
import type { ControlKey } from './ui/catalog.ts';
import { BODY } from './ui/chrome.ts';

/** Each goal names the places that will do, in order of preference; the last one can always be reached. */
type GoalKind =
  | { readonly type: 'call'; readonly function: string; readonly args: Args; readonly on: 'document' | 'window' }
  | { readonly type: 'press'; readonly controls: readonly ControlKey[] }
  | { readonly type: 'toggle'; readonly controls: readonly ControlKey[]; readonly on: boolean }
  | { readonly type: 'fill'; readonly controls: readonly ControlKey[]; readonly text: string }
  | { readonly type: 'wheel'; readonly controls: readonly ControlKey[]; readonly notches: number }
  /** Reads out what a control says. */
  | { readonly type: 'read'; readonly controls: readonly ControlKey[] }
  /** Nothing in this application does it. */
  | { readonly type: 'impossible' };

export type Goal = GoalKind & {
  /** Goals of one part of a request belong together; the next part starts afresh. Absent: the first part. */
  readonly part?: number;
};

export const partOf = (goal: Goal | undefined): number => goal?.part ?? 0;

export const BODY_KEY = `Document Area/${BODY}`;

/** A call of one of Word's own functions, on the document. */
export const onDocument = (name: string, args: Args = {}): Goal => ({
  type: 'call',
  function: name,
  args,
  on: 'document',
});
export const onWindow = (name: string, args: Args = {}): Goal => ({ type: 'call', function: name, args, on: 'window' });
export const selectText = (text: string): Goal => onDocument('select_text', { text });
export const selectParagraphs = (from: number, to: number): Goal =>
  onDocument('select_paragraph', { start_index: from, end_index: to });
export const selectTable = (number: number): Goal => onDocument('select_table', { number });
export const typeKeys = (keys: string): Goal => onDocument('keyboard_input', { keys });
const SELECT_ALL_KEYS = '{VK_CONTROL}a';
export const selectAll: Goal = typeKeys(SELECT_ALL_KEYS);
export const press = (...controls: ControlKey[]): Goal => ({ type: 'press', controls });
export const turnOn = (...controls: ControlKey[]): Goal => ({ type: 'toggle', controls, on: true });
export const turn = (on: boolean, ...controls: ControlKey[]): Goal => ({ type: 'toggle', controls, on });
export const fill = (control: ControlKey, text: string): Goal => ({ type: 'fill', controls: [control], text });
export const scroll = (control: ControlKey, notches: number): Goal => ({ type: 'wheel', controls: [control], notches });
export const readOut = (control: ControlKey): Goal => ({ type: 'read', controls: [control] });
export const impossible: Goal = { type: 'impossible' };

/** The controls that a goal names; none for a call. */
export const controlsOfGoal = (goal: Goal): readonly ControlKey[] => ('controls' in goal ? goal.controls : []);

/** True for a call that changes what is selected. */
export function isSelection(call: { readonly function: string; readonly args: Args }): boolean {
  return (
    call.function.startsWith('select_') || (call.function === 'keyboard_input' && call.args['keys'] === SELECT_ALL_KEYS)
  );
}
