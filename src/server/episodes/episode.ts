/** What the server remembers of an episode, and the changes that it goes through. Pure; time is an argument. */
import { type Action, type Control, GatewayError } from '../../runtime/index.ts';
import type { UndoSetting } from '../policy/undo.ts';

/** What the environment answered to an action, as ReportOutcome told it; `none`: nothing was told. */
export type StepResult = 'success' | 'failure' | 'skipped' | 'undone' | 'none';

export type EpisodeStep = {
  /** From 1. */
  readonly step: number;
  /** Of the request that was answered with the action. */
  readonly requestId: string;
  readonly action: Action;
  /** The action's control as it was before the action; absent if it has none. */
  readonly control?: Control;
  /** What it takes to undo the action. */
  readonly setting?: UndoSetting;
  /** Of what was observed before the action; empty: not kept. */
  readonly observationHash: string;
  readonly resultStatus: StepResult;
  readonly error: string;
  readonly result: string;
  readonly observedChange: string;
  /** Milliseconds since 1970, when the action was answered. */
  readonly createTimeMs: number;
};

export type Episode = {
  readonly sessionId: string;
  /** Name of the caller that it belongs to; empty: there is no authentication. */
  readonly owner: string;
  readonly userRequest: string;
  readonly app: { readonly processName: string; readonly windowTitle: string };
  readonly state: 'active' | 'ended';
  /** As EndEpisode told it; empty before. */
  readonly outcome: string;
  readonly comment: string;
  /** Of the latest PredictPlan; a plan that comes with an action is in its step. */
  readonly plan: readonly string[];
  /** Oldest first; the oldest are dropped when there are too many. */
  readonly steps: readonly EpisodeStep[];
  /** Hashes of the observations whose controls are kept, oldest first. */
  readonly observations: readonly string[];
  readonly createTimeMs: number;
  readonly updateTimeMs: number;
};

/** As many as a request may send. */
export const MAX_STEPS = 256;
/** The observation before the latest serves a client that did not get the latest answer. */
export const MAX_OBSERVATIONS = 2;

export type EpisodeKey = Pick<Episode, 'owner' | 'sessionId'>;

export function newEpisode({ owner, sessionId }: EpisodeKey, nowMs: number): Episode {
  return {
    owner,
    sessionId,
    userRequest: '',
    app: { processName: '', windowTitle: '' },
    state: 'active',
    outcome: '',
    comment: '',
    plan: [],
    steps: [],
    observations: [],
    createTimeMs: nowMs,
    updateTimeMs: nowMs,
  };
}

/** What a request says of the task; empty: nothing. */
export type Task = Pick<Episode, 'userRequest'>;

/** The episode that a request goes on with: none after its end, and none when the user has asked for something else. */
export function continued(episode: Episode | undefined, { userRequest }: Task): Episode | undefined {
  if (episode === undefined || episode.state === 'ended') return undefined;
  const isOther = userRequest !== '' && episode.userRequest !== '' && userRequest !== episode.userRequest;
  return isOther ? undefined : episode;
}

export type AnsweredStep = Pick<EpisodeStep, 'requestId' | 'action' | 'control' | 'setting' | 'observationHash'>;

/**
 * Adds an answered action. One that answers the same request as the latest takes its place: the client repeats a
 * request only when it did not get the answer.
 */
export function withStep(episode: Episode, answered: AnsweredStep, nowMs: number): Episode {
  const steps = stepsBefore(episode, answered.requestId);
  const step: EpisodeStep = {
    step: (steps.at(-1)?.step ?? 0) + 1,
    ...answered,
    resultStatus: 'none',
    error: '',
    result: '',
    observedChange: '',
    createTimeMs: nowMs,
  };
  return { ...episode, steps: [...steps, step].slice(-MAX_STEPS), updateTimeMs: nowMs };
}

/** What was answered before a request, whether or not the request itself has been answered already. */
export function stepsBefore({ steps }: Episode, requestId: string): readonly EpisodeStep[] {
  return steps.at(-1)?.requestId === requestId ? steps.slice(0, -1) : steps;
}

/** Remembers that the controls of an observation are kept; forgets the oldest. */
export function withObservation(episode: Episode, hash: string): Episode {
  const others = episode.observations.filter((kept) => kept !== hash);
  return { ...episode, observations: [...others, hash].slice(-MAX_OBSERVATIONS) };
}

export type Outcome = Pick<EpisodeStep, 'resultStatus' | 'error' | 'result' | 'observedChange'>;

/** `step` 0: the latest. Throws `not_found` for a step that there is not, or no longer. */
export function withOutcome(
  episode: Episode,
  { step, outcome }: { readonly step: number; readonly outcome: Outcome },
  nowMs: number,
): Episode {
  const wanted = step === 0 ? episode.steps.at(-1)?.step : step;
  if (wanted === undefined || !episode.steps.some((candidate) => candidate.step === wanted)) {
    throw new GatewayError('not_found', `step: the episode has no step ${step || 'yet'}`, { field: 'step' });
  }
  const steps = episode.steps.map((candidate) =>
    candidate.step === wanted ? { ...candidate, ...outcome } : candidate,
  );
  return { ...episode, steps, updateTimeMs: nowMs };
}

/** Ending an ended episode changes nothing. */
export function ended(episode: Episode, end: Pick<Episode, 'outcome' | 'comment'>, nowMs: number): Episode {
  return episode.state === 'ended' ? episode : { ...episode, ...end, state: 'ended', updateTimeMs: nowMs };
}

/** Whether the action was carried out, as far as is known. */
export function isExecuted({ action, resultStatus }: EpisodeStep): boolean {
  return action.function !== '' && (resultStatus === 'success' || resultStatus === 'none');
}
