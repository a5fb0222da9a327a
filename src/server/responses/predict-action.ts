/** What the runtime predicts and the policy says of it, as a PredictActionResponse. */
import {
  type Action,
  type Candidate,
  type Confidence,
  NO_ACTION,
  type Prediction,
  type Reward,
} from '../../runtime/index.ts';
import type { Review } from '../predict-hooks.ts';
import type {
  ActionFields,
  CandidateMessage,
  ConfidenceMessage,
  PolicyDecisionMessage,
  PredictActionResponse,
  RewardMessage,
} from '../wire/messages.ts';
import { micro, timingMessage, usageMessage } from './numbers.ts';

export type Reviewed = { readonly candidate: Candidate; readonly review: Review };

export type PredictActionOutput = {
  readonly requestId: string;
  readonly prediction: Prediction;
  /** Every candidate of the prediction, in its order. */
  readonly reviewed: readonly Reviewed[];
  /** Why nothing may be done; undefined: the first candidate that is not denied is the answer. */
  readonly denial: Review | undefined;
  /** The client asked for more than one. */
  readonly listCandidates: boolean;
  /** Besides those of the review. */
  readonly warnings: readonly string[];
};

/** Executes nothing, whatever of it a client looks at. */
const DENIED: Action = { ...NO_ACTION, status: 'FAIL' };

export function predictActionResponse(output: PredictActionOutput): PredictActionResponse {
  const { requestId, prediction, reviewed, denial, listCandidates, warnings } = output;
  const permitted = denial === undefined ? reviewed.filter(({ review }) => review.effect !== 'deny') : [];
  const best = permitted[0];
  const review = denial ?? best?.review;
  const action = best?.candidate.action ?? DENIED;
  return {
    request_id: requestId,
    model: prediction.model,
    version: prediction.version,
    action: actionMessage(action),
    requires_confirmation: review?.effect === 'confirm',
    grounded: prediction.grounded,
    warnings: [...warnings, ...(review?.warnings ?? [])],
    confidence: confidenceMessage(best?.candidate.confidence ?? prediction.confidence),
    usage: usageMessage(prediction.usage),
    timing: timingMessage(prediction.timing),
    candidates: listCandidates ? permitted.map(candidateMessage) : [],
    ...(best?.candidate.reward && { reward: rewardMessage(best.candidate.reward) }),
    policy: policyMessage(review),
    observation_hash: '',
    step: 0,
  };
}

export function actionMessage(action: Action): ActionFields {
  return {
    thought: action.thought,
    observation: '',
    control_id: action.controlId,
    control_name: action.controlName,
    function: action.function,
    args: action.args,
    status: action.status,
    plan: action.plan,
    comment: '',
    result: '',
  };
}

/** The action that a message of ours holds. */
export function actionOf(message: ActionFields): Action {
  return {
    thought: message.thought,
    controlId: message.control_id,
    controlName: message.control_name,
    function: message.function,
    args: message.args,
    status: message.status as Action['status'],
    plan: message.plan,
  };
}

export function rewardMessage({ raw, score }: Reward): RewardMessage {
  return { raw: micro(raw), score: micro(score) };
}

function candidateMessage({ candidate, review }: Reviewed): CandidateMessage {
  return {
    action: actionMessage(candidate.action),
    confidence: confidenceMessage(candidate.confidence),
    probability: micro(candidate.probability),
    ...(candidate.reward && { reward: rewardMessage(candidate.reward) }),
    policy: policyMessage(review),
  };
}

function policyMessage(review: Review | undefined): PolicyDecisionMessage {
  return { effect: review?.effect ?? 'allow', rule: review?.rule ?? '', reason: review?.reason ?? '' };
}

function confidenceMessage(confidence: Confidence): ConfidenceMessage {
  return {
    control: micro(confidence.control),
    function: micro(confidence.function),
    args: micro(confidence.args),
    status: micro(confidence.status),
  };
}
