/** Sizes of the model in a folder, for planning: from its configuration and the sizes of its files. Nothing is loaded. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type KvType, kvNames } from '../decoder-config.ts';
import { GatewayError } from '../errors.ts';
import { parseGenaiConfig } from './genai-config.ts';
import { readGraphInputs } from './genai-graph.ts';
import type { ModelSizes } from './memory-plan.ts';

export type FolderOptions = {
  /** Default: what the graph's own inputs say. */
  readonly kvType?: KvType;
  /** Default: the sizes of the graph and of the files with its weights. */
  readonly weightsBytes?: number;
};

/** The part of lam.json that changes what weights take in memory. */
const lamSchema = z.object({
  parameters: z.number().int().positive().optional(),
  quantization: z.object({ method: z.string() }).optional(),
});

/**
 * Throws `GatewayError`: `unavailable` for a folder that is broken, `invalid_request` for one that does not say what `options`
 * could.
 */
export function readModelSizes(folder: string, options: FolderOptions = {}): ModelSizes {
  const path = join(folder, 'genai_config.json');
  const { decoder, fileName, hiddenSize, numHeads } = parseGenaiConfig(path, readJson(path));
  return {
    numLayers: decoder.numLayers,
    numHeads,
    numKvHeads: decoder.numKvHeads,
    headDim: decoder.headDim,
    hiddenSize,
    vocabSize: decoder.vocabSize,
    contextLength: decoder.maxLength,
    kvType: options.kvType ?? kvTypeOf(join(folder, fileName), kvNames(decoder)[0]?.past ?? ''),
    weightsBytes: options.weightsBytes ?? weightsOf(folder, fileName),
  };
}

function kvTypeOf(graph: string, input: string): KvType {
  if (statSync(graph, { throwIfNoEntry: false }) === undefined) {
    throw new GatewayError('invalid_request', `${graph} is not there, so the type of KV must be given: --kv-dtype`);
  }
  const type = readGraphInputs(graph).get(input);
  if (type === 'float32' || type === 'float16' || type === 'bfloat16') return type;
  throw new GatewayError(
    'unavailable',
    `${graph}: input ${input} is ${type ?? 'missing'}, which is no KV that can be served`,
  );
}

/** The graph and the files next to it that begin with its name, which is where exporters put weights. */
function weightsOf(folder: string, fileName: string): number {
  const stem = fileName.replace(/\.onnx$/, '');
  const files = readdirSync(folder).filter((name) => name.startsWith(stem));
  if (!files.includes(fileName)) {
    const problem = `${join(folder, fileName)} is not there, so the size of the weights must be given: --weights or --parameters`;
    throw new GatewayError('invalid_request', problem);
  }
  const fileBytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return expandedBytes(folder) ?? fileBytes;
}

/** Weights that are floats once the graph is loaded, whatever they are in the file; undefined for all others. */
function expandedBytes(folder: string): number | undefined {
  const path = join(folder, 'lam.json');
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const parsed = lamSchema.safeParse(readJson(path));
  if (!parsed.success) throw new GatewayError('unavailable', `${path}: ${z.prettifyError(parsed.error)}`);
  const { parameters, quantization } = parsed.data;
  const isExpanded = quantization?.method.includes('expanded at load') ?? false;
  return isExpanded && parameters !== undefined ? parameters * Float32Array.BYTES_PER_ELEMENT : undefined;
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GatewayError('unavailable', `${path}: it cannot be read`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('unavailable', `${path}: it is not JSON`, { cause });
  }
}
