/**
 * What a decoder takes in a device's memory and how fast it can be at most, computed from its sizes: arithmetic only, nothing is
 * loaded. Numbers that are no arithmetic are estimates, and named so.
 */
import type { KvType } from '../decoder-config.ts';

/** What a plan needs to know of a model. */
export type ModelSizes = {
  readonly numLayers: number;
  readonly numHeads: number;
  readonly numKvHeads: number;
  readonly headDim: number;
  readonly hiddenSize: number;
  readonly vocabSize: number;
  /** Positions that the model was made for. */
  readonly contextLength: number;
  readonly kvType: KvType;
  /** Of the weights once they are loaded. */
  readonly weightsBytes: number;
};

export type PlanOptions = {
  /** Positions per slot. */
  readonly context: number;
  /** Default: as many as fit. */
  readonly slots?: number;
  /** Memory of the device that holds weights and KV. Undefined: what a given number of slots needs is all that is told. */
  readonly deviceBytes?: number;
  readonly prefixStoreBytes: number;
  readonly chunkTokens: number;
  /** Whether attention makes a matrix of scores, as it does on the CPU; GPUs have kernels that make none. */
  readonly holdsScores: boolean;
  /** Bytes per second that the memory delivers. Undefined: no estimate of speed. */
  readonly bandwidth?: number;
};

export type MemoryPlan = {
  readonly weightsBytes: number;
  readonly kvBytesPerToken: number;
  readonly kvBytesPerSlot: number;
  readonly prefixStoreBytes: number;
  /** A row of float32 per slot, in the host's memory. */
  readonly logitsBytes: number;
  /** Estimate: the widest intermediate results of a chunk. */
  readonly activationBytes: number;
  /** Estimate: what the library and its context take. */
  readonly overheadBytes: number;
  readonly slots: number;
  readonly kvBytes: number;
  readonly totalBytes: number;
  /** Undefined without a device's memory. */
  readonly fits?: boolean;
  /** Slots that fit at most. */
  readonly maxSlots?: number;
  /** Estimates: the upper bound that memory bandwidth sets, at a full context. Undefined without a bandwidth. */
  readonly speed?: readonly SpeedEstimate[];
};

export type SpeedEstimate = {
  readonly rows: number;
  /** Decode steps per second, each of which gives one token to every row. */
  readonly stepsPerSecond: number;
  readonly tokensPerSecond: number;
};

const BYTES_PER_NUMBER: Readonly<Record<KvType, number>> = { float32: 4, float16: 2, bfloat16: 2 };

/** A CUDA context with its kernels and workspaces takes some 500 MiB; the process with the CPU library measured 85 MiB. */
const OVERHEAD_BYTES = { scores: 128 * 2 ** 20, noScores: 768 * 2 ** 20 } as const;

/** Feed-forward layers are 2.7 to 4 times as wide as the model, and two of their results exist at a time. */
const FEED_FORWARD_WIDTHS = 8;

/** Residual, its normalised copy, and the input and output of the layer under way. */
const RESIDUAL_WIDTHS = 4;

export function planMemory(model: ModelSizes, options: PlanOptions): MemoryPlan {
  const kvBytesPerToken = 2 * model.numLayers * model.numKvHeads * model.headDim * BYTES_PER_NUMBER[model.kvType];
  const kvBytesPerSlot = kvBytesPerToken * options.context;
  const activationBytes = estimateActivations(model, options);
  const overheadBytes = options.holdsScores ? OVERHEAD_BYTES.scores : OVERHEAD_BYTES.noScores;
  const fixedBytes = model.weightsBytes + options.prefixStoreBytes + activationBytes + overheadBytes;
  const rowBytes = model.vocabSize * Float32Array.BYTES_PER_ELEMENT;
  const { deviceBytes } = options;
  const maxSlots =
    deviceBytes === undefined
      ? undefined
      : Math.max(0, Math.floor((deviceBytes - fixedBytes) / (kvBytesPerSlot + rowBytes)));
  const slots = options.slots ?? maxSlots ?? 1;
  const kvBytes = slots * kvBytesPerSlot;
  const logitsBytes = slots * rowBytes;
  return {
    weightsBytes: model.weightsBytes,
    kvBytesPerToken,
    kvBytesPerSlot,
    prefixStoreBytes: options.prefixStoreBytes,
    logitsBytes,
    activationBytes,
    overheadBytes,
    slots,
    kvBytes,
    totalBytes: fixedBytes + kvBytes + logitsBytes,
    ...(maxSlots !== undefined && { maxSlots, fits: slots > 0 && slots <= maxSlots }),
    ...(options.bandwidth !== undefined && {
      speed: estimateSpeed(model.weightsBytes, kvBytesPerSlot, { ...options, slots }),
    }),
  };
}

function estimateActivations(model: ModelSizes, { chunkTokens, context, holdsScores }: PlanOptions): number {
  const widths = (RESIDUAL_WIDTHS + FEED_FORWARD_WIDTHS) * model.hiddenSize;
  const numbers = chunkTokens * (widths + (holdsScores ? context * model.numHeads : 0));
  return numbers * Float32Array.BYTES_PER_ELEMENT;
}

/** A decode step reads all weights once, however many rows it has, and the KV of each row. */
function estimateSpeed(
  weightsBytes: number,
  kvBytesPerSlot: number,
  { slots, bandwidth = 0 }: { slots: number; bandwidth?: number },
): readonly SpeedEstimate[] {
  return [...new Set([1, Math.max(1, slots)])].map((rows) => {
    const stepsPerSecond = bandwidth / (weightsBytes + rows * kvBytesPerSlot);
    return { rows, stepsPerSecond, tokensPerSecond: rows * stepsPerSecond };
  });
}
