/** Episodes and their steps as messages. */
import { type Attempted, actionKey } from '../episodes/attempts.ts';
import type { Episode, EpisodeStep } from '../episodes/episode.ts';
import { type Undo, undoOf } from '../policy/undo.ts';
import type { EpisodeMessage, EpisodeStepMessage, UndoFields } from '../wire/episode-messages.ts';
import { actionMessage } from './predict-action.ts';

export function episodeMessage(episode: Episode): EpisodeMessage {
  return {
    session_id: episode.sessionId,
    user_request: episode.userRequest,
    state: episode.state,
    outcome: episode.outcome,
    comment: episode.comment,
    create_time: time(episode.createTimeMs),
    update_time: time(episode.updateTimeMs),
    steps: episode.steps.map((step) => stepMessage(step, episode)),
    plan: episode.plan,
  };
}

export function stepMessage(step: EpisodeStep, { steps }: Pick<Episode, 'steps'>): EpisodeStepMessage {
  return {
    step: step.step,
    request_id: step.requestId,
    action: actionMessage(step.action),
    result_status: step.resultStatus,
    error: step.error,
    result: step.result,
    observed_change: step.observedChange,
    ...undoFields(undoOf(step)),
    create_time: time(step.createTimeMs),
    repeats: countRepeats(step, steps),
  };
}

export function undoFields(undo: Undo): UndoFields {
  if (undo === 'unknown') return {};
  return undo.reversible ? { reversible: true, undo: actionMessage(undo.action) } : { reversible: false };
}

/** How many of the steps right before it are the same action. */
function countRepeats({ step, action }: EpisodeStep, steps: readonly EpisodeStep[]): number {
  const isSame = (other: Attempted) => action.function !== '' && actionKey(other) === actionKey(action);
  const before = steps.filter((other) => other.step < step);
  return before.length - 1 - before.findLastIndex((other) => !isSame(other.action));
}

/** RFC 3339, UTC. */
function time(ms: number): string {
  return new Date(ms).toISOString();
}
