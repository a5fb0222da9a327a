/** Engine threads over the fake runner, and what tests observe of them. */
import type { RuntimeObserver, StepReport } from '../../src/runtime/observer.ts';
import type { SchedulerConfig } from '../../src/runtime/scheduler/scheduler.ts';
import { EngineClient, type EngineClientOptions } from '../../src/runtime/worker/client.ts';
import { GENEROUS } from './engine-builders.ts';
import { specialTokens } from './engine-grammars.ts';
import { RUNNER_MODULE_URL, type RunnerModuleOptions } from './engine-runner-module.ts';

export type TestClientOptions = RunnerModuleOptions & {
  readonly limits?: Partial<SchedulerConfig>;
  readonly observer?: RuntimeObserver;
};

/** By default 4 tokens, 2 slots of 64 positions, and limits that never bind. */
export function clientOptions(options: TestClientOptions = {}): EngineClientOptions {
  const { limits, observer, ...runner } = options;
  return {
    model: 'fake',
    version: '1',
    runner: { type: 'module', url: RUNNER_MODULE_URL, options: runner },
    tokenBytes: specialTokens(runner.vocabSize ?? 4),
    scheduler: { ...GENEROUS, ...limits },
    ...(observer !== undefined && { observer }),
  };
}

export function startClient(options: TestClientOptions = {}): Promise<EngineClient> {
  return EngineClient.start(clientOptions(options));
}

/** Keeps the reports of all steps. */
export class StepLog implements RuntimeObserver {
  readonly reports: StepReport[] = [];

  onStep(report: StepReport): void {
    this.reports.push(report);
  }
}

/** A signal that is never aborted. */
export function never(): AbortSignal {
  return new AbortController().signal;
}
