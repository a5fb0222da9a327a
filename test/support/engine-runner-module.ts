/** The backend of engine threads in tests: the fake runner, with faults that are data, because they cross into a thread. */
import type { ModelRunner } from '../../src/runtime/engine/model-runner.ts';
import type { StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { Gate } from './engine-gate.ts';
import { FakeModelRunner, type StepFault } from './fake-model-runner.ts';

/**
 * `throw`: the step fails. `nan`: the logits of its first entry are no numbers. `exit`: the thread ends at once. `crash`:
 * something throws where nobody catches it.
 */
export type ThreadFault = 'throw' | 'nan' | 'exit' | 'crash';

export type RunnerModuleOptions = {
  readonly vocabSize?: number;
  readonly numSlots?: number;
  readonly maxLength?: number;
  /** Steps that go wrong; step 0 is the warm-up. */
  readonly faults?: Readonly<Record<number, ThreadFault>>;
  /** Memory of a {@link Gate} that every step but the warm-up passes. */
  readonly gate?: Int32Array<SharedArrayBuffer>;
  /** Something throws where nobody catches it, before there is a runner. */
  readonly crashesAtStart?: boolean;
  /** Native objects that are alive with the runner, and that remain after it. */
  readonly handles?: { readonly alive: number; readonly leaked: number };
};

/** Where {@link RunnerSource} finds this module once it is compiled. */
export const RUNNER_MODULE_URL = new URL('./engine-runner-module.js', import.meta.url).href;

let numHandles = 0;

export function liveHandles(): number {
  return numHandles;
}

export function createRunner(options: unknown): ModelRunner | Promise<ModelRunner> {
  const { vocabSize, numSlots, maxLength, faults, gate, handles } = options as RunnerModuleOptions;
  if ((options as RunnerModuleOptions).crashesAtStart) return crash();
  let isBroken = false;
  const onStep = (plan: StepPlan, index: number): StepFault | undefined => {
    if (gate !== undefined && index > 0) new Gate(gate).pass();
    switch (faults?.[index]) {
      case 'throw':
        return { type: 'throw' };
      case 'nan':
        return { type: 'nan', sequenceId: plan.entries[0]?.sequenceId ?? 0 };
      case 'exit':
        process.exit(7);
        break;
      case 'crash':
        isBroken = true;
        return undefined;
      case undefined:
        return undefined;
    }
  };
  const fake = new FakeModelRunner({
    onStep,
    // A request for several answers goes back to where they part.
    mayRepeat: () => true,
    ...(vocabSize !== undefined && { vocabSize }),
    ...(numSlots !== undefined && { numSlots }),
    ...(maxLength !== undefined && { maxLength }),
  });
  numHandles = handles?.alive ?? 0;
  return {
    vocabSize: fake.vocabSize,
    maxLength: fake.maxLength,
    // The engine reads this for its report, outside of what guards it against a failing backend.
    get numSlots() {
      if (isBroken) throw new Error('the engine itself is broken');
      return fake.numSlots;
    },
    kvBytesPerToken: fake.kvBytesPerToken,
    run: (plan) => fake.run(plan),
    saveKv: (slot, start, numTokens) => fake.saveKv(slot, start, numTokens),
    prepareSave: (numTokens) => fake.prepareSave(numTokens),
    restoreKv: (slot, start, block) => fake.restoreKv(slot, start, block),
    copyKv: (from, to, numTokens) => fake.copyKv(from, to, numTokens),
    [Symbol.dispose]() {
      fake[Symbol.dispose]();
      numHandles = handles?.leaked ?? 0;
    },
  };
}

function crash(): Promise<never> {
  setImmediate(() => {
    throw new Error('the backend fell over');
  });
  return new Promise(() => {});
}
