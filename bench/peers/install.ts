/** Installs the peers' packages on first use, under .build/peers: they are no dependency of the gateway. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** From the repository's root. */
const MANIFEST = join('bench', 'peers', 'package.json');
const FOLDER = join('.build', 'peers');
const STAMP = join(FOLDER, 'installed.json');

/** The folder whose node_modules hold the peers, in the versions of bench/peers/package.json. Throws if npm fails. */
export function installPeers(): string {
  const manifest = readFileSync(MANIFEST, 'utf8');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === manifest) return FOLDER;
  mkdirSync(FOLDER, { recursive: true });
  copyFileSync(MANIFEST, join(FOLDER, 'package.json'));
  process.stderr.write(`Installing the engines to compare with into ${FOLDER} (about 1 GB, once) ...\n`);
  // Without install scripts: both packages bring their CPU libraries, and the scripts would fetch or build other ones.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const { status, error } = spawnSync('npm', ['install', ...options], {
    cwd: FOLDER,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw new Error(`npm could not be run: ${error.message}`);
  if (status !== 0) throw new Error(`npm install failed in ${FOLDER}: its messages are above`);
  writeFileSync(STAMP, manifest);
  return FOLDER;
}

/** Exact versions by package. */
export function peerVersions(): Readonly<Record<string, string>> {
  return (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { dependencies: Record<string, string> }).dependencies;
}
