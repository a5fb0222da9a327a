/** ReportOutcome, GetEpisode, EndEpisode, RollbackEpisode: what became of the actions, and how to take them back. */
import { invariant } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { ended, isExecuted, withOutcome } from '../episodes/episode.ts';
import { ownerOf } from '../episodes/owner.ts';
import { undoOf } from '../policy/undo.ts';
import { readEnd, readOutcome, readRollback, readSessionId } from '../requests/episodes.ts';
import { episodeMessage, stepMessage } from '../responses/episodes.ts';
import { actionMessage } from '../responses/predict-action.ts';
import type {
  EndEpisodeRequest,
  EpisodeMessage,
  GetEpisodeRequest,
  IrreversibleStepMessage,
  ReportOutcomeRequest,
  ReportOutcomeResponse,
  RollbackEpisodeRequest,
  RollbackEpisodeResponse,
} from '../wire/episode-messages.ts';

export async function reportOutcome(message: ReportOutcomeRequest, call: Call): Promise<ReportOutcomeResponse> {
  const { sessionId, step, outcome } = readOutcome(message);
  let told = step;
  const episode = await call.services.episodes.change({ owner: ownerOf(call), sessionId }, (current, nowMs) => {
    // The latest as of this attempt: another request may add a step meanwhile.
    told = step || (current.steps.at(-1)?.step ?? 0);
    return withOutcome(current, { step, outcome }, nowMs);
  });
  const reported = episode.steps.find((candidate) => candidate.step === told);
  invariant(reported, `step ${told} was reported on and is not there`);
  return { request_id: call.scope.requestId, step: stepMessage(reported, episode) };
}

export async function getEpisode(message: GetEpisodeRequest, call: Call): Promise<EpisodeMessage> {
  const sessionId = readSessionId(message);
  return episodeMessage(await call.services.episodes.require({ owner: ownerOf(call), sessionId }));
}

export async function endEpisode(message: EndEpisodeRequest, call: Call): Promise<EpisodeMessage> {
  const { sessionId, ...end } = readEnd(message);
  const key = { owner: ownerOf(call), sessionId };
  return episodeMessage(await call.services.episodes.change(key, (episode, nowMs) => ended(episode, end, nowMs)));
}

export async function rollbackEpisode(message: RollbackEpisodeRequest, call: Call): Promise<RollbackEpisodeResponse> {
  const { sessionId, steps } = readRollback(message);
  const episode = await call.services.episodes.require({ owner: ownerOf(call), sessionId });
  const undo: { step: number; action: ReturnType<typeof actionMessage> }[] = [];
  const irreversible: IrreversibleStepMessage[] = [];
  for (const step of episode.steps.filter(isExecuted).slice(-steps).reverse()) {
    const way = undoOf(step);
    if (way === 'unknown' || !way.reversible) {
      const reason = way === 'unknown' ? 'it is not known how to take this action back' : way.reason;
      irreversible.push({ step: step.step, reason });
    } else if (irreversible.length === 0) {
      undo.push({ step: step.step, action: actionMessage(way.action) });
    }
  }
  const [stop] = irreversible;
  return { request_id: call.scope.requestId, undo, ...(stop && { stopped_at: stop }), irreversible };
}
