/** Brings node_modules and dist up to date, and does nothing where they are. Used by every npm script. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs the locked dependencies and compiles the TypeScript, each only if its inputs changed since. */
export function setUp() {
  process.chdir(root);
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) fail(`Node ${process.versions.node} is too old: lam-gateway needs Node 20 or newer.`);
  whenStale('node_modules/.lam-gateway-stamp', ['package.json', 'package-lock.json'], () => {
    // Without install scripts: onnxruntime-node's downloads CUDA libraries, and nothing else here needs one.
    run('Installing dependencies', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  });
  const sources = ['tsconfig.json', 'package-lock.json', ...['src', 'bench', 'test'].flatMap(typescriptFiles)];
  whenStale('dist/.lam-gateway-stamp', sources, () => {
    rmSync('dist', { recursive: true, force: true });
    run('Compiling', process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.']);
  });
}

/** All .ts files below `folder`, by path. */
export function typescriptFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Runs `work` unless `stamp` holds the hash that the contents of `inputs` have now. */
function whenStale(stamp, inputs, work) {
  const hash = createHash('sha256').update(process.version);
  for (const path of inputs) hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  const digest = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Runs a command that says on stderr what it does; ends this process if it fails. */
export function run(title, command, args) {
  process.stderr.write(`${title} ...\n`);
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell });
  if (error !== undefined) fail(`${title} failed: ${error.message}`);
  if (status !== 0) fail(`${title} failed.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
