/** The port where the heavy thing plugs in: everything above it runs without ONNX Runtime. */
import type { KvBlock } from '../kv/kv-block.ts';
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
  /** KV of one position over all layers, in bytes. */
  readonly kvBytesPerToken: number;
  run(plan: StepPlan): StepOutput;
  /** Copies KV of `numTokens` positions from `start` on out of a slot; they must have been computed. */
  saveKv(slot: number, start: number, numTokens: number): KvBlock;
  /**
   * Does a little of what would hold up {@link saveKv} of as many positions, such as getting memory; false if there is nothing to
   * do. Well below a millisecond.
   */
  prepareSave(numTokens: number): boolean;
  /** The reverse: afterwards the positions `start .. start + block.numTokens` of the slot hold the block's KV. */
  restoreKv(slot: number, start: number, block: KvBlock): void;
  /** Copies KV of the first `numTokens` positions from one slot into another. */
  copyKv(from: number, to: number, numTokens: number): void;
}
