/** Keeps the plan that PredictPlan made for an episode, for the requests for actions that follow. */
import type { Wrapper } from '../hooks.ts';
import { readName } from '../requests/fields.ts';
import { MAX_ID } from '../requests/limits.ts';
import type { PredictPlanRequest, PredictPlanResponse } from '../wire/messages.ts';
import { continued, newEpisode } from './episode.ts';
import { ownerOf } from './owner.ts';

export const planMemory: Wrapper = {
  name: 'plan_memory',
  async around(call, message, next) {
    const answer = await next();
    if (call.rpc !== 'PredictPlan') return answer;
    const { session_id, user_request, app } = message as PredictPlanRequest;
    const sessionId = readName('session_id', session_id, MAX_ID);
    if (sessionId === '') return answer;
    const { plan } = answer as PredictPlanResponse;
    const key = { owner: ownerOf(call), sessionId };
    const userRequest = user_request ?? '';
    await call.services.episodes.update(key, (stored, updateTimeMs) => {
      const episode = continued(stored, { userRequest }) ?? newEpisode(key, updateTimeMs);
      const observed = app ? { processName: app.process_name ?? '', windowTitle: app.window_title ?? '' } : episode.app;
      return { ...episode, userRequest, app: observed, plan, updateTimeMs };
    });
    return answer;
  },
};
