/** Builders of states, controls and actions, with defaults that tests override. */
import { defaultFunctions } from '../../src/runtime/functions/catalog.ts';
import type { Action, Control, State } from '../../src/runtime/types.ts';

export function aControl(overrides: Partial<Control> = {}): Control {
  return { id: '1', name: 'Bold', type: 'Button', ...overrides };
}

export function aState(overrides: Partial<State> = {}): State {
  return {
    userRequest: 'make the title bold',
    subtask: '',
    app: { processName: 'WINWORD.EXE', windowTitle: 'Document1 - Word' },
    controls: [aControl(), aControl({ id: '2', name: 'Body', type: 'Document' })],
    previousPlan: [],
    previousActions: [],
    allowedFunctions: defaultFunctions('WINWORD.EXE'),
    ...overrides,
  };
}

/** A click on the first control of {@link aState}. */
export function anAction(overrides: Partial<Action> = {}): Action {
  return {
    thought: '',
    controlId: '1',
    controlName: 'Bold',
    function: 'click_input',
    args: {},
    status: 'CONTINUE',
    plan: [],
    ...overrides,
  };
}
