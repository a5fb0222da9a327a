/** A made-up state that is small enough for any model's context. */
import type { State } from '../types.ts';

/** How often a model is asked before its first request; by then the code on the path is compiled. */
export const WARM_UP_ROUNDS = 3;

export function warmUpState(): State {
  const control = { name: 'Document', type: 'Document' };
  return {
    userRequest: 'warm up',
    subtask: '',
    app: { processName: '', windowTitle: '' },
    controls: ['1', '2', '3', '4'].map((id) => ({ ...control, id })),
    previousPlan: [],
    previousActions: [],
    allowedFunctions: ['click_input', 'set_edit_text', 'wait'],
  };
}
