/** Where concerns that take part in predicting an action plug in: memory, policy, audit. */
import type { Candidate, Prediction, State } from '../runtime/index.ts';
import type { Call } from './call.ts';
import type { PredictActionInput } from './requests/predict-action.ts';
import type { PredictActionRequest, PredictActionResponse } from './wire/messages.ts';

/** Each stage is optional. A stage runs for all hooks, in the order of their list, before the next stage begins. */
export interface PredictHook {
  readonly name: string;
  /** Fills in what the client left out because the gateway knows it. The result is validated as if it had been sent. */
  recall?(message: PredictActionRequest, call: Call): PredictActionRequest | Promise<PredictActionRequest>;
  /** Narrows what the model may choose from: fewer controls, fewer functions. */
  restrict?(state: State, call: Call): State | Promise<State>;
  /** Judges one candidate. The strictest review of all hooks decides; undefined: nothing to say. */
  review?(candidate: Candidate, input: PredictActionInput, call: Call): Review | undefined;
  /**
   * Every candidate was denied: narrows the state by one of them, so that the model can choose something else. Undefined: not to be
   * tried again.
   */
  exclude?(denied: Candidate, state: State): State | undefined;
  /** The answer is complete: keeps it, or adds to it. A failure fails the request. */
  complete?(exchange: Exchange, call: Call): PredictActionResponse | Promise<PredictActionResponse>;
}

/** What a policy says of one action. */
export type Review = {
  readonly effect: 'allow' | 'confirm' | 'deny';
  /** Name of the rule that decided; empty when none applied. */
  readonly rule: string;
  /** For a person. */
  readonly reason: string;
  /** Remarks for a person or a log. */
  readonly warnings: readonly string[];
};

/** An answered request. */
export type Exchange = {
  /** As it was recalled. */
  readonly message: PredictActionRequest;
  readonly input: PredictActionInput;
  /** What the model saw. */
  readonly state: State;
  readonly prediction: Prediction;
  readonly response: PredictActionResponse;
};

const NOTHING: Review = { effect: 'allow', rule: '', reason: '', warnings: [] };
const SEVERITY = { allow: 0, confirm: 1, deny: 2 } as const;

/** The strictest of several reviews, the first of equals, with the warnings of all. */
export function mergeReviews(reviews: readonly Review[]): Review {
  const strictest = reviews.reduce((a, b) => (SEVERITY[b.effect] > SEVERITY[a.effect] ? b : a), NOTHING);
  return { ...strictest, warnings: reviews.flatMap(({ warnings }) => warnings) };
}
