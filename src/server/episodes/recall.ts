/** What a thin client leaves out of a state, from the memory of its episode. What it sends itself is believed instead. */
import type { Call } from '../call.ts';
import { readName } from '../requests/fields.ts';
import { MAX_ID } from '../requests/limits.ts';
import type { Optional, StateFields } from '../wire/messages.ts';
import { type Attempt, attemptsOfSteps } from './attempts.ts';
import { continued, type Episode, type EpisodeStep } from './episode.ts';
import { previousActions, previousPlan } from './history.ts';
import { encodeObservation } from './observation.ts';
import { ownerOf } from './owner.ts';

type StateMessage = Optional<StateFields>;

/** For a request that adds nothing to its episode; one that names none, or none that goes on, stays as it was sent. */
export async function recallState<T extends StateMessage & Optional<{ session_id: string }>>(
  message: T,
  call: Call,
): Promise<T> {
  const sessionId = readName('session_id', message.session_id, MAX_ID);
  if (sessionId === '') return message;
  const stored = await call.services.episodes.find({ owner: ownerOf(call), sessionId });
  const episode = continued(stored, { userRequest: message.user_request ?? '' });
  if (episode === undefined) return message;
  const whole = withTask(message, episode);
  const { steps } = episode;
  return withHistory(whole, { episode, steps, kept: attemptsOfSteps(steps, () => encodeObservation(whole).hash) });
}

/** Task and application. */
export function withTask<T extends StateMessage>(
  message: T,
  episode: Pick<Episode, 'userRequest' | 'app'> | undefined,
): T {
  if (episode === undefined) return message;
  const { processName, windowTitle } = episode.app;
  return {
    ...message,
    user_request: message.user_request || episode.userRequest,
    app: message.app ?? { process_name: processName, window_title: windowTitle },
  };
}

export type Memory = {
  readonly episode: Pick<Episode, 'plan'>;
  /** Those that were answered before. */
  readonly steps: readonly EpisodeStep[];
  /** What came of each. */
  readonly kept: readonly Attempt[];
};

/** Previous actions and plan. */
export function withHistory<T extends StateMessage>(message: T, { episode, steps, kept }: Memory): T {
  return {
    ...message,
    previous_actions: message.previous_actions?.length ? message.previous_actions : previousActions(steps, kept),
    previous_plan: message.previous_plan?.length ? message.previous_plan : previousPlan(episode, steps),
  };
}
