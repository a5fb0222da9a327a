/** Keyboard input in pywinauto's notation: plain text, `{ENTER}`, `{VK_CONTROL}a`. */
import type { Desk } from './desk.ts';
import { formatAtSelection, formatText, typeText } from './editing.ts';
import type { Placed } from './ui/catalog.ts';

const SHORTCUTS: Readonly<Record<string, (desk: Desk) => void>> = {
  '{VK_CONTROL}a': (desk) => {
    desk.document.selection = { type: 'all' };
  },
  '{VK_CONTROL}b': (desk) => desk.change((d) => formatText(d, { bold: !formatAtSelection(d).bold })),
  '{VK_CONTROL}i': (desk) => desk.change((d) => formatText(d, { italic: !formatAtSelection(d).italic })),
  '{VK_CONTROL}u': (desk) => desk.change((d) => formatText(d, { underline: !formatAtSelection(d).underline })),
  '{VK_CONTROL}s': (desk) => {
    desk.document.file.saves++;
  },
  '{VK_CONTROL}z': (desk) => desk.undo(),
  '{DELETE}': (desk) => desk.change((d) => typeText(d, '')),
  '{BACKSPACE}': (desk) => desk.change((d) => typeText(d, '')),
  '{ESC}': (desk) => {
    desk.ui.menus = [];
    desk.ui.dialog = null;
  },
};

/** Sends keys to a control, or to the window; false for keys that the notation does not have. */
export function pressKeys(desk: Desk, keys: string, target: Placed | null): boolean {
  const shortcut = SHORTCUTS[keys];
  if (shortcut) {
    if (keys !== '{ESC}') desk.ui.menus = [];
    shortcut(desk);
    return true;
  }
  if (/[{}]/.test(keys)) return false;
  if (target?.spec.fill) target.spec.fill(desk, (target.spec.value?.(desk) ?? '') + keys);
  else desk.change((d) => typeText(d, keys));
  return true;
}
