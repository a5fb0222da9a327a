/** The port where the heavy thing plugs in: everything above it runs without ONNX Runtime. */
import type { StepOutput, StepPlan } from '../scheduler/step-plan.ts';

/**
 * Computes steps over KV slots. `run` is synchronous: it belongs to the engine thread, which has nothing else to do.
 * It throws `GatewayError` (`backend_failed`) when the backend fails; the KV of the plan's slots is then undefined.
 */
export interface ModelRunner extends Disposable {
  readonly vocabSize: number;
  readonly numSlots: number;
  /** Positions per slot: prompt and answer together. */
  readonly maxLength: number;
  run(plan: StepPlan): StepOutput;
}
