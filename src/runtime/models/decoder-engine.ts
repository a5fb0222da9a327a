/** Starts the engine thread of a decoder, under supervision. Knows no dialect. */
import { monotonicMs } from '../clock.ts';
import type { GenerateResult, OpenRequest } from '../engine/generate.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { Timing, Usage } from '../types.ts';
import { EngineClient, type EngineClientOptions } from '../worker/client.ts';
import type { Supervisor } from '../worker/supervisor.ts';
import type { ThreadPool } from '../worker/thread-pool.ts';
import type { ModelSpec } from './model-spec.ts';
import {
  DEFAULT_BLOCK_TOKENS,
  DEFAULT_PREFIX_STORE_BYTES,
  DEFAULT_STEP_TIMEOUT_MS,
  type EngineSettings,
} from './settings.ts';
import { supervise } from './supervision.ts';

export type DecoderEngine = Supervisor<EngineClient>;

/** A verified folder, and the tokenizer in it. */
export type ModelParts = { readonly spec: ModelSpec; readonly tokenizer: SegmentTokenizer };

/** What models share. */
export type ModelContext = { readonly settings: EngineSettings; readonly pool: ThreadPool };

export function startEngine(parts: ModelParts, context: ModelContext, signal: AbortSignal): Promise<DecoderEngine> {
  const options = { ...engineOptions(parts, context.settings), threads: context.pool };
  const start = (signal: AbortSignal) => EngineClient.start(options, signal);
  return supervise({ spec: parts.spec, observer: context.settings.observer, start }, signal);
}

function engineOptions({ spec, tokenizer }: ModelParts, settings: EngineSettings): EngineClientOptions {
  const { graphPath: modelPath, decoder: config, description, prefill } = spec;
  const alignment = prefill?.blockTokens ?? 1;
  const blockTokens = settings.blockTokens ?? DEFAULT_BLOCK_TOKENS;
  return {
    model: description.name,
    version: description.version,
    tokenBytes: tokenizer.tokenBytes,
    runner: {
      type: 'decoder',
      options: {
        modelPath,
        config,
        ...(prefill !== undefined && { prefill }),
        numSlots: settings.slots,
        threads: settings.threads,
        ...(settings.spin !== undefined && { spin: settings.spin }),
        executionProviders: settings.executionProviders,
        maxChunkTokens: settings.chunkTokens,
      },
    },
    scheduler: {
      maxWaitingRequests: settings.queueRequests,
      maxWaitingTokens: settings.queueTokens,
      // A block of the prefill graph cannot be computed in parts, so a step must have room for one.
      maxStepTokens: Math.max(settings.stepTokens, settings.slots + alignment),
      maxChunkTokens: Math.max(settings.chunkTokens, alignment),
      chunkAlignment: alignment,
      ...(settings.maxQueueMs !== undefined && { maxQueueMs: settings.maxQueueMs }),
    },
    prefixStoreBytes: settings.prefixStoreBytes ?? DEFAULT_PREFIX_STORE_BYTES,
    // For the same reason.
    prefixBlockTokens: Math.ceil(blockTokens / alignment) * alignment,
    stepTimeoutMs: settings.stepTimeoutMs ?? DEFAULT_STEP_TIMEOUT_MS,
    ...(settings.observer !== undefined && { observer: settings.observer }),
  };
}

export function usageOf({ promptTokens }: OpenRequest, result: GenerateResult): Usage {
  const { cachedTokens, generatedTokens, forcedTokens } = result;
  return { promptTokens: promptTokens.length, cachedTokens, generatedTokens, forcedTokens };
}

/** `startMs`: when the call came; `renderedMs`: when the engine was asked. */
export function timingOf(result: GenerateResult, startMs: number, renderedMs: number): Timing {
  const { queueMs, prefillMs, decodeMs } = result;
  return { queueMs, renderMs: renderedMs - startMs, prefillMs, decodeMs, totalMs: monotonicMs() - startMs };
}
