/** Supervised engine threads over the failing runner, and requests that are fatal to them. */
import type { GenerateRequest } from '../../src/runtime/engine/generate.ts';
import type { SchedulerConfig } from '../../src/runtime/scheduler/scheduler.ts';
import { EngineClient } from '../../src/runtime/worker/client.ts';
import { Supervisor, type SupervisorOptions } from '../../src/runtime/worker/supervisor.ts';
import { aRequest, GENEROUS } from './engine-builders.ts';
import { specialTokens } from './engine-grammars.ts';
import { FAILING_RUNNER_URL, type FailingRunnerOptions, type Fatality } from './failing-runner-module.ts';

/** Tokens 0 to 3 are harmless. */
export const FATAL: Readonly<Record<Fatality, number>> = { exit: 4, throw: 5, hang: 6, stuck: 7, fail: 8 };

const VOCAB_SIZE = 9;

export type SupervisedEngineOptions = Partial<FailingRunnerOptions> &
  Pick<SupervisorOptions<EngineClient>, 'onFailure' | 'onRestart'> & {
    readonly limits?: Partial<SchedulerConfig>;
    readonly stepTimeoutMs?: number;
  };

export function startSupervised(options: SupervisedEngineOptions = {}): Promise<Supervisor<EngineClient>> {
  const { onFailure, onRestart, limits, stepTimeoutMs = 0, ...runner } = options;
  const fatalTokens = Object.fromEntries(Object.entries(FATAL).map(([fatality, token]) => [token, fatality]));
  const start = (signal: AbortSignal) =>
    EngineClient.start(
      {
        model: 'fake',
        version: '1',
        runner: {
          type: 'module',
          url: FAILING_RUNNER_URL,
          options: { fatalTokens, vocabSize: VOCAB_SIZE, ...runner },
        },
        tokenBytes: specialTokens(VOCAB_SIZE),
        scheduler: { ...GENEROUS, ...limits },
        stepTimeoutMs,
      },
      signal,
    );
  return Supervisor.start({
    start,
    ...(onFailure !== undefined && { onFailure }),
    ...(onRestart !== undefined && { onRestart }),
  });
}

/** A request whose prompt the runner does not survive. */
export function fatalRequest(fatality: Fatality): GenerateRequest {
  return aRequest({ promptTokens: Int32Array.of(0, FATAL[fatality], 1) });
}
