/** PredictPlan: a task becomes a plan. */
import type { Call } from '../call.ts';
import { readPredictPlan } from '../requests/predict-plan.ts';
import { timingMessage, usageMessage } from '../responses/numbers.ts';
import type { PredictPlanRequest, PredictPlanResponse } from '../wire/messages.ts';
import { ask } from './ask.ts';

export async function predictPlan(message: PredictPlanRequest, call: Call): Promise<PredictPlanResponse> {
  const { task, options } = readPredictPlan(message);
  const { model, version, plan, usage, timing } = await ask(call, options, (limits) =>
    call.runtime.predictPlan(task, { ...options, ...limits }),
  );
  return {
    request_id: call.scope.requestId,
    model,
    version,
    plan,
    usage: usageMessage(usage),
    timing: timingMessage(timing),
  };
}
