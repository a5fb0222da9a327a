/** What the server sees of the runtime: models by name, and one grounded action per state. */
import type { Action, Confidence, State, Timing, Usage } from './types.ts';

export type ModelInfo = {
  readonly name: string;
  readonly version: string;
  readonly role: 'plan' | 'action' | 'reward';
  readonly dialect: string;
  readonly contextLength: number;
  readonly parameters: number;
  readonly quantization: string;
  readonly state: 'loading' | 'ready' | 'failed';
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
};

export type PredictOptions = {
  /** `name`, `name:version`, or empty for the default action model. */
  readonly model: string;
  /** 0 (greedy) .. 2. */
  readonly temperature: number;
  readonly seed: number;
  /** Longest text argument the model may write, in UTF-8 bytes. */
  readonly maxTextBytes: number;
  /** Point on `monotonicMs`; absent: none. */
  readonly deadlineMs?: number;
  /** Aborting ends the decoding by the next step. */
  readonly signal: AbortSignal;
};

export type Prediction = {
  readonly model: string;
  readonly version: string;
  readonly action: Action;
  readonly confidence: Confidence;
  /** The control's id and name are those of one listed control, checked after decoding (or the function needs none). */
  readonly grounded: boolean;
  readonly usage: Usage;
  /** `totalMs` and `renderMs` count from the call of `predictAction`. */
  readonly timing: Timing;
};

/** Counts that a drain, a test or a metric needs. All zero when nothing is under way. */
export type RuntimeStats = {
  readonly activeRequests: number;
  readonly slotsInUse: number;
  readonly nativeHandles: number;
};

/**
 * Loaded models behind one door. Errors are `GatewayError`: `context_length` (the rendered state does not fit),
 * `model_not_found`, `overloaded` (the engine's queue is full), `deadline_exceeded`, `cancelled`, `unavailable`
 * (the engine is not running), `backend_failed`, `internal`.
 */
export interface Runtime extends AsyncDisposable {
  predictAction(state: State, options: PredictOptions): Promise<Prediction>;
  models(): readonly ModelInfo[];
  /** Undefined when every model answers; else the reason why the runtime is not ready. */
  unreadyReason(): string | undefined;
  stats(): Promise<RuntimeStats>;
}
