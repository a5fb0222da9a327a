/** Everything that passes between the main thread and a model's thread. Structured-clone data only. */
import type { MessagePort } from 'node:worker_threads';
import type { EngineReport } from '../engine/engine-report.ts';
import type { GenerateResult } from '../engine/generate.ts';
import type { DecoderRunnerOptions } from '../ort/decoder-runner.ts';
import type { SharedLedger } from '../ort/handle-ledger.ts';
import type { RewardRunnerOptions } from '../ort/reward-runner.ts';
import type { ScoreReport } from '../reward/reward-scorer.ts';
import type { ScoreRequest, ScoreResult } from '../reward/score.ts';
import type { RuntimeStats } from '../runtime.ts';
import type { SchedulerConfig } from '../scheduler/scheduler.ts';
import type { PackedGrammar, PackedRequest } from './packed-request.ts';
import type { WireError } from './wire-error.ts';

/** The only message that a thread takes on its own port, each time that it is given a model. `D`: what that is started with. */
export type ThreadAssignment<D> = {
  readonly data: D;
  /** Everything else goes through it; the thread closes it when it is done with the model. */
  readonly port: MessagePort;
};

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
  /** See `EngineOptions`. */
  readonly prefixStoreBytes?: number;
  readonly prefixBlockTokens?: number;
  /** Where the thread records its native handles; absent for a backend that has none. */
  readonly ledger?: SharedLedger;
};

/** What a reward thread is started with. */
export type RewardWorkerData = {
  readonly runner: RewardRunnerOptions;
  /** Where the thread records its native handles. */
  readonly ledger: SharedLedger;
};

/** `drain`: finish what was accepted. `abort`: end it with `cancelled`. */
export type CloseMode = 'drain' | 'abort';

/** What is the same for every thread. */
export type ControlMessage =
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'stats'; readonly id: number }
  /** A request is being prepared, and will be submitted soon if nothing comes in between. */
  | { readonly type: 'expect' }
  | { readonly type: 'close'; readonly mode: CloseMode };

/** `Q`: what is asked; `F`: what may follow, of a request that is submitted without it. */
export type MessageToThread<Q, F = never> =
  /** `submittedMs`: point on `monotonicMs` since which the client waits. */
  | { readonly type: 'submit'; readonly id: number; readonly request: Q; readonly submittedMs: number }
  | ([F] extends [never] ? never : { readonly type: 'follow'; readonly id: number; readonly rest: F })
  | ControlMessage;

/**
 * Each request that was submitted ends with exactly one `finished` or `failed`. `A`: what is answered; `P`: what is told of an
 * answer before it is whole, never after its end; by default nothing is.
 */
export type ThreadEvent<A, P = never> =
  | { readonly type: 'partial'; readonly id: number; readonly part: P }
  | { readonly type: 'finished'; readonly id: number; readonly result: A }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };

/** The first message: how the start went. */
export type StartMessage =
  /** The model is loaded and has computed a real step. */
  | { readonly type: 'ready' }
  /** It could not be; the thread ends. */
  | { readonly type: 'unstartable'; readonly error: WireError };

/** What follows once it is ready. `R`: what a step reports. */
export type MessageFromThread<A, R, P = never> =
  /** Everything that a step brought about, in one message; none for a step that brought about nothing. */
  | {
      readonly type: 'step';
      readonly events: readonly ThreadEvent<A, P>[];
      /** Absent while the backend works. */
      readonly unhealthyReason?: string;
    }
  /** Of steps that computed something, in their order, some time after them. */
  | { readonly type: 'reports'; readonly reports: readonly R[] }
  | { readonly type: 'stats'; readonly id: number; readonly stats: RuntimeStats }
  /** The last message: nothing is under way, and what the thread computed with is disposed of. */
  | { readonly type: 'closed'; readonly nativeHandles: number };

export type MessageToEngine = MessageToThread<PackedRequest, PackedGrammar>;
export type WireEvent = ThreadEvent<GenerateResult, Int32Array>;
export type MessageFromEngine = MessageFromThread<GenerateResult, EngineReport, Int32Array>;

export type MessageToReward = MessageToThread<ScoreRequest>;
export type MessageFromReward = MessageFromThread<ScoreResult, ScoreReport>;
