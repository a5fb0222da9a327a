/** PredictAction: what the episode knows, validation, policy, model, review, answer. */
import { type Choice, monotonicMs, type Prediction, type State } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { mergeReviews, type Review } from '../predict-hooks.ts';
import { type PredictActionInput, readPredictAction } from '../requests/predict-action.ts';
import { predictActionResponse, type Reviewed } from '../responses/predict-action.ts';
import type { PredictActionRequest, PredictActionResponse } from '../wire/messages.ts';
import { ask } from './ask.ts';
import { type Chosen, choose, isAction, isDenied } from './choose.ts';

/** How often a model is asked when all that it chose is denied, for reasons that no grammar can express. */
const MAX_ATTEMPTS = 3;

export function predictAction(message: PredictActionRequest, call: Call): Promise<PredictActionResponse> {
  return predictWithChoice(message, call);
}

/** `onChoice` hears of control and function ahead of the answer, if the runtime tells. */
export async function predictWithChoice(
  sent: PredictActionRequest,
  call: Call,
  onChoice?: (choice: Choice) => void,
): Promise<PredictActionResponse> {
  const { predictHooks, limits } = call.services;
  call.runtime.expectAction({ model: sent.model ?? '', stickyKey: sent.session_id ?? '' });
  let message = sent;
  for (const hook of predictHooks) message = (await hook.recall?.(message, call)) ?? message;
  const input = readPredictAction(message, limits);
  let { state } = input;
  for (const hook of predictHooks) state = (await hook.restrict?.(state, call)) ?? state;
  const { options } = input;
  let prediction = await predict(call, { state, options, onChoice });
  let reviewed = reviewAll(prediction, input, call);
  let chosen = choose(reviewed);
  for (let attempt = 1; attempt < MAX_ATTEMPTS && chosen.denial !== undefined; attempt++) {
    const narrower = exclude(prediction, state, call);
    if (narrower === undefined) break;
    state = narrower;
    prediction = await predict(call, { state, options, onChoice: undefined });
    reviewed = reviewAll(prediction, input, call);
    const next = choose(reviewed);
    if (isAction(next)) chosen = next;
  }
  if (state !== input.state && chosen.denial === undefined && !isAction(chosen)) {
    chosen = (await wouldBeDenied(input, call)) ?? chosen;
  }
  let response = predictActionResponse({
    requestId: call.scope.requestId,
    prediction,
    reviewed,
    denial: chosen.denial,
    listCandidates: input.options.candidates > 1,
    warnings: unmetWishes(prediction, input),
  });
  for (const hook of predictHooks) {
    const exchange = { message, input, state, prediction, response };
    response = (await hook.complete?.(exchange, call)) ?? response;
  }
  return response;
}

type Question = Pick<PredictActionInput, 'state' | 'options'> & {
  readonly onChoice: ((choice: Choice) => void) | undefined;
};

function predict(call: Call, { state, options, onChoice }: Question): Promise<Prediction> {
  return ask(call, options, (limits) =>
    call.runtime.predictAction(state, { ...options, ...limits, ...(onChoice && { onChoice }) }),
  );
}

/**
 * The model has nothing to do in a state from which something was withheld: is it done, or did it want just that? Asked about
 * the whole state, it tells; undefined: it is done.
 */
async function wouldBeDenied(input: PredictActionInput, call: Call): Promise<Chosen | undefined> {
  const { state, options } = input;
  const [wanted] = reviewAll(await predict(call, { state, options, onChoice: undefined }), input, call);
  return wanted !== undefined && isDenied(wanted) ? { denial: wanted.review } : undefined;
}

/** The state without what was denied of a prediction; undefined if no hook can exclude it. */
function exclude({ candidates }: Prediction, state: State, call: Call): State | undefined {
  let narrower: State | undefined;
  for (const candidate of candidates) {
    for (const hook of call.services.predictHooks) narrower = hook.exclude?.(candidate, narrower ?? state) ?? narrower;
  }
  return narrower;
}

function reviewAll(prediction: Prediction, input: PredictActionInput, call: Call): readonly Reviewed[] {
  const start = monotonicMs();
  const reviewed = prediction.candidates.map((candidate) => {
    const reviews = call.services.predictHooks.map((hook) => hook.review?.(candidate, input, call));
    return { candidate, review: mergeReviews(reviews.filter((review): review is Review => review !== undefined)) };
  });
  call.report.policyMs = { start, end: monotonicMs() };
  return reviewed;
}

function unmetWishes({ action }: Prediction, { options }: PredictActionInput): readonly string[] {
  const warnings: string[] = [];
  if (options.wantThought && action.thought === '') warnings.push('options.want_thought: the model wrote none');
  if (options.wantPlan && action.plan.length === 0) warnings.push('options.want_plan: the model wrote none');
  return warnings;
}
