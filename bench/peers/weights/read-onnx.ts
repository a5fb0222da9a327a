/** Reads a model folder of this repository (8-bit blocks, expanded or MatMulNBits) into decoder weights. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BLOCK, type BlockMatrix, type DecoderConfig, type DecoderWeights } from './decoder-weights.ts';
import { DATA_TYPE, ModelProto, type OnnxGraph, type OnnxTensor } from './onnx-proto.ts';

/** genai_config.json, as far as it is read here. */
type GenaiConfig = {
  readonly model: {
    readonly context_length: number;
    readonly vocab_size: number;
    readonly decoder: {
      readonly head_size: number;
      readonly hidden_size: number;
      readonly num_attention_heads: number;
      readonly num_hidden_layers: number;
      readonly num_key_value_heads: number;
    };
  };
};

/** Throws for a graph whose weights are stored in another way. */
export function readModelFolder(folder: string): DecoderWeights {
  const message = ModelProto.decode(readFileSync(join(folder, 'model.onnx')));
  const { graph } = ModelProto.toObject(message, { longs: Number, arrays: true }) as { graph: OnnxGraph };
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const get = (name: string): OnnxTensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`${folder}/model.onnx has no tensor ${name}`);
    return tensor;
  };
  const matrix = (name: string) => blockMatrix(get(`${name}.weight_quant`), get(`${name}.weight_scale`));
  const vector = (name: string) => floats(get(`${name}.weight`));
  const config = readConfig(folder, graph, get);
  return {
    config,
    embedding: vector('model.embed_tokens'),
    layers: Array.from({ length: config.numLayers }, (_, index) => {
      const path = `model.layers.${index}`;
      return {
        attentionNorm: vector(`${path}.input_layernorm`),
        qkv: matrix(`${path}.attn.qkv_proj`),
        attentionOutput: matrix(`${path}.attn.o_proj`),
        ffnNorm: vector(`${path}.post_attention_layernorm`),
        gate: matrix(`${path}.mlp.gate_proj`),
        up: matrix(`${path}.mlp.up_proj`),
        down: matrix(`${path}.mlp.down_proj`),
      };
    }),
    norm: vector('model.norm'),
    output: matrix('lm_head'),
  };
}

function readConfig(folder: string, graph: OnnxGraph, get: (name: string) => OnnxTensor): DecoderConfig {
  const { model } = JSON.parse(readFileSync(join(folder, 'genai_config.json'), 'utf8')) as GenaiConfig;
  const { decoder } = model;
  const norm = graph.node.find(({ op_type }) => op_type === 'SimplifiedLayerNormalization');
  const epsilon = norm?.attribute.find(({ name }) => name === 'epsilon')?.f;
  if (epsilon === undefined) throw new Error(`${folder}/model.onnx has no norm with an epsilon`);
  return {
    name: folder.split('/').slice(-2).join(':'),
    vocabSize: model.vocab_size,
    contextLength: model.context_length,
    numLayers: decoder.num_hidden_layers,
    hiddenSize: decoder.hidden_size,
    numHeads: decoder.num_attention_heads,
    numKvHeads: decoder.num_key_value_heads,
    headDim: decoder.head_size,
    ffnSize: get('model.layers.0.mlp.gate_proj.weight_scale').dims[0] ?? 0,
    ropeTheta: ropeTheta(floats(get('cos_cache')), floats(get('sin_cache')), decoder.head_size),
    normEpsilon: Number(epsilon.toPrecision(6)),
  };
}

/** The graph holds tables only: position 1 turns pair 1 by theta^(-2/headDim). Rounded, as every model's theta is whole. */
function ropeTheta(cos: Float32Array, sin: Float32Array, headDim: number): number {
  const at = headDim / 2 + 1;
  const angle = Math.atan2(sin[at] ?? 0, cos[at] ?? 0);
  // Single precision of the tables leaves some five digits.
  return Number((angle ** (-headDim / 2)).toPrecision(4));
}

function blockMatrix(quant: OnnxTensor, scale: OnnxTensor): BlockMatrix {
  const [rows = 0, blocks = 0, size = 0] = quant.dims;
  const isWhole = size === BLOCK && quant.raw_data.length === rows * blocks * BLOCK;
  if (!isWhole) throw new Error(`${quant.name}: expected 8-bit levels in blocks of ${BLOCK}`);
  return { rows, columns: blocks * BLOCK, bits: 8, levels: centred(quant), scales: floats(scale) };
}

/** Levels around zero: stored as int8, or as uint8 around 128 where MatMulNBits reads them. */
function centred({ name, data_type, raw_data }: OnnxTensor): Int8Array {
  if (data_type === DATA_TYPE.int8) return Int8Array.from(raw_data, (byte) => (byte << 24) >> 24);
  if (data_type === DATA_TYPE.uint8) return Int8Array.from(raw_data, (byte) => byte - 128);
  throw new Error(`${name}: element type ${data_type} is not of 8 bits`);
}

/** A copy, because the file's bytes need not be aligned. */
function floats({ name, data_type, raw_data }: OnnxTensor): Float32Array {
  if (data_type !== DATA_TYPE.float) throw new Error(`${name}: element type ${data_type} is not float`);
  return new Float32Array(Uint8Array.from(raw_data).buffer);
}
