/** What a task asks for, as an ordered list of goals. How the user interface gets there is the expert's business. */
import type { Args } from '../../src/runtime/types.ts';
import type { ControlKey } from './ui/catalog.ts';
import { BODY } from './ui/chrome.ts';

/** Each goal names the places that will do, in order of preference; the last one can always be reached. */
export type Goal =
  | { readonly type: 'call'; readonly function: string; readonly args: Args; readonly on: 'document' | 'window' }
  | { readonly type: 'press'; readonly controls: readonly ControlKey[] }
  | { readonly type: 'toggle'; readonly controls: readonly ControlKey[]; readonly on: boolean }
  | { readonly type: 'fill'; readonly controls: readonly ControlKey[]; readonly text: string }
  | { readonly type: 'wheel'; readonly controls: readonly ControlKey[]; readonly notches: number }
  /** Reports a text that a control shows; `pattern` finds it in the control's name. */
  | { readonly type: 'report'; readonly controls: readonly ControlKey[] };

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
export const turn = (on: boolean, control: ControlKey): Goal => ({ type: 'toggle', controls: [control], on });
export const fill = (control: ControlKey, text: string): Goal => ({ type: 'fill', controls: [control], text });
export const scroll = (control: ControlKey, notches: number): Goal => ({ type: 'wheel', controls: [control], notches });
export const report = (control: ControlKey): Goal => ({ type: 'report', controls: [control] });

/** True for a call that changes what is selected. */
export function isSelection(call: { readonly function: string; readonly args: Args }): boolean {
  return (
    call.function.startsWith('select_') || (call.function === 'keyboard_input' && call.args['keys'] === SELECT_ALL_KEYS)
  );
}
