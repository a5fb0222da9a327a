/** Reads a ScoreActionsRequest. */
import { type Action, invalid, type RequestOptions, type State } from '../../runtime/index.ts';
import type { ScoreActionsRequest } from '../wire/messages.ts';
import { readAction } from './actions.ts';
import { readAddress, readList, readPriority } from './fields.ts';
import { MAX_SCORED_ACTIONS, type RequestLimits } from './limits.ts';
import { readState } from './state.ts';

export type ScoreActionsInput = {
  readonly state: State;
  /** At least one. */
  readonly actions: readonly Action[];
  readonly options: Omit<RequestOptions, 'signal'>;
};

/** Throws `invalid_request` that names the first field that is not acceptable. */
export function readScoreActions(message: ScoreActionsRequest, limits: RequestLimits): ScoreActionsInput {
  const { model, sessionId } = readAddress(message);
  const state = readState(message, limits);
  const controls = new Map(state.controls.map((control) => [control.id, control]));
  const actions = readList('actions', message.actions, MAX_SCORED_ACTIONS);
  if (actions.length === 0) throw invalid('actions', 'required');
  return {
    state,
    actions: actions.map((action, i) => readAction(action, `actions[${i}]`, controls)),
    options: { model, stickyKey: sessionId, priority: readPriority('priority', message.priority) },
  };
}
