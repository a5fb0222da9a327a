/** A model folder in the layout that transformers.js loads: config.json, and onnx/model.onnx as a link to the same file. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DecoderConfig } from './weights/decoder-weights.ts';

export function writeTransformersFolder(folder: string, config: DecoderConfig, onnxPath: string): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const link = join(folder, 'onnx', 'model.onnx');
  rmSync(link, { force: true });
  symlinkSync(resolve(onnxPath), link);
  const tokens = { bos_token_id: 1, eos_token_id: 2, pad_token_id: 0 };
  const about = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: config.vocabSize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.ffnSize,
    num_hidden_layers: config.numLayers,
    num_attention_heads: config.numHeads,
    num_key_value_heads: config.numKvHeads,
    head_dim: config.headDim,
    max_position_embeddings: config.contextLength,
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: false,
    ...tokens,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(about, null, 2));
  writeFileSync(join(folder, 'generation_config.json'), JSON.stringify(tokens, null, 2));
}
