/** Everything that passes between the main thread and an engine thread. Structured-clone data only. */
import type { EngineReport } from '../engine/engine.ts';
import type { GenerateRequest, GenerateResult } from '../engine/generate.ts';
import type { DecoderRunnerOptions } from '../ort/decoder-runner.ts';
import type { RuntimeStats } from '../runtime.ts';
import type { SchedulerConfig } from '../scheduler/scheduler.ts';
import type { WireError } from './wire-error.ts';

/** Where the engine thread gets its runner from. */
export type RunnerSource =
  | { readonly type: 'decoder'; readonly options: DecoderRunnerOptions }
  /** Another backend: `url` is an ES module with the exports of {@link RunnerModule}. */
  | { readonly type: 'module'; readonly url: string; readonly options: unknown };

/** What an engine thread is started with. */
export type EngineWorkerData = {
  readonly runner: RunnerSource;
  /** Bytes by token id; undefined for special tokens. */
  readonly tokenBytes: readonly (Uint8Array | undefined)[];
  readonly scheduler: SchedulerConfig;
};

/** `drain`: finish what was accepted. `abort`: end it with `cancelled`. */
export type CloseMode = 'drain' | 'abort';

export type MessageToEngine =
  /** `submittedMs`: point on `monotonicMs` since which the client waits. */
  | { readonly type: 'submit'; readonly id: number; readonly request: GenerateRequest; readonly submittedMs: number }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'stats'; readonly id: number }
  | { readonly type: 'close'; readonly mode: CloseMode };

/** The end of a request; each that was submitted has exactly one. */
export type WireEvent =
  | { readonly type: 'finished'; readonly id: number; readonly result: GenerateResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };

/** The first message: how the start went. */
export type StartMessage =
  /** The model is loaded and has computed a real step. */
  | { readonly type: 'ready' }
  /** It could not be; the thread ends. */
  | { readonly type: 'unstartable'; readonly error: WireError };

/** What follows once it is ready. */
export type MessageFromEngine =
  /** Everything that a step brought about, in one message. */
  | {
      readonly type: 'step';
      readonly events: readonly WireEvent[];
      /** Absent when nothing was computed. */
      readonly report?: EngineReport;
      /** Absent while the backend works. */
      readonly unhealthyReason?: string;
    }
  | { readonly type: 'stats'; readonly id: number; readonly stats: RuntimeStats }
  /** The last message: nothing is under way, and the runner is disposed of. */
  | { readonly type: 'closed'; readonly nativeHandles: number };
