/**
 * The episode's part in predicting an action: fills in what a thin client leaves out, keeps what was answered, and sees to
 * it that an action without effect is not answered over and over.
 */
import type { Action, Control } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { undoSetting } from '../policy/undo.ts';
import type { Exchange, PredictHook } from '../predict-hooks.ts';
import { readName } from '../requests/fields.ts';
import { MAX_CANDIDATES, MAX_ID } from '../requests/limits.ts';
import { actionOf } from '../responses/predict-action.ts';
import type { PredictActionRequest, PredictActionResponse } from '../wire/messages.ts';
import {
  type Attempt,
  type Attempted,
  actionKey,
  attemptsOfHistory,
  attemptsOfSteps,
  countIneffective,
  isAnyExhausted,
  lastExhausted,
  MAX_INEFFECTIVE,
  sameAction,
} from './attempts.ts';
import { applyControlChanges } from './control-changes.ts';
import {
  continued,
  type Episode,
  type EpisodeKey,
  newEpisode,
  stepsBefore,
  withObservation,
  withStep,
} from './episode.ts';
import { isKept, Observation } from './observation.ts';
import { ownerOf } from './owner.ts';
import { withHistory, withTask } from './recall.ts';
import type { StoredObservation } from './store.ts';

/** What is known of one request between the stages. */
type Recalled = {
  /** Undefined: the request names no episode. */
  readonly key: EpisodeKey | undefined;
  readonly observation: Observation | undefined;
  /** One list per witness: the client's own history, the server's memory. */
  readonly evidence: readonly (readonly Attempt[])[];
  /** What the client itself asked for. */
  readonly candidates: number;
  /** Why candidates were left out. */
  readonly reasons: Set<string>;
};

/** Asked for beside those that the client wants when some action is exhausted: its variants may be among the best. */
const SPARE_CANDIDATES = 7;
const RULE = 'repeated_action';

export function episodeMemory(): PredictHook {
  const recalled = new WeakMap<Call, Recalled>();
  return {
    name: 'episode_memory',

    async recall(message, call) {
      const sessionId = readName('session_id', message.session_id, MAX_ID);
      const key = sessionId === '' ? undefined : { owner: ownerOf(call), sessionId };
      const stored = key && (await call.services.episodes.find(key));
      const episode = continued(stored, { userRequest: message.user_request ?? '' });
      const steps = episode === undefined ? [] : stepsBefore(episode, call.scope.requestId);
      const base = episode === undefined ? message : await withControls(message, episode, call);
      const observation = key && new Observation(withTask(base, episode));
      const kept = attemptsOfSteps(steps, () => observation?.written.hash ?? '');
      const sent = message.previous_actions ?? [];
      const evidence = sent.length === 0 ? [kept] : [attemptsOfHistory(sent), seenOnly(kept, sent)];
      const candidates = message.options?.candidates ?? 0;
      recalled.set(call, { key, observation, evidence, candidates, reasons: new Set() });
      const whole = episode === undefined ? base : withHistory(withTask(base, episode), { episode, steps, kept });
      return evidence.some(isAnyExhausted) ? withSpares(whole, candidates) : whole;
    },

    review({ action }, { state }, call) {
      const memory = recalled.get(call);
      if (memory === undefined) return undefined;
      const { evidence } = memory;
      const reason =
        action.function === '' ? givingUpReason(action, evidence) : repeatReason(action, evidence, state.controls);
      if (reason === undefined) return undefined;
      memory.reasons.add(reason);
      return { effect: 'deny', rule: RULE, reason, warnings: [reason] };
    },

    async complete(exchange, call) {
      const memory = recalled.get(call);
      if (memory === undefined) return exchange.response;
      const response = asAsked(exchange.response, memory);
      const { key, observation } = memory;
      if (key === undefined || observation === undefined) return response;
      // A client that has gone gets no answer, so there is nothing to remember.
      call.scope.signal.throwIfAborted();
      return remember({ ...exchange, response }, { key, observation: observation.written }, call);
    },
  };
}

