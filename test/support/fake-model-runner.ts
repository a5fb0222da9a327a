/** A ModelRunner without a model: a deterministic language, and a shadow of the KV slots that catches every wrong plan. */
import assert from 'node:assert/strict';
import type { ModelRunner } from '../../src/runtime/engine/model-runner.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import type { StepEntry, StepOutput, StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { writeLogits } from './fake-language.ts';
import { ShadowKv } from './shadow-kv.ts';

/** What goes wrong in a step: the whole of it, or the logits of one of its sequences. */
export type StepFault = { readonly type: 'throw' } | { readonly type: 'nan'; readonly sequenceId: number };

export type FakeRunnerOptions = {
  /** Default 4. */
  readonly vocabSize?: number;
  /** Default 2. */
  readonly numSlots?: number;
  /** Default 64. */
  readonly maxLength?: number;
  /** Asked before each step, which are counted from 0; may throw itself, or block. */
  readonly onStep?: (plan: StepPlan, index: number) => StepFault | undefined;
};

export class FakeModelRunner implements ModelRunner {
  readonly vocabSize: number;
  readonly numSlots: number;
  readonly maxLength: number;
  /** Every plan that was run, in order. */
  readonly plans: StepPlan[] = [];
  isDisposed = false;

  readonly #onStep: FakeRunnerOptions['onStep'];
  readonly #kv: ShadowKv;
  /** [entries, vocab]; reused by every step, as the real one's is. */
  readonly #logits: Float32Array;

  constructor(options: FakeRunnerOptions = {}) {
    this.vocabSize = options.vocabSize ?? 4;
    this.numSlots = options.numSlots ?? 2;
    this.maxLength = options.maxLength ?? 64;
    this.#onStep = options.onStep;
    this.#kv = new ShadowKv(this.numSlots, this.maxLength);
    this.#logits = new Float32Array(this.numSlots * this.vocabSize);
  }

  run(plan: StepPlan): StepOutput {
    assert.ok(!this.isDisposed, 'a disposed runner is used');
    this.#checkPlan(plan);
    const fault = this.#onStep?.(plan, this.plans.length);
    this.plans.push(plan);
    if (fault?.type === 'throw') {
      for (const { slot } of plan.entries) this.#kv.poison(slot);
      throw new GatewayError('backend_failed', 'the step was told to fail');
    }
    // Rows of the step before are views of the same memory: a caller that still reads them shall notice.
    this.#logits.fill(Number.NaN);
    return { logits: plan.entries.map((entry, i) => this.#compute(entry, i, fault)) };
  }

  #compute(entry: StepEntry, row: number, fault: StepFault | undefined): Float32Array | undefined {
    const hash = this.#kv.write(entry);
    if (!entry.wantsLogits) return undefined;
    const logits = this.#logits.subarray(row * this.vocabSize, (row + 1) * this.vocabSize);
    if (fault?.type !== 'nan' || fault.sequenceId !== entry.sequenceId) writeLogits(hash, logits);
    return logits;
  }

  #checkPlan({ entries, numTokens }: StepPlan): void {
    assert.ok(entries.length > 0, 'an empty plan is run');
    for (const key of ['sequenceId', 'slot'] as const) {
      const values = entries.map((entry) => entry[key]);
      assert.equal(new Set(values).size, values.length, `a ${key} is twice in a plan: ${values.join(', ')}`);
    }
    for (const { sequenceId, slot, tokens } of entries) {
      assert.ok(slot >= 0 && slot < this.numSlots, `sequence ${sequenceId} uses slot ${slot}, which does not exist`);
      assert.ok(tokens.length > 0, `sequence ${sequenceId} is planned without tokens`);
      for (const token of tokens) assert.ok(token >= 0 && token < this.vocabSize, `token ${token} does not exist`);
    }
    const sum = entries.reduce((total, { tokens }) => total + tokens.length, 0);
    assert.equal(numTokens, sum, 'numTokens is not the sum over the entries');
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
  }
}
