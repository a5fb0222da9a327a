/** What serving needs to know of a model folder, whoever wrote it: our exporter (lam.json) or onnxruntime-genai's model builder. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecoderConfig } from '../decoder-config.ts';
import { GatewayError } from '../errors.ts';
import { parseGenaiConfig } from './genai-config.ts';
import { readGraphInputs } from './genai-graph.ts';
import { isFile, type Manifest, readJson, readManifest } from './manifest.ts';
import type { ModelFolder } from './repository.ts';
import type { ModelDescription } from './served-model.ts';

export type ModelSpec = {
  readonly description: ModelDescription;
  readonly path: string;
  readonly graphPath: string;
  /** The graph for blocks of prompts, if there is one. */
  readonly prefill?: { readonly graphPath: string; readonly blockTokens: number };
  /** With their checksums; none in a folder without lam.json. */
  readonly files: Manifest['files'];
  /** Of the weights once they are loaded. */
  readonly weightsBytes: number;
  /** Of a reward model, all but the vocabulary and the context is of no interest. */
  readonly decoder: DecoderConfig;
  /** Over all layers; 0 for a reward model, which keeps none. */
  readonly kvBytesPerToken: number;
};

const BYTES_PER_NUMBER: Readonly<Record<string, number>> = { float32: 4, float16: 2, bfloat16: 2 };

/**
 * Reads and checks a folder; with a lam.json also the size and checksum of every file. `maxContextTokens`: longer contexts are
 * served up to there. Throws `GatewayError` (`unavailable`) that names the file and what is wrong with it.
 */
export async function readModelSpec(folder: ModelFolder, maxContextTokens: number): Promise<ModelSpec> {
  const spec = (await isFile(join(folder.path, 'lam.json'))) ? await readOurs(folder) : await readGenai(folder);
  const contextLength = Math.min(spec.decoder.maxLength, maxContextTokens);
  return {
    ...spec,
    description: { ...spec.description, contextLength },
    decoder: { ...spec.decoder, maxLength: contextLength },
  };
}

async function readOurs(folder: ModelFolder): Promise<ModelSpec> {
  const manifest = await readManifest(folder.path);
  const { name, version, role, dialect, parameters = 0, prefill } = manifest;
  if (name !== folder.name || version !== folder.version) {
    // It would be loaded, listed and labelled under two names.
    const problem = `it says ${name}:${version}, its folder ${folder.name}:${folder.version}`;
    throw new GatewayError('unavailable', `${join(folder.path, 'lam.json')}: ${problem}`);
  }
  const decoder = {
    numLayers: manifest.num_layers,
    numKvHeads: manifest.num_kv_heads,
    headDim: manifest.head_dim,
    vocabSize: manifest.vocab_size,
    maxLength: manifest.context_length,
  };
  const { method, bits, block_size: blockSize } = manifest.quantization;
  const quantization = `${method} ${bits} bit, blocks of ${blockSize}`;
  return {
    description: { name, version, role, dialect, contextLength: manifest.context_length, parameters, quantization },
    path: folder.path,
    graphPath: join(folder.path, 'model.onnx'),
    ...(prefill !== undefined && {
      prefill: { graphPath: join(folder.path, prefill.file), blockTokens: prefill.block_tokens },
    }),
    files: manifest.files,
    weightsBytes: weightsBytesOf(manifest),
    decoder,
    kvBytesPerToken: role === 'reward' ? 0 : kvBytesPerToken(decoder, manifest.kv_dtype),
  };
}

/** As floats, where that is what the graph makes of them when it is loaded; else as in the files. */
function weightsBytesOf({ quantization, parameters, files, prefill }: Manifest): number {
  const prefillBytes = prefill === undefined ? 0 : (files[prefill.file]?.bytes ?? 0);
  if (quantization.method.includes('expanded at load') && parameters !== undefined)
    return 4 * parameters + prefillBytes;
  return Object.entries(files)
    .filter(([file]) => file.startsWith('model.onnx'))
    .reduce((sum, [, { bytes }]) => sum + bytes, prefillBytes);
}

/** A folder as the builder wrote it: there are no checksums to verify, and what it says of its weights are their files. */
async function readGenai({ name, version, path }: ModelFolder): Promise<ModelSpec> {
  const configPath = join(path, 'genai_config.json');
  const { decoder, fileName } = parseGenaiConfig(configPath, await readJson(configPath));
  const graphPath = join(path, fileName);
  const kvType = readGraphInputs(graphPath).get(decoder.names.pastKey.replace('%d', '0')) ?? 'missing';
  if (BYTES_PER_NUMBER[kvType] === undefined) {
    throw new GatewayError(
      'unavailable',
      `${graphPath}: its KV is ${kvType}, not one of ${Object.keys(BYTES_PER_NUMBER)}`,
    );
  }
  // The graph, and the files next to it that begin with its name, which is where exporters put weights.
  const files = (await readdir(path)).filter((file) => file.startsWith(fileName));
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(path, file))).size));
  return {
    description: {
      name,
      version,
      role: 'action',
      dialect: 'json',
      contextLength: decoder.maxLength,
      parameters: 0,
      quantization: 'as built',
    },
    path,
    graphPath,
    files: {},
    weightsBytes: sizes.reduce((sum, size) => sum + size, 0),
    decoder,
    kvBytesPerToken: kvBytesPerToken(decoder, kvType),
  };
}

/** Keys and values of all layers. */
function kvBytesPerToken({ numLayers, numKvHeads, headDim }: DecoderConfig, kvType: string): number {
  return 2 * numLayers * numKvHeads * headDim * (BYTES_PER_NUMBER[kvType] ?? 0);
}
