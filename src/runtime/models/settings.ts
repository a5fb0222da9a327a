/** What models are loaded and run with, the same for all of them. */
import type { RuntimeObserver } from '../observer.ts';

export type EngineSettings = {
  readonly slots: number;
  readonly threads: number;
  /** When the threads of an engine spin while they wait for each other. Default `step`. */
  readonly spin?: 'step' | 'never';
  readonly executionProviders: readonly string[];
  readonly queueRequests: number;
  readonly queueTokens: number;
  /** Longest time that requests are to wait for a slot, in milliseconds. Default: any that the queue allows. */
  readonly maxQueueMs?: number;
  readonly stepTokens: number;
  readonly chunkTokens: number;
  /** Longer contexts of models are used up to here. Default 8,192. */
  readonly maxContextTokens?: number;
  /** KV of prompts' beginnings that each model keeps for requests that begin alike. Default 64 MiB; 0: none. */
  readonly prefixStoreBytes?: number;
  /** Tokens per block of the prefix store. Default 32. */
  readonly blockTokens?: number;
  /** A thread that says nothing for so long hangs, and is replaced; longer than any step. Default 30,000; 0: never. */
  readonly stepTimeoutMs?: number;
  readonly observer?: RuntimeObserver;
};

export const DEFAULT_PREFIX_STORE_BYTES = 64 * 2 ** 20;
export const DEFAULT_BLOCK_TOKENS = 32;
export const DEFAULT_STEP_TIMEOUT_MS = 30_000;
/** A context of 128 k tokens for every slot is more than most machines hold, and far more than a state needs. */
export const DEFAULT_MAX_CONTEXT_TOKENS = 8_192;
