/** ScoreActions: how good each of several actions is in one state, or in that of an episode. */
import type { Call } from '../call.ts';
import { recallState } from '../episodes/recall.ts';
import { readScoreActions } from '../requests/score-actions.ts';
import { timingMessage } from '../responses/numbers.ts';
import { rewardMessage } from '../responses/predict-action.ts';
import type { ScoreActionsRequest, ScoreActionsResponse } from '../wire/messages.ts';
import { ask } from './ask.ts';

export async function scoreActions(message: ScoreActionsRequest, call: Call): Promise<ScoreActionsResponse> {
  const { state, actions, options } = readScoreActions(await recallState(message, call), call.services.limits);
  const { model, version, rewards, timing } = await ask(call, options, (limits) =>
    call.runtime.scoreActions(state, actions, { ...options, ...limits }),
  );
  return {
    request_id: call.scope.requestId,
    model,
    version,
    rewards: rewards.map(rewardMessage),
    timing: timingMessage(timing),
  };
}
