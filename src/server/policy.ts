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

export function reviewAction(action: Action, { controlsTruncated }: { controlsTruncated: boolean }): Review {
  const warnings: string[] = [];
  const sensitive = TRIGGERS.includes(action.function) && SENSITIVE_NAME.test(action.controlName);
  if (sensitive) warnings.push(`the name of the control suggests something hard to undo: ${action.controlName}`);
  if (action.status === 'FAIL' && controlsTruncated) {
    warnings.push('the control list was cut; what the model missed may have been left out');
  }
  return { requiresConfirmation: sensitive || action.status === 'CONFIRM', warnings };
}
