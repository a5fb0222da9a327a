/** The thin agent: observe, ask the gateway, execute, until the task ends. */
import type { WordDesktop } from '../desktop/desktop.ts';
import type { Outcome } from '../desktop/executor.ts';
import type { Observation } from '../desktop/observe.ts';
import { toPredictRequest } from './agent-state.ts';
import type { ActionClient, PredictResponse } from './gateway-client.ts';

/** UFO's own bound is 50 (30 in its first version); the simulated tasks take 1 to 6 steps. */
export const MAX_STEPS = 15;

export type Step = {
  readonly observation: Observation;
  readonly answer: PredictResponse;
  /** Undefined when there was nothing to execute. */
  readonly outcome: Outcome | undefined;
  /** From the request to the answer, network and JSON included, in milliseconds. */
  readonly latencyMs: number;
};

export type EpisodeOptions = {
  readonly sessionId: string;
  readonly request: string;
  /**
   * Whether a person is there who agrees where the policy wants an action confirmed: whoever gave the task wants its steps
   * done. Otherwise such an answer ends the episode, unexecuted. Default true.
   */
  readonly isAttended?: boolean;
  readonly onStep?: (step: Step) => void;
};

/** Drives `desktop` until the answer is FINISH, FAIL or a CONFIRM of the model's own, or {@link MAX_STEPS} are done. */
export async function runEpisode(client: ActionClient, desktop: WordDesktop, options: EpisodeOptions): Promise<Step[]> {
  const steps: Step[] = [];
  while (steps.length < MAX_STEPS) {
    const step = await takeStep(client, desktop, options);
    steps.push(step);
    options.onStep?.(step);
    if (step.answer.action.status !== 'CONTINUE' && !isConfirmed(step.answer, options)) break;
  }
  return steps;
}

/** The rule by which the gateway says that the model itself asks. */
const ASKED_BY_MODEL = 'model_confirm';

/** A CONFIRM of the model's own, without a word of the policy's, is its answer to the task. */
function isConfirmed({ action, policy }: PredictResponse, { isAttended = true }: EpisodeOptions): boolean {
  return isAttended && action.status === 'CONFIRM' && policy?.effect === 'confirm' && policy.rule !== ASKED_BY_MODEL;
}

async function takeStep(client: ActionClient, desktop: WordDesktop, options: EpisodeOptions): Promise<Step> {
  const observation = desktop.observe();
  const startMs = performance.now();
  const { sessionId, request } = options;
  const answer = await client.predictAction(
    toPredictRequest({ sessionId, request, observation, history: desktop.history }),
  );
  const latencyMs = performance.now() - startMs;
  const { action } = answer;
  const executes = action.function !== '' && (action.status !== 'CONFIRM' || isConfirmed(answer, options));
  const call = {
    function: action.function,
    args: action.args,
    controlId: action.control_id,
    controlName: action.control_name,
  };
  return { observation, answer, latencyMs, outcome: executes ? desktop.execute(call) : undefined };
}

/** The grounding that the desktop itself can vouch for: id and name are those of one observed control. */
export function isGrounded({ observation, answer: { action } }: Step): boolean {
  if (action.control_id === '') return action.control_name === '';
  const control = observation.controls.find(({ id }) => id === action.control_id);
  return control !== undefined && control.name === action.control_name;
}
