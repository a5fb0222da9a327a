/** What the registry, and whoever lists models, sees of a loaded version, whatever its role. */
import type { ModelInfo, ModelMemory, RuntimeStats } from '../runtime.ts';
import type { CloseMode } from '../worker/messages.ts';

export type ModelRole = ModelInfo['role'];

/** What its folder says of a model; the same for as long as it is loaded. */
export type ModelDescription = Omit<ModelInfo, 'state' | 'reason' | 'labels'>;

export type ModelStatus = { readonly state: 'ready' | 'restarting' | 'failed'; readonly reason: string };

export interface ServedModel {
  status(): ModelStatus;
  stats(): Promise<RuntimeStats>;
  /** `drain`: once nothing is under way. Resolves when its thread has ended, or was given up. */
  close(mode: CloseMode): Promise<void>;
}

/** A verified folder, not started yet. `M`: what it becomes. */
export interface LoadableModel<M extends ServedModel> {
  readonly description: ModelDescription;
  readonly memory: ModelMemory;
  /** Starts and warms up. Throws `GatewayError` with nothing left behind, also when `signal` is aborted. */
  start(signal: AbortSignal): Promise<M>;
}
