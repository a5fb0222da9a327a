/** Sizes of a model that is written and read in a test. */
import type { DecoderConfig } from '../../../../bench/peers/weights/decoder-weights.ts';

export const TINY_CONFIG: DecoderConfig = {
  name: 'tiny',
  vocabSize: 64,
  contextLength: 16,
  numLayers: 2,
  hiddenSize: 32,
  numHeads: 2,
  numKvHeads: 1,
  headDim: 16,
  ffnSize: 64,
  ropeTheta: 10_000,
  normEpsilon: 1e-6,
};
