/** Runtimes over models for tests: small settings, and requests with nothing but defaults. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import {
  openRuntime,
  type Prediction,
  type PredictOptions,
  type Runtime,
  type RuntimeOptions,
} from '../../src/runtime/index.ts';
import { aState } from './states.ts';

export function runtimeOptions(overrides: Partial<RuntimeOptions> = {}): RuntimeOptions {
  return {
    modelsDir: 'models',
    slots: 2,
    threads: 1,
    executionProviders: ['cpu'],
    queueRequests: 1_000,
    queueTokens: 1_000_000,
    stepTokens: 512,
    chunkTokens: 256,
    ...overrides,
  };
}

export function open(overrides: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  return openRuntime(runtimeOptions(overrides));
}

export function predictOptions(overrides: Partial<PredictOptions> = {}): PredictOptions {
  return {
    model: '',
    temperature: 0,
    seed: 0,
    maxTextBytes: 16,
    signal: new AbortController().signal,
    ...overrides,
  };
}

export function predict(runtime: Runtime, overrides: Partial<PredictOptions> = {}): Promise<Prediction> {
  return runtime.predictAction(aState(), predictOptions(overrides));
}

/** Every thread that is started while this is open, in order. */
export class ThreadWatch implements Disposable {
  readonly threads: Worker[] = [];
  readonly #note = (message: unknown) => {
    this.threads.push((message as { worker: Worker }).worker);
  };

  constructor() {
    subscribe('worker_threads', this.#note);
  }

  /** Those that have not ended. */
  get alive(): readonly Worker[] {
    // The id of a thread that has ended is -1.
    return this.threads.filter(({ threadId }) => threadId !== -1);
  }

  [Symbol.dispose](): void {
    unsubscribe('worker_threads', this.#note);
  }
}
