/** A models directory for one test: copies of real folders under other names and versions, to be loaded, changed and broken. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class ModelFolders implements AsyncDisposable {
  readonly root: string;

  static async create(): Promise<ModelFolders> {
    return new ModelFolders(await mkdtemp(join(tmpdir(), 'lam-models-')));
  }

  private constructor(root: string) {
    this.root = root;
  }

  path(name: string, version: string, file = ''): string {
    return join(this.root, name, version, file);
  }

  /** `source`: a model folder, by default the tiny action model. */
  async add(name: string, version: string, source = 'test/fixtures/models/tiny/1'): Promise<void> {
    await cp(source, this.path(name, version), { recursive: true });
    const path = this.path(name, version, 'lam.json');
    if (!existsSync(path)) return;
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, name, version }));
  }

  /** Moves a folder to where its manifest does not say it is. */
  async rename(name: string, version: string, to: string): Promise<void> {
    await rename(this.path(name, version), this.path(name, to));
  }

  /** Changes one byte in the middle of a file, which keeps its size; a second time it is as it was. */
  async corrupt(name: string, version: string, file: string): Promise<void> {
    const path = this.path(name, version, file);
    const content = await readFile(path);
    const middle = content.length >> 1;
    content[middle] = (content[middle] ?? 0) ^ 0xff;
    await writeFile(path, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true });
  }
}
