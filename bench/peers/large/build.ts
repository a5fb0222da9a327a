/** The random-weight model as every engine takes it, made on first use under .build/bench-models. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLlamaGguf } from '../gguf/write-llama.ts';
import { writeTransformersFolder } from '../transformers-folder.ts';
import { countParameters, type DecoderConfig, type DecoderWeights } from '../weights/decoder-weights.ts';
import { extendTokenizer, partialTokens, type TokenizerFile } from './extend-tokenizer.ts';
import { LARGE_CONFIG, randomModel } from './random-model.ts';
import { type OnnxOptions, writeOnnx } from './write-onnx.ts';

export type BenchModel = {
  readonly config: DecoderConfig;
  /** Model folder, `<models directory>/<name>/<version>`. */
  readonly folder: string;
  readonly gguf: string;
  /** For transformers.js. */
  readonly transformers: string;
};

export type LargeOptions = OnnxOptions & { readonly bits: 8 | 4 };

const SEED = 1;

/** `tokenizerFolder` is the shipped model's. */
export function buildLargeModel(root: string, tokenizerFolder: string, options: LargeOptions): BenchModel {
  const name = `large-${options.bits}-${options.accuracyLevel}`;
  const folder = join(root, name, 'served', 'large', '1');
  const model = {
    config: LARGE_CONFIG,
    folder,
    gguf: join(root, name, 'large.gguf'),
    transformers: join(root, name, 'transformers'),
  };
  const stamp = join(root, name, 'complete');
  if (existsSync(stamp)) return model;
  process.stderr.write(`Writing the random-weight model into ${join(root, name)} ...\n`);
  rmSync(join(root, name), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tokenizer = JSON.parse(readFileSync(join(tokenizerFolder, 'tokenizer.json'), 'utf8')) as TokenizerFile;
  const weights = randomModel(LARGE_CONFIG, { bits: options.bits, seed: SEED, unsaid: partialTokens(tokenizer) });
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(extendTokenizer(tokenizer, LARGE_CONFIG.vocabSize)));
  copyFileSync(join(tokenizerFolder, 'tokenizer_config.json'), join(folder, 'tokenizer_config.json'));
  writeFileSync(join(folder, 'genai_config.json'), JSON.stringify(genaiConfig(tokenizerFolder), null, 2));
  writeOnnx(join(folder, 'model.onnx'), weights, options);
  writeOnnx(join(folder, 'prefill.onnx'), weights, { ...options, kind: 'prefill' });
  writeFileSync(join(folder, 'lam.json'), JSON.stringify(manifest(folder, weights, options), null, 2));
  writeLlamaGguf(model.gguf, weights, folder);
  writeTransformersFolder(model.transformers, LARGE_CONFIG, join(folder, 'model.onnx'));
  writeFileSync(stamp, '');
  return model;
}

/** The shipped model's, with other sizes. */
function genaiConfig(shipped: string): object {
  const { model, search } = JSON.parse(readFileSync(join(shipped, 'genai_config.json'), 'utf8')) as {
    model: { decoder: object };
    search: object;
  };
  const decoder = {
    ...model.decoder,
    head_size: LARGE_CONFIG.headDim,
    hidden_size: LARGE_CONFIG.hiddenSize,
    num_attention_heads: LARGE_CONFIG.numHeads,
    num_hidden_layers: LARGE_CONFIG.numLayers,
    num_key_value_heads: LARGE_CONFIG.numKvHeads,
  };
  return { model: { ...model, vocab_size: LARGE_CONFIG.vocabSize, decoder }, search };
}

function manifest(folder: string, weights: DecoderWeights, { bits }: LargeOptions): object {
  const files = ['model.onnx', 'prefill.onnx', 'genai_config.json', 'tokenizer.json', 'tokenizer_config.json'].map(
    (name) => {
      const content = readFileSync(join(folder, name));
      return [name, { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length }];
    },
  );
  return {
    format: 1,
    name: 'large',
    version: '1',
    role: 'action',
    dialect: 'compact',
    context_length: LARGE_CONFIG.contextLength,
    parameters: countParameters(weights),
    vocab_size: LARGE_CONFIG.vocabSize,
    num_layers: LARGE_CONFIG.numLayers,
    num_kv_heads: LARGE_CONFIG.numKvHeads,
    head_dim: LARGE_CONFIG.headDim,
    kv_dtype: 'float32',
    quantization: { method: 'MatMulNBits', bits, block_size: 32, max_logit_error: 0, mean_logit_error: 0 },
    prefill: { file: 'prefill.onnx', block_tokens: 64 },
    files: Object.fromEntries(files),
    license: 'Apache-2.0',
    provenance: { note: 'random weights: for measuring time, not for answers' },
    evaluation: {},
  };
}
