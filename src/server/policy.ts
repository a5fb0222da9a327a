/** What a person should hear of an action before it is executed. Rules over the action and the state, no model. */
import type { Action } from '../runtime/index.ts';

export type Review = {
  /** Ask a person first. */
  readonly requiresConfirmation: boolean;
  /** Remarks for a person or a log. */
  readonly warnings: readonly string[];
};

/** Names of controls that send, destroy or pay: hard to undo once clicked. Matched at the start of the name. */
const SENSITIVE_NAME =
  /^(send|delete|erase|discard|uninstall|don't save|empty recycle bin|pay|buy|purchase|place order|sign out|shut down)\b/i;
/** Functions that can trigger what the control's name says. Reading or scrolling a control cannot. */
const TRIGGERS: readonly string[] = ['click_input', 'keyboard_input'];

/** The longest UTF-8 sequence: a text this close to its limit may have wanted one more character. */
const LONGEST_CHARACTER_BYTES = 4;

export type ReviewContext = {
  /** The client said that it cut the control list. */
  readonly controlsTruncated: boolean;
  /** The limit that text arguments were decoded under. */
  readonly maxTextBytes: number;
};

export function reviewAction(action: Action, { controlsTruncated, maxTextBytes }: ReviewContext): Review {
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(action.args)) {
    if (typeof value === 'string' && Buffer.byteLength(value) > maxTextBytes - LONGEST_CHARACTER_BYTES) {
      warnings.push(`action.args.${name} may be cut: it reached options.max_text_bytes, ${maxTextBytes}`);
    }
  }
  const sensitive = TRIGGERS.includes(action.function) && SENSITIVE_NAME.test(action.controlName);
  if (sensitive) warnings.push(`the name of the control suggests something hard to undo: ${action.controlName}`);
  if (action.status === 'FAIL' && controlsTruncated) {
    warnings.push('the control list was cut; what the model missed may have been left out');
  }
  return { requiresConfirmation: sensitive || action.status === 'CONFIRM', warnings };
}
