/** The backend of engine threads in tests that kill and hang them: the fake runner, with tokens that are fatal to compute. */
import koffi from 'koffi';
import type { ModelRunner } from '../../src/runtime/engine/model-runner.ts';
import type { StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { FakeModelRunner } from './fake-model-runner.ts';

/**
 * `exit`: the thread ends at once. `throw`: where nobody catches it. `hang`: the step never returns. `stuck`: it is in native code
 * for {@link STUCK_MS}, and cannot be interrupted. `fail`: only the step fails.
 */
export type Fatality = 'exit' | 'throw' | 'hang' | 'stuck' | 'fail';

/** So far beyond what anybody waits for a thread that a test on a busy machine finds it given up, not back already. */
export const STUCK_MS = 8_000;

export type FailingRunnerOptions = {
  /** What happens in a step that computes the token. */
  readonly fatalTokens: Readonly<Record<number, Fatality>>;
  readonly vocabSize?: number;
  readonly numSlots?: number;
  readonly maxLength?: number;
  /** Shared memory: what happened so far, at {@link STARTS} and {@link HANGS}. */
  readonly counts?: Int32Array<SharedArrayBuffer>;
  /** Which starts fail, counted from 0; needs `counts`. */
  readonly failingStarts?: readonly number[];
};

/** Threads that were started. */
export const STARTS = 0;
/** Steps that hang. */
export const HANGS = 1;

export function newCounts(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Blocks the calling thread until a step hangs. */
export function waitForHang(counts: Int32Array<SharedArrayBuffer>): void {
  Atomics.wait(counts, HANGS, 0);
}

/** Where an engine thread finds this module once it is compiled. */
export const FAILING_RUNNER_URL = new URL('./failing-runner-module.js', import.meta.url).href;

export function createRunner(options: unknown): ModelRunner {
  const { fatalTokens, counts = newCounts(), failingStarts = [], ...sizes } = options as FailingRunnerOptions;
  const index = Atomics.add(counts, STARTS, 1);
  if (failingStarts.includes(index)) throw new Error(`start ${index} was told to fail`);
  let isBroken = false;
  const onStep = (plan: StepPlan) => {
    const fatalities = plan.entries.flatMap(({ tokens }) => [...tokens].map((token) => fatalTokens[token]));
    if (fatalities.includes('exit')) process.exit(7);
    if (fatalities.includes('hang')) hang(counts);
    if (fatalities.includes('stuck')) sleepInNativeCode();
    if (fatalities.includes('throw')) isBroken = true;
    return fatalities.includes('fail') ? ({ type: 'throw' } as const) : undefined;
  };
  const fake = new FakeModelRunner({ onStep, ...sizes });
  // The engine reads the number of slots for its report, outside of what guards it against a failing backend.
  return Object.defineProperty(fake, 'numSlots', {
    get() {
      if (isBroken) throw new Error('the engine itself is broken');
      return sizes.numSlots ?? 2;
    },
  });
}

function hang(counts: Int32Array<SharedArrayBuffer>): void {
  Atomics.add(counts, HANGS, 1);
  Atomics.notify(counts, HANGS);
  Atomics.wait(newCounts(), 0, 0);
}

function sleepInNativeCode(): void {
  if (process.platform === 'win32') koffi.load('kernel32.dll').func('void Sleep(uint32_t ms)')(STUCK_MS);
  else koffi.load(null).func('int usleep(uint32_t us)')(1_000 * STUCK_MS);
}
