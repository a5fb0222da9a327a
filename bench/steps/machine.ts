/** What the numbers were measured on. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, type as osType, release, totalmem } from 'node:os';
import { peerVersions } from '../peers/install.ts';

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  /** Vector extensions that matrix products use, as far as the system tells. */
  readonly cpu_features: readonly string[];
  readonly memory_gib: number;
  readonly os: string;
  readonly node: string;
  /** Commit of this repository; `+` behind it if files were changed since. */
  readonly commit: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Running tasks of the last minute, before anything was measured. */
  readonly load_average: number;
};

const FEATURES = [
  'avx2',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'avx_vnni',
  'amx_int8',
  'amx_bf16',
  'asimddp',
  'i8mm',
];

export function describeMachine(): Machine {
  const installed = (name: string): [string, string] => {
    const manifest = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
    return [name, manifest.version];
  };
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    cpu_features: cpuFeatures(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    os: `${osType()} ${release()} ${arch()}`,
    node: process.version,
    commit: commit(),
    versions: { ...Object.fromEntries(['onnxruntime-node', '@grpc/grpc-js'].map(installed)), ...peerVersions() },
    load_average: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** A name for files: `amd-epyc-2-cores`. */
export function machineSlug({ cpu, cores }: Pick<Machine, 'cpu' | 'cores'>): string {
  const words = cpu
    .toLowerCase()
    .replace(/\(r\)|\(tm\)|@.*$|\bcpu\b|\bprocessor\b/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${words || 'unknown'}-${cores}-cores`;
}

function cpuFeatures(): string[] {
  let flags: string;
  try {
    flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  } catch {
    // Only Linux has the file.
    return [];
  }
  const present = new Set(flags.trim().split(/\s+/));
  return FEATURES.filter((feature) => present.has(feature));
}

function commit(): string {
  const git = (...args: string[]) =>
    spawnSync('git', ['--no-optional-locks', ...args], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const hash = git('rev-parse', '--short=12', 'HEAD');
  if (hash === '') return 'unknown';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? hash : `${hash}+`;
}
