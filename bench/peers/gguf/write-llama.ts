/** Decoder weights and a byte-level BPE tokenizer as one GGUF file of llama.cpp's architecture `llama`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BlockMatrix, type DecoderConfig, type DecoderWeights, sliceRows } from '../weights/decoder-weights.ts';
import { interleaveRotary, numBlockBytes, toGgmlBlocks } from './blocks.ts';
import { GGML_TYPE, type GgufTensor, type GgufValue, writeGguf } from './gguf-file.ts';

/** tokenizer.json, as far as it is read here. */
type TokenizerFile = {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (string | readonly [string, string])[];
  };
};

/** llama.cpp's kinds of token (llama.h, llama_token_type). */
const NORMAL = 1;
const CONTROL = 3;

/** `tokenizerFolder` is the model folder with tokenizer.json. */
export function writeLlamaGguf(path: string, weights: DecoderWeights, tokenizerFolder: string): void {
  writeGguf(path, { ...modelMetadata(weights.config), ...tokenizerMetadata(tokenizerFolder) }, tensorsOf(weights));
}

const uint32 = (value: number): GgufValue => ({ type: 'uint32', value });
const float32 = (value: number): GgufValue => ({ type: 'float32', value });
const string = (value: string): GgufValue => ({ type: 'string', value });

function modelMetadata(config: DecoderConfig): Record<string, GgufValue> {
  return {
    'general.architecture': string('llama'),
    'general.name': string(config.name),
    'general.quantization_version': uint32(2),
    'llama.vocab_size': uint32(config.vocabSize),
    'llama.context_length': uint32(config.contextLength),
    'llama.embedding_length': uint32(config.hiddenSize),
    'llama.block_count': uint32(config.numLayers),
    'llama.feed_forward_length': uint32(config.ffnSize),
    'llama.rope.dimension_count': uint32(config.headDim),
    'llama.rope.freq_base': float32(config.ropeTheta),
    'llama.attention.head_count': uint32(config.numHeads),
    'llama.attention.head_count_kv': uint32(config.numKvHeads),
    'llama.attention.key_length': uint32(config.headDim),
    'llama.attention.value_length': uint32(config.headDim),
    'llama.attention.layer_norm_rms_epsilon': float32(config.normEpsilon),
  };
}

function tokenizerMetadata(folder: string): Record<string, GgufValue> {
  const { added_tokens: added, model } = JSON.parse(
    readFileSync(join(folder, 'tokenizer.json'), 'utf8'),
  ) as TokenizerFile;
  const tokens: string[] = [];
  const types: number[] = [];
  for (const [token, id] of Object.entries(model.vocab)) {
    tokens[id] = token;
    types[id] = NORMAL;
  }
  for (const { id, content } of added) {
    tokens[id] = content;
    types[id] = CONTROL;
  }
  const idOf = (name: string): number => {
    const token = added.find(({ content }) => content === name);
    if (token === undefined) throw new Error(`${folder}/tokenizer.json has no token ${name}`);
    return token.id;
  };
  return {
    'tokenizer.ggml.model': string('gpt2'),
    'tokenizer.ggml.pre': string('gpt-2'),
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
    'tokenizer.ggml.token_type': { type: 'int32s', value: types },
    'tokenizer.ggml.merges': {
      type: 'strings',
      value: model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' '))),
    },
    'tokenizer.ggml.bos_token_id': uint32(idOf('<|bos|>')),
    'tokenizer.ggml.eos_token_id': uint32(idOf('<|end|>')),
    'tokenizer.ggml.padding_token_id': uint32(idOf('<|pad|>')),
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: false },
    'tokenizer.ggml.add_space_prefix': { type: 'bool', value: false },
  };
}

function tensorsOf({ config, embedding, layers, norm, output }: DecoderWeights): GgufTensor[] {
  const { hiddenSize, headDim, vocabSize } = config;
  const numQuery = config.numHeads * headDim;
  const numKeys = config.numKvHeads * headDim;
  return [
    floatTensor('token_embd.weight', embedding, [hiddenSize, vocabSize]),
    ...layers.flatMap((layer, i) => {
      const rows = (from: number, to: number) => sliceRows(layer.qkv, from, to);
      const query = rows(0, numQuery);
      const key = rows(numQuery, numQuery + numKeys);
      return [
        floatTensor(`blk.${i}.attn_norm.weight`, layer.attentionNorm),
        blockTensor(`blk.${i}.attn_q.weight`, interleaveRotary(query, headDim)),
        blockTensor(`blk.${i}.attn_k.weight`, interleaveRotary(key, headDim)),
        blockTensor(`blk.${i}.attn_v.weight`, rows(numQuery + numKeys, numQuery + 2 * numKeys)),
        blockTensor(`blk.${i}.attn_output.weight`, layer.attentionOutput),
        floatTensor(`blk.${i}.ffn_norm.weight`, layer.ffnNorm),
        blockTensor(`blk.${i}.ffn_gate.weight`, layer.gate),
        blockTensor(`blk.${i}.ffn_up.weight`, layer.up),
        blockTensor(`blk.${i}.ffn_down.weight`, layer.down),
      ];
    }),
    floatTensor('output_norm.weight', norm),
    blockTensor('output.weight', output),
  ];
}

function floatTensor(name: string, values: Float32Array, dimensions: readonly number[] = [values.length]): GgufTensor {
  const data = () => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dimensions, type: GGML_TYPE.F32, numBytes: values.byteLength, data };
}

function blockTensor(name: string, matrix: BlockMatrix): GgufTensor {
  return {
    name,
    dimensions: [matrix.columns, matrix.rows],
    type: matrix.bits === 8 ? GGML_TYPE.Q8_0 : GGML_TYPE.Q4_0,
    numBytes: numBlockBytes(matrix),
    data: () => toGgmlBlocks(matrix),
  };
}
