/** A Llama-shape model of random weights, large enough that engines are compared where the model dominates. */
import { fromHalf, toHalf } from '../gguf/half.ts';
import { BLOCK, type BlockMatrix, type DecoderConfig, type DecoderWeights } from '../weights/decoder-weights.ts';

/** 114 M weights: with a vocabulary of 32,000, a fifth of them in the embedding. */
export const LARGE_CONFIG: DecoderConfig = {
  name: 'large',
  vocabSize: 32_000,
  contextLength: 1024,
  numLayers: 12,
  hiddenSize: 768,
  numHeads: 12,
  numKvHeads: 4,
  headDim: 64,
  ffnSize: 2560,
  ropeTheta: 10_000,
  normEpsilon: 1e-6,
};

export type RandomOptions = {
  readonly bits: 8 | 4;
  readonly seed: number;
  /** Tokens that are never the most probable. */
  readonly unsaid: readonly number[];
};

/** The same on every machine, and for all `bits` but for the levels' range. Scales are halves, so every format has the same weights. */
export function randomModel(config: DecoderConfig, { bits, seed, unsaid }: RandomOptions): DecoderWeights {
  const random = new Xorshift(seed);
  const { hiddenSize, headDim, ffnSize, vocabSize } = config;
  const attentionSize = config.numHeads * headDim;
  // What writes to the residual stream is scaled down by depth, so that activations keep their size.
  const residual = 1 / Math.sqrt(2 * config.numLayers);
  const matrix = (rows: number, columns: number, gain = 1) => randomMatrix(random, { rows, columns, bits, gain });
  const output = matrix(vocabSize, hiddenSize);
  // A logit of zero, below the largest of thousands of random ones.
  for (const token of unsaid) output.levels.fill(0, token * hiddenSize, (token + 1) * hiddenSize);
  return {
    config,
    embedding: dequantize(output),
    layers: Array.from({ length: config.numLayers }, () => ({
      attentionNorm: new Float32Array(hiddenSize).fill(1),
      qkv: matrix(attentionSize + 2 * config.numKvHeads * headDim, hiddenSize),
      attentionOutput: matrix(hiddenSize, attentionSize, residual),
      ffnNorm: new Float32Array(hiddenSize).fill(1),
      gate: matrix(ffnSize, hiddenSize),
      up: matrix(ffnSize, hiddenSize),
      down: matrix(hiddenSize, ffnSize, residual),
    })),
    norm: new Float32Array(hiddenSize).fill(1),
    output,
  };
}

type MatrixSize = Pick<BlockMatrix, 'rows' | 'columns' | 'bits'> & { readonly gain: number };

/** Uniform levels, with scales that give the weights a standard deviation of gain / sqrt(columns). */
function randomMatrix(random: Xorshift, { rows, columns, bits, gain }: MatrixSize): BlockMatrix {
  const levels = new Int8Array(rows * columns);
  random.fillBytes(new Uint8Array(levels.buffer));
  const range = 2 ** bits;
  // -7 to 7: around zero, or every sum over many weights would have the same large part.
  if (bits === 4) for (let i = 0; i < levels.length; i++) levels[i] = ((((levels[i] ?? 0) + 128) * 15) >> 8) - 7;
  const scale = (gain * Math.sqrt(12)) / (range * Math.sqrt(columns));
  const scales = Float32Array.from({ length: levels.length / BLOCK }, () =>
    fromHalf(toHalf(scale * (0.9 + 0.2 * random.next()))),
  );
  return { rows, columns, bits, levels, scales };
}

/** float32 [rows, columns]. */
function dequantize({ levels, scales }: BlockMatrix): Float32Array {
  return Float32Array.from(levels, (level, i) => level * (scales[Math.floor(i / BLOCK)] ?? 0));
}

/** xorshift32: a hundred million draws in a fraction of a second. */
class Xorshift {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  #step(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return (this.#step() >>> 0) / 2 ** 32;
  }

  fillBytes(bytes: Uint8Array): void {
    // The upper bits: the lowest ones of xorshift are the least random.
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.#step() >>> 24;
  }
}
