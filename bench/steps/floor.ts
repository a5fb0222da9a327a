/** The least that a step can take: what it must multiply and move, over what the machine was measured to do. */
import type { DecoderConfig } from '../peers/weights/decoder-weights.ts';
import type { Peak } from './peak.ts';
import { round } from './stats.ts';
import type { StepClass } from './summary.ts';

export type Floor = {
  readonly prefill_gmacs: number;
  readonly decode_gmacs: number;
  /** Bytes of weights and of the KV cache, read once per forward pass, in units of 1e6. */
  readonly mbytes: number;
  /** With products in float32, and with 8-bit activations and weights. */
  readonly floor_f32_ms: number;
  readonly floor_int8_ms: number;
};

/** Of stored weights: 8 bits each and a float32 scale per 32; of float32 keys and values. */
const WEIGHT_BYTES = 1 + 4 / 32;
const KV_BYTES = 4;

/** `step` says how many tokens are computed; forced tokens go through the model as well, in chunks. */
export function floorOf(config: DecoderConfig, step: StepClass, peak: Peak): Floor {
  const computed = step.prompt_tokens - step.cached_tokens;
  const answer = step.generated_tokens + step.forced_tokens;
  const { tail, body, output } = weightsOf(config);
  // Of the last layer, all but keys and values is computed for the last position alone.
  const prefillMacs =
    computed * body + tail + output + attentionMacs(config, { from: step.cached_tokens, count: computed });
  const decodeMacs =
    answer * (body + tail) +
    step.generated_tokens * output +
    attentionMacs(config, { from: step.prompt_tokens, count: answer });
  const passBytes =
    (body + tail + output) * WEIGHT_BYTES +
    2 * config.numLayers * config.numKvHeads * config.headDim * step.prompt_tokens * KV_BYTES;
  const limit = (gmacs: number, rate: number, passes: number) =>
    Math.max(gmacs / rate, (passes * passBytes) / 1e9 / peak.read_gbytes) * 1e3;
  const floor = (rate: number) =>
    round(limit(prefillMacs / 1e9, rate, 1) + limit(decodeMacs / 1e9, rate, step.generated_tokens - 1));
  return {
    prefill_gmacs: round(prefillMacs / 1e9),
    decode_gmacs: round(decodeMacs / 1e9),
    mbytes: round((passBytes * step.generated_tokens) / 1e6),
    floor_f32_ms: floor(peak.gemm_f32_gmacs),
    floor_int8_ms: floor(peak.gemm_int8_gmacs),
  };
}

/** Multiply-adds per token: of what every position needs, of the last layer's rest, of the output projection. */
function weightsOf(config: DecoderConfig): { body: number; tail: number; output: number } {
  const { hiddenSize, ffnSize, headDim, numHeads, numKvHeads, numLayers, vocabSize } = config;
  const qkv = hiddenSize * (numHeads + 2 * numKvHeads) * headDim;
  const rest = numHeads * headDim * hiddenSize + 3 * hiddenSize * ffnSize;
  return { body: numLayers * qkv + (numLayers - 1) * rest, tail: rest, output: vocabSize * hiddenSize };
}

/** Of `count` positions behind `from`: each meets all before it twice, with its query and with its weights. */
function attentionMacs(config: DecoderConfig, { from, count }: { from: number; count: number }): number {
  const pairs = count * from + (count * (count + 1)) / 2;
  return 2 * config.numLayers * config.numHeads * config.headDim * pairs;
}
