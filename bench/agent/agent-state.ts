/** One state, as the agent sends it. */
import type { PreviousAction } from '../../src/runtime/index.ts';
import type { Observation } from '../desktop/observe.ts';
import type { PredictRequest } from './gateway-client.ts';

export type AgentState = {
  readonly sessionId: string;
  readonly request: string;
  readonly observation: Observation;
  readonly history: readonly PreviousAction[];
};

export function toPredictRequest({ sessionId, request, observation, history }: AgentState): PredictRequest {
  return {
    session_id: sessionId,
    user_request: request,
    app: { process_name: observation.app.processName, window_title: observation.app.windowTitle },
    controls: observation.controls,
    previous_actions: history.map((action, i) => ({
      step: i + 1,
      function: action.function,
      args: action.args,
      control_name: action.controlName,
      result_status: action.resultStatus,
      error: action.error,
    })),
  };
}
