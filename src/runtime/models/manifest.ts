/** lam.json and genai_config.json of a model folder: what they must hold, and how they are read and verified. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GatewayError } from '../errors.ts';

const count = z.number().int().positive();

/** The part of lam.json that serving depends on; evaluation and provenance are for people. */
const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  role: z.enum(['plan', 'action', 'reward']),
  dialect: z.enum(['compact']),
  context_length: count,
  vocab_size: count,
  num_layers: count,
  num_kv_heads: count,
  head_dim: count,
  parameters: count.optional(),
  kv_dtype: z.literal('float32'),
  quantization: z.object({
    method: z.string(),
    bits: count,
    block_size: count,
    max_logit_error: z.number().nonnegative(),
    mean_logit_error: z.number().nonnegative(),
  }),
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: count })),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Files that every folder must list and hold. */
const REQUIRED_FILES = ['model.onnx', 'tokenizer.json', 'tokenizer_config.json'] as const;

/**
 * Reads and checks `folder`/lam.json, and the size and sha256 of every file it lists.
 * Throws `GatewayError` (`unavailable`) that names the file and what is wrong with it.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'lam.json');
  const parsed = manifestSchema.safeParse(await readJson(path));
  if (!parsed.success) throw broken(path, z.prettifyError(parsed.error));
  for (const name of REQUIRED_FILES) {
    if (!(name in parsed.data.files)) throw broken(path, `files: ${name} is missing`);
  }
  for (const [name, expected] of Object.entries(parsed.data.files)) {
    if (name.includes('/') || name.includes('\\')) throw broken(path, `files: ${name} is not a plain file name`);
    await verifyFile(join(folder, name), expected);
  }
  return parsed.data;
}

export async function readJson(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw broken(path, 'it cannot be read', cause);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw broken(path, 'it is not JSON', cause);
  }
  throw broken(path, 'it is not a JSON object');
}

async function verifyFile(path: string, expected: { sha256: string; bytes: number }): Promise<void> {
  const content = await readFile(path).catch((cause) => {
    throw broken(path, 'it cannot be read', cause);
  });
  if (content.byteLength !== expected.bytes) {
    throw broken(path, `it has ${content.byteLength} bytes, lam.json says ${expected.bytes}`);
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== expected.sha256) throw broken(path, `its sha256 is ${sha256}, lam.json says ${expected.sha256}`);
}

function broken(path: string, problem: string, cause?: unknown): GatewayError {
  return new GatewayError('unavailable', `${path}: ${problem}`, cause === undefined ? {} : { cause });
}
