/** What lies in a models directory, verified but not loaded: for an operator. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';
import type { ModelMemory } from '../runtime.ts';
import { modelMemory } from './model-memory.ts';
import { readModelSpec } from './model-spec.ts';
import { findModelFolders, type ModelFolder } from './repository.ts';
import type { ModelDescription } from './served-model.ts';
import { DEFAULT_MAX_CONTEXT_TOKENS, type EngineSettings } from './settings.ts';

export type FolderReport = {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** Of all files in it. */
  readonly bytes: number;
} & (
  | {
      readonly isGood: true;
      readonly description: ModelDescription;
      /** Files whose size and sha256 are those that lam.json states; 0 for a folder without one, which states none. */
      readonly verifiedFiles: number;
      /** What it takes at most, with these settings. */
      readonly memory: ModelMemory;
    }
  | { readonly isGood: false; readonly problem: string }
);

/** One after the other, by name and version. Throws `GatewayError` if `root` cannot be read. */
export async function* inspectModelFolders(root: string, settings: EngineSettings): AsyncGenerator<FolderReport> {
  for (const folder of await findModelFolders(root)) yield inspect(folder, settings);
}

async function inspect(folder: ModelFolder, settings: EngineSettings): Promise<FolderReport> {
  const found = { ...folder, bytes: await bytesIn(folder.path) };
  try {
    const spec = await readModelSpec(folder, settings.maxContextTokens ?? DEFAULT_MAX_CONTEXT_TOKENS);
    const { description, files } = spec;
    const memory = modelMemory(spec, settings);
    return { ...found, isGood: true, description, verifiedFiles: Object.keys(files).length, memory };
  } catch (error) {
    return { ...found, isGood: false, problem: GatewayError.from(error).message };
  }
}

async function bytesIn(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ name }) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
