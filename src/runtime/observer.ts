/** What the runtime tells about its work. The server turns it into metrics; the runtime knows nothing of them. */
import type { ScoreReport } from './reward/reward-scorer.ts';
import type { ModelInfo } from './runtime.ts';

/** Whom a report is about. */
export type ModelName = { readonly model: string; readonly version: string };

/** One engine step, reported after it ran. */
export type StepReport = ModelName & {
  /** Sequences decoded together in this step's batch, one token each. */
  readonly decodeRows: number;
  /** Tokens computed as chunks: prompts being prefilled and forced answer tokens. */
  readonly chunkTokens: number;
  readonly durationMs: number;
  /** Of that: the model; grammar and sampling; KV that was saved, restored or copied. */
  readonly runMs: number;
  readonly maskMs: number;
  readonly kvMs: number;
  /** Tokens of answers: chosen by the model, and forced by the grammar with them. */
  readonly generatedTokens: number;
  readonly forcedTokens: number;
  /** Prompt tokens that admissions looked for in the prefix store, and found there. */
  readonly prefixQueriedTokens: number;
  readonly prefixHitTokens: number;
  /** Blocks that went out of the store to make room. */
  readonly prefixEvictedBlocks: number;
  /** Gauges, as of the end of the step. */
  readonly prefixStoreBytes: number;
  readonly slotsInUse: number;
  readonly slotsTotal: number;
  readonly waitingRequests: number;
  readonly waitingTokens: number;
};

/** One batch of a reward model, reported after it ran. */
export type RewardReport = ModelName & ScoreReport;

/** A model's state after it changed. `unloaded`: it is not there any more. */
export type ModelStateReport = ModelName & {
  readonly state: ModelInfo['state'] | 'unloaded';
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
};

/** A thread crashed, exited or hung, and is being started again. */
export type RestartReport = ModelName & { readonly reason: string };

/** Called on the main thread; must not throw. */
export interface RuntimeObserver {
  onStep(report: StepReport): void;
  onRewardBatch?(report: RewardReport): void;
  onModelState?(report: ModelStateReport): void;
  onRestart?(report: RestartReport): void;
}
