/** A real step without a request: the proof that a backend works, and its first allocations before anybody waits. */
import { GatewayError } from '../errors.ts';
import type { StepLimits } from '../scheduler/step-budget.ts';
import type { StepEntry, StepPlan } from '../scheduler/step-plan.ts';
import type { ModelRunner } from './model-runner.ts';

/** Real sequences count from 0. */
const CHUNK_SEQUENCE = -1;
const SINGLE_SEQUENCE = -2;

/**
 * Runs the longest chunk that a step may have and, where there is a second slot, a single token: the two shapes of
 * work. All slots must be free; what it leaves in them is overwritten. Throws `backend_failed`, or what the runner threw.
 */
export function warmUp(runner: ModelRunner, limits: StepLimits): void {
  const plan = warmUpPlan(runner, limits);
  const { logits } = runner.run(plan);
  for (const row of logits) {
    if (row === undefined || !row.every(Number.isFinite)) {
      throw new GatewayError('backend_failed', 'the model computes logits that are no numbers');
    }
  }
}

function warmUpPlan({ numSlots, maxLength }: ModelRunner, limits: StepLimits): StepPlan {
  const chunk = Math.min(limits.maxChunkTokens, limits.maxStepTokens, maxLength);
  const entries: StepEntry[] = [anEntry(CHUNK_SEQUENCE, 0, chunk)];
  if (numSlots > 1) entries.push(anEntry(SINGLE_SEQUENCE, 1, 1));
  return { entries, numTokens: entries.reduce((sum, { tokens }) => sum + tokens.length, 0) };
}

function anEntry(sequenceId: number, slot: number, numTokens: number): StepEntry {
  const tokens = new Int32Array(numTokens);
  return { sequenceId, slot, start: 0, tokens, prefillTokens: numTokens - 1, wantsLogits: true };
}
