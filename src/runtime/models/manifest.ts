/** lam.json of a model folder: what it must hold, and how it and the files that it lists are read and verified. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
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
  /** Whether the role has one of that name is found out when it is created. */
  dialect: z.string().min(1),
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
  /** A second graph, for blocks of prompts. */
  prefill: z.object({ file: z.string().min(1), block_tokens: count }).optional(),
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: count })),
});

export type Manifest = z.infer<typeof manifestSchema>;

const READ_BYTES = 1 << 20;

/** Files that every folder must list and hold. */
const REQUIRED_FILES = ['model.onnx', 'tokenizer.json', 'tokenizer_config.json'] as const;
/** What a folder may hold without listing it, because serving never reads it. */
const UNREAD_FILES = /^(lam\.json|golden\.json|\..*|.*\.(md|txt)|LICENSE|NOTICE)$/;

/**
 * Reads and checks `folder`/lam.json, and the size and sha256 of every file it lists. A file that it does not list might be read
 * without being verified, as a chat template or as weights that a graph keeps beside itself: a folder with one is refused.
 * Throws `GatewayError` (`unavailable`) that names the file and what is wrong with it.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'lam.json');
  const parsed = manifestSchema.safeParse(await readJson(path));
  if (!parsed.success) throw broken(path, z.prettifyError(parsed.error));
  const { files, prefill } = parsed.data;
  for (const name of [...REQUIRED_FILES, ...(prefill === undefined ? [] : [prefill.file])]) {
    if (!(name in files)) throw broken(path, `files: ${name} is missing`);
  }
  for (const name of Object.keys(parsed.data.files)) {
    if (name.includes('/') || name.includes('\\')) throw broken(path, `files: ${name} is not a plain file name`);
  }
  for (const name of await readdir(folder)) {
    if (!(name in files) && !UNREAD_FILES.test(name)) throw broken(join(folder, name), 'lam.json does not list it');
  }
  await verifyFiles(folder, files);
  return parsed.data;
}

/** Compares size and sha256 of each file with what lam.json says. Throws as {@link readManifest} does. */
export async function verifyFiles(folder: string, files: Manifest['files']): Promise<void> {
  for (const [name, expected] of Object.entries(files)) await verifyFile(join(folder, name), expected);
}

/** False for what is not there. */
export function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
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
  const hash = createHash('sha256');
  let numBytes = 0;
  try {
    // Piece by piece: weights may be larger than a buffer can be.
    for await (const piece of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
      hash.update(piece);
      numBytes += piece.length;
    }
  } catch (cause) {
    throw broken(path, 'it cannot be read', cause);
  }
  if (numBytes !== expected.bytes) throw broken(path, `it has ${numBytes} bytes, lam.json says ${expected.bytes}`);
  const sha256 = hash.digest('hex');
  if (sha256 !== expected.sha256) throw broken(path, `its sha256 is ${sha256}, lam.json says ${expected.sha256}`);
}

function broken(path: string, problem: string, cause?: unknown): GatewayError {
  return new GatewayError('unavailable', `${path}: ${problem}`, cause === undefined ? {} : { cause });
}
