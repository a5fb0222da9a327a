/** How controls are referred to: by name, and by an ordinal where several share the name. */
import type { Control } from '../types.ts';
import { cut } from './segment.ts';

/** Longest name that is rendered, in UTF-16 units; UI Automation names can be whole paragraphs. */
const MAX_NAME = 64;

/** `ordinal` counts the controls of that name from 1, in the order of the list. */
export type Label = { readonly name: string; readonly ordinal: number };

/** One label per control, all different. */
export function labelControls(controls: readonly Control[]): readonly Label[] {
  const seen = new Map<string, number>();
  return controls.map((control) => {
    const name = cut(control.name, MAX_NAME);
    const ordinal = (seen.get(name) ?? 0) + 1;
    seen.set(name, ordinal);
    return { name, ordinal };
  });
}

/** The name alone, as it would be rendered, for a control that is not in the list any more. */
export function labelName(name: string): string {
  return cut(name, MAX_NAME);
}
