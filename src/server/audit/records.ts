/** What the lines of the audit log hold: who asked what, what was answered and why, and what came of it. */
import type { Action, State } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { ownerOf } from '../episodes/owner.ts';
import type { Exchange } from '../predict-hooks.ts';
import { actionOf } from '../responses/predict-action.ts';
import type { EndEpisodeRequest, ReportOutcomeRequest, ReportOutcomeResponse } from '../wire/episode-messages.ts';
import type { Compose } from './audit-log.ts';

/** What an action line holds when content is logged: the pair that models are trained on. */
export type Content = { readonly state: State; readonly action: Action };

/** One line per answered action. Names and texts are hashed; functions, types and statuses are of closed sets. */
export function actionRecord({ message, input, response }: Exchange, call: Call, withContent: boolean): Compose {
  const { state, sessionId } = input;
  const { action, policy, reward, reversible } = response;
  const control = state.controls.find(({ id }) => id === action.control_id);
  return (hash) => ({
    type: 'action',
    request_id: response.request_id,
    session_id: sessionId,
    step: response.step,
    principal: ownerOf(call),
    client_id: message.client_id ?? '',
    rpc: call.rpc,
    model: response.model,
    version: response.version,
    app: state.app.processName,
    controls: state.controls.length,
    task: hash(`${state.userRequest}\n${state.subtask}`),
    observation: hash(JSON.stringify(state.controls)),
    action: {
      function: action.function,
      status: action.status,
      control_type: control?.type ?? '',
      control: hash(action.control_name),
      args: hash(action.args),
    },
    requires_confirmation: response.requires_confirmation,
    policy: { effect: policy.effect, rule: policy.rule },
    ...(reward && { reward }),
    ...(reversible !== undefined && { reversible }),
    latency_ms: response.timing.total_ms,
    ...(withContent && { content: { state, action: actionOf(action) } satisfies Content }),
  });
}

/** What the environment answered to an action. */
export function outcomeRecord(
  [message, { request_id: requestId, step }]: readonly [ReportOutcomeRequest, ReportOutcomeResponse],
  call: Call,
  withContent: boolean,
): Compose {
  const { error, result, observed_change: change } = step;
  return (hash) => ({
    type: 'outcome',
    request_id: requestId,
    session_id: message.session_id ?? '',
    step: step.step,
    principal: ownerOf(call),
    result_status: step.result_status,
    error: hash(error),
    result: hash(result),
    observed_change: hash(change),
    ...(withContent && { content: { error, result, observed_change: change } }),
  });
}

/** How an episode ended. */
export function endRecord(message: EndEpisodeRequest, call: Call, withContent: boolean): Compose {
  const comment = message.comment ?? '';
  return (hash) => ({
    type: 'end',
    request_id: call.scope.requestId,
    session_id: message.session_id ?? '',
    principal: ownerOf(call),
    outcome: message.outcome ?? '',
    comment: hash(comment),
    ...(withContent && { content: { comment } }),
  });
}

/** What an operator changed of what is loaded or labelled. */
export function operateRecord(call: Call): Compose {
  const { model, version, label } = call.report;
  return () => ({
    type: 'operate',
    request_id: call.scope.requestId,
    principal: ownerOf(call),
    rpc: call.rpc,
    model,
    version,
    ...label,
  });
}
