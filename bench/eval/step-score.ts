/** How an answer compares with the expert's decision in the same state: the paper's step metrics. */
import { type Args, functionCatalog } from '../../src/runtime/index.ts';
import type { PredictResponse } from '../agent/gateway-client.ts';
import type { Step } from '../desktop/rollout.ts';

export type StepScore = {
  /** The control is one that the expert would accept. */
  readonly object: boolean;
  /** The function is the expert's. */
  readonly operation: boolean;
  readonly status: boolean;
  /** The arguments are the expert's, defaults counted in. */
  readonly args: boolean;
};

/** What is scored of an answer. */
export type Answer = Pick<PredictResponse, 'action'>;

export function scoreStep({ observation, decision }: Step, { action }: Answer): StepScore {
  const accepted = [decision.target, ...decision.alternatives].map((index) => observation.controls[index]?.id ?? '');
  return {
    object: accepted.includes(action.control_id),
    operation: action.function === decision.function,
    status: action.status === decision.status,
    args: action.function === decision.function && sameArgs(decision.function, action.args, decision.args),
  };
}

function sameArgs(functionName: string, given: Args, wanted: Args): boolean {
  const specs = functionCatalog.get(functionName)?.args ?? [];
  return specs.every((spec) => (given[spec.name] ?? spec.default) === (wanted[spec.name] ?? spec.default));
}

/** Object, operation and status right: the step success of arXiv 2412.10047, section 5. */
export function isStepSuccess(score: StepScore): boolean {
  return score.object && score.operation && score.status;
}
