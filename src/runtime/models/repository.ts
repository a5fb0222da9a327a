/** Finds model folders: `<root>/<name>/<version>/`, with a lam.json or a genai_config.json in it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { isFile } from './manifest.ts';

export type ModelFolder = { readonly name: string; readonly version: string; readonly path: string };

/** All model folders under `root`, by name and version. Throws `GatewayError` if `root` cannot be read. */
export async function findModelFolders(root: string): Promise<readonly ModelFolder[]> {
  const folders: ModelFolder[] = [];
  for (const name of await subfolders(root)) {
    for (const version of await subfolders(join(root, name))) {
      const path = join(root, name, version);
      if (await isModelFolder(path)) folders.push({ name, version, path });
    }
  }
  return folders.sort(compareModels);
}

/** A name or version that cannot lead out of the directory. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** One of them. Throws `model_not_found` if there is no such folder. */
export async function findModelFolder(root: string, name: string, version: string): Promise<ModelFolder> {
  const path = join(root, name, version);
  if (PLAIN.test(name) && PLAIN.test(version) && (await isModelFolder(path))) return { name, version, path };
  const versions = (await findModelFolders(root)).filter((folder) => folder.name === name);
  const field = versions.length === 0 ? 'name' : 'version';
  const there = versions.length === 0 ? '' : `; there is ${versions.map((folder) => folder.version).join(', ')}`;
  const message = `${field}: there is no model folder ${join(name, version)} in ${root}${there}`;
  throw new GatewayError('model_not_found', message, { field });
}

/** By name, and then by version, the newest last. */
export function compareModels(a: NamedVersion, b: NamedVersion): number {
  return a.name.localeCompare(b.name) || compareVersions(a.version, b.version);
}

type NamedVersion = { readonly name: string; readonly version: string };

/** Made once: `localeCompare` with options makes one per comparison, and requests compare versions. */
const collator = new Intl.Collator('en', { numeric: true });

/** Numeric where both are numbers, else by text; the newest sorts last. */
export function compareVersions(a: string, b: string): number {
  return collator.compare(a, b);
}

async function subfolders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause) => {
    throw new GatewayError('unavailable', `models directory ${path} cannot be read`, { cause });
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Not every folder is one: there is models/training. */
async function isModelFolder(path: string): Promise<boolean> {
  return (await isFile(join(path, 'lam.json'))) || (await isFile(join(path, 'genai_config.json')));
}
