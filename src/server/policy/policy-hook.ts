/** The policy's part in predicting an action: before the model chooses, when it has chosen, and in what the client is told. */
import type { Call } from '../call.ts';
import { mergeReviews, type PredictHook, type Review } from '../predict-hooks.ts';
import { actionMessage } from '../responses/predict-action.ts';
import type { ActionFields, PredictActionRequest } from '../wire/messages.ts';
import { type Policy, without } from './policy.ts';
import { remarksOn } from './remarks.ts';
import { undoOf, undoSetting } from './undo.ts';

/** `source.policy` is asked anew at each stage, so that a reload holds for requests under way as well. */
export function policyHook(source: { readonly policy: Policy }): PredictHook {
  return {
    name: 'policy',
    recall: (message, call) => (needsReward(source.policy, call) ? withReward(message) : message),
    restrict(state, call) {
      const restriction = source.policy.restrict(state);
      call.report.withheldBy = restriction.rules;
      return restriction.state;
    },
    review({ action, reward }, input) {
      const { effect, name, reason } = source.policy.judge(action, input.state);
      const remarks = remarksOn(action, input);
      const ruled = { effect, rule: name, reason, warnings: reason === '' ? remarks : [...remarks, reason] };
      const reviews = [ruled, askedByModel(action.status), doubt(source.policy, action.function, reward?.score)];
      return mergeReviews(reviews.filter((review): review is Review => review !== undefined));
    },
    exclude({ action }, state) {
      return source.policy.judge(action, state).effect === 'deny' ? without(state, action) : undefined;
    },
    complete({ input: { state }, response }, { report: { withheldBy = [] } }) {
      const { control_id: controlId, function: name, args } = response.action;
      const action = { controlId, function: name, args };
      const control = state.controls.find(({ id }) => id === controlId);
      const undo = undoOf({ action, ...(control && { control }), setting: undoSetting(action, state) });
      return {
        ...response,
        warnings: [
          ...response.warnings,
          ...withheldBy.map((rule) => `something was withheld from the model by rule ${rule}`),
        ],
        action: response.requires_confirmation ? askFirst(response.action) : response.action,
        candidates: response.candidates.map((candidate) =>
          candidate.policy.effect === 'confirm' ? { ...candidate, action: askFirst(candidate.action) } : candidate,
        ),
        ...(undo !== 'unknown' && { reversible: undo.reversible }),
        ...(undo !== 'unknown' && undo.reversible && { undo: actionMessage(undo.action) }),
      };
    },
  };
}

/** Clients that only look at the status, as UFO's agents do, ask too. */
function askFirst(action: ActionFields): ActionFields {
  return action.function === '' ? action : { ...action, status: 'CONFIRM' };
}

function askedByModel(status: string): Review | undefined {
  if (status !== 'CONFIRM') return undefined;
  return { effect: 'confirm', rule: 'model_confirm', reason: 'the model asks for confirmation', warnings: [] };
}

/** What the thresholds make of a reward. An action that could not be judged is doubtful. */
function doubt({ reward: thresholds }: Policy, functionName: string, score: number | undefined): Review | undefined {
  const { confirm_below: confirmBelow, fail_below: failBelow } = thresholds;
  if ((confirmBelow === undefined && failBelow === undefined) || functionName === '') return undefined;
  if (score === undefined) {
    const reason = 'there is no reward to judge the action by';
    return { effect: 'confirm', rule: 'reward_unknown', reason, warnings: [reason] };
  }
  const effect = score < (failBelow ?? 0) ? 'deny' : score < (confirmBelow ?? 0) ? 'confirm' : undefined;
  if (effect === undefined) return undefined;
  const reason = `the reward model doubts it: ${score.toFixed(3)}`;
  return { effect, rule: `reward_${effect}`, reason, warnings: [reason] };
}

/** Thresholds are no use without rewards, so requests get them, whether they ask or not, if there is a model for it. */
function needsReward({ reward: { confirm_below: confirmBelow, fail_below: failBelow } }: Policy, call: Call): boolean {
  if (confirmBelow === undefined && failBelow === undefined) return false;
  return call.runtime.models().some(({ role, state }) => role === 'reward' && state === 'ready');
}

function withReward(message: PredictActionRequest): PredictActionRequest {
  return { ...message, options: { ...message.options, rerank: true } };
}