/** With the whole list for a difference. Without its base, or with a list beside it, it stays and is refused. */
async function withControls(
  message: PredictActionRequest,
  episode: Episode,
  call: Call,
): Promise<PredictActionRequest> {
  const { control_changes: changes, ...rest } = message;
  if (!changes || rest.controls?.length) return message;
  const base = await call.services.episodes.controls(episode, changes.base_hash ?? '');
  return base === undefined ? message : { ...rest, controls: applyControlChanges(base, changes) };
}

/** What the server saw of actions that the client does not say succeeded. */
function seenOnly(kept: readonly Attempt[], sent: PredictActionRequest['previous_actions']): readonly Attempt[] {
  const told = attemptsOfHistory(sent ?? []).filter(({ fate }) => fate === 'effective');
  const succeeded = new Set(told.map(({ action }) => actionKey(action)));
  return kept.filter(({ action }) => !succeeded.has(actionKey(action)));
}

function withSpares(message: PredictActionRequest, asked: number): PredictActionRequest {
  const wanted = Math.min(MAX_CANDIDATES, Math.max(1, asked) + SPARE_CANDIDATES);
  return { ...message, options: { ...message.options, candidates: Math.max(asked, wanted) } };
}

/** Undefined for an action that may be answered. */
function repeatReason(
  action: Action,
  evidence: Recalled['evidence'],
  controls: readonly Control[],
): string | undefined {
  const isNameShared = controls.filter(({ name }) => name === action.controlName).length > 1;
  const isSame = sameAction(action, isNameShared);
  const count = Math.max(0, ...evidence.map((attempts) => countIneffective(attempts, isSame)));
  if (count < MAX_INEFFECTIVE) return undefined;
  return `${describe(action)} had no effect ${count} times in this episode; it is not repeated`;
}

/** Whoever stops after actions without effect has not finished. Undefined where that is not so. */
function givingUpReason({ status }: Action, evidence: Recalled['evidence']): string | undefined {
  if (status !== 'FINISH') return undefined;
  const last = evidence.map(lastExhausted).find((action) => action !== undefined);
  return last && `${describe(last)} was the last to be tried and had no effect; the task is not finished`;
}

function describe({ function: name, controlName }: Attempted): string {
  return controlName === '' ? name : `${name} on ${JSON.stringify(controlName)}`;
}

/** Without the spare candidates, and with a word on those that were left out. */
function asAsked(response: PredictActionResponse, { candidates, reasons }: Recalled): PredictActionResponse {
  return {
    ...response,
    candidates: candidates > 1 ? response.candidates.slice(0, candidates) : [],
    warnings: [...new Set([...response.warnings, ...reasons])],
  };
}

type Place = { readonly key: EpisodeKey; readonly observation: StoredObservation };

async function remember(exchange: Exchange, { key, observation }: Place, call: Call): Promise<PredictActionResponse> {
  const { state, response } = exchange;
  const { userRequest, app } = exchange.input.state;
  const action = actionOf(response.action);
  const control = state.controls.find(({ id }) => id === action.controlId);
  const answered = {
    requestId: call.scope.requestId,
    action,
    ...(control && { control }),
    setting: undoSetting(action, exchange.input.state),
    observationHash: observation.hash,
  };
  const hash = isKept(observation) ? observation.hash : '';
  const { steps } = await call.services.episodes.update(
    key,
    (stored, nowMs) => {
      const episode = continued(stored, { userRequest }) ?? newEpisode(key, nowMs);
      const grown = withStep({ ...episode, userRequest, app }, answered, nowMs);
      return hash === '' ? grown : withObservation(grown, hash);
    },
    observation,
  );
  // Others may have changed the episode since: it is this request's step that counts.
  const step = steps.findLast(({ requestId }) => requestId === answered.requestId);
  return { ...response, step: step?.step ?? 0, observation_hash: hash };
}
