/** A Llama-shape decoder's weights in memory: what model files are read into and written from. */

/** Weights per shared scale, along a row: of MatMulNBits as our folders use it, and of GGUF's Q8_0 and Q4_0 alike. */
export const BLOCK = 32;

export type DecoderConfig = {
  readonly name: string;
  readonly vocabSize: number;
  readonly contextLength: number;
  readonly numLayers: number;
  readonly hiddenSize: number;
  readonly numHeads: number;
  readonly numKvHeads: number;
  readonly headDim: number;
  readonly ffnSize: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
};

/** A matrix [rows, columns] in blocks of {@link BLOCK}: weight = level * scale of its block. */
export type BlockMatrix = {
  readonly rows: number;
  readonly columns: number;
  /** 8: levels -128..127; 4: levels -8..7. */
  readonly bits: 8 | 4;
  /** [rows, columns]. */
  readonly levels: Int8Array;
  /** [rows, columns / BLOCK]; may be negative. */
  readonly scales: Float32Array;
};

export type LayerWeights = {
  readonly attentionNorm: Float32Array;
  /** Rows of the query heads, then of the key heads, then of the value heads; rotary pairs are (i, i + headDim / 2). */
  readonly qkv: BlockMatrix;
  readonly attentionOutput: BlockMatrix;
  readonly ffnNorm: Float32Array;
  readonly gate: BlockMatrix;
  readonly up: BlockMatrix;
  readonly down: BlockMatrix;
};

export type DecoderWeights = {
  readonly config: DecoderConfig;
  /** [vocabSize, hiddenSize]: looked up, never multiplied, so never quantized. */
  readonly embedding: Float32Array;
  readonly layers: readonly LayerWeights[];
  readonly norm: Float32Array;
  readonly output: BlockMatrix;
};

/** Rows `from` to `to` of a matrix, without copying. */
export function sliceRows(matrix: BlockMatrix, from: number, to: number): BlockMatrix {
  const { columns } = matrix;
  return {
    ...matrix,
    rows: to - from,
    levels: matrix.levels.subarray(from * columns, to * columns),
    scales: matrix.scales.subarray((from * columns) / BLOCK, (to * columns) / BLOCK),
  };
}

/** Weights that a model has: tied input and output embeddings count once. */
export function countParameters({ config, layers, norm, embedding }: DecoderWeights): number {
  const perLayer = (layer: LayerWeights): number =>
    [layer.qkv, layer.attentionOutput, layer.gate, layer.up, layer.down].reduce((sum, m) => sum + m.levels.length, 0) +
    layer.attentionNorm.length +
    layer.ffnNorm.length;
  const total = layers.reduce((sum, layer) => sum + perLayer(layer), norm.length + embedding.length);
  if (config.hiddenSize * config.vocabSize !== embedding.length) throw new Error('embedding: not [vocab, hidden]');
  return total;
}
