/** Reads what an agent observes: message -> State. */
import { defaultFunctions, functionCatalog, invalid, type State } from '../../runtime/index.ts';
import type { AppMessage, Optional, StateFields } from '../wire/messages.ts';
import { readPlan, readPreviousAction } from './actions.ts';
import { readControls } from './controls.ts';
import { readList, readName, readText } from './fields.ts';
import { MAX_ID, MAX_NAME, MAX_PREVIOUS_ACTIONS, MAX_REQUEST, type RequestLimits } from './limits.ts';

type StateMessage = Optional<StateFields & { allowed_functions: readonly string[] }>;

/** Throws `invalid_request` that names the first field that is not acceptable. */
export function readState(message: StateMessage, limits: RequestLimits): State {
  const userRequest = readUserRequest(message.user_request);
  const app = readApp(message.app);
  return {
    userRequest,
    subtask: readText('subtask', message.subtask, MAX_REQUEST),
    app,
    controls: readControls(message.controls ?? [], limits.maxControls),
    previousPlan: readPlan('previous_plan', message.previous_plan),
    previousActions: readList('previous_actions', message.previous_actions, MAX_PREVIOUS_ACTIONS).map((action, i) =>
      readPreviousAction(action, `previous_actions[${i}]`),
    ),
    allowedFunctions: readFunctions(message.allowed_functions ?? [], app.processName),
  };
}

export function readUserRequest(text: string | null | undefined): string {
  const userRequest = readText('user_request', text, MAX_REQUEST);
  if (userRequest.trim() === '') throw invalid('user_request', 'required');
  return userRequest;
}

export function readApp(message: AppMessage | null | undefined): State['app'] {
  return {
    processName: readName('app.process_name', message?.process_name, MAX_ID),
    windowTitle: readText('app.window_title', message?.window_title, MAX_NAME),
  };
}

function readFunctions(names: readonly string[], processName: string): readonly string[] {
  if (names.length === 0) return defaultFunctions(processName);
  if (names.length > functionCatalog.size) {
    throw invalid('allowed_functions', `${names.length} names, but the catalog has ${functionCatalog.size}`);
  }
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (!functionCatalog.has(name)) {
      throw invalid(`allowed_functions[${i}]`, `not one of ${[...functionCatalog.keys()].join(', ')}`);
    }
    if (seen.has(name)) throw invalid(`allowed_functions[${i}]`, 'named twice');
    seen.add(name);
  });
  return names;
}
