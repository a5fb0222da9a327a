/** Reads a PredictPlanRequest. */
import type { PlanTask, RequestOptions } from '../../runtime/index.ts';
import type { PredictPlanRequest } from '../wire/messages.ts';
import { readAddress, readPriority } from './fields.ts';
import { readApp, readUserRequest } from './state.ts';

export type PredictPlanInput = {
  readonly task: PlanTask;
  readonly options: Omit<RequestOptions, 'signal'>;
};

/** Throws `invalid_request` that names the first field that is not acceptable. */
export function readPredictPlan(message: PredictPlanRequest): PredictPlanInput {
  const { model, sessionId } = readAddress(message);
  return {
    task: { userRequest: readUserRequest(message.user_request), app: readApp(message.app) },
    options: { model, stickyKey: sessionId, priority: readPriority('priority', message.priority) },
  };
}
