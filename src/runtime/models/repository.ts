/** Finds model folders: `<root>/<name>/<version>/lam.json`. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';

export type ModelFolder = { readonly name: string; readonly version: string; readonly path: string };

/** All folders under `root` that hold a lam.json, by name and version. Throws `GatewayError` if `root` cannot be read. */
export async function findModelFolders(root: string): Promise<readonly ModelFolder[]> {
  const folders: ModelFolder[] = [];
  for (const name of await subfolders(root)) {
    for (const version of await subfolders(join(root, name))) {
      const path = join(root, name, version);
      if (await isFile(join(path, 'lam.json'))) folders.push({ name, version, path });
    }
  }
  return folders.sort((a, b) => a.name.localeCompare(b.name) || compareVersions(a.version, b.version));
}

/** Numeric where both are numbers, else by text; the newest sorts last. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

async function subfolders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause) => {
    throw new GatewayError('unavailable', `models directory ${path} cannot be read`, { cause });
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false, // Absent: not a model folder, such as models/training.
  );
}
