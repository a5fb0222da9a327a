/**
 * The tests of models/training, which need Python with PyTorch: run where CI is set, or LAM_TRAINING_TESTS, and nowhere else,
 * since 300 MB of packages are much for who only wants to serve. The packages live under .build/training.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REQUIREMENTS = 'models/training/requirements.txt';
const FOLDER = join('.build', 'training');
const PYTHON = join(FOLDER, 'bin', 'python');
const STAMP = join(FOLDER, 'requirements.sha256');

/** Exit code of the tests; 0 where they are not wanted, or, with a warning, where the packages cannot be had. */
export function testTraining() {
  if (!process.env.CI && !process.env.LAM_TRAINING_TESTS) return 0;
  const problem = install();
  if (problem !== undefined) {
    process.stderr.write(`WARNING: the tests of models/training did NOT run: ${problem}\n`);
    return 0;
  }
  process.stderr.write('Testing the training pipeline ...\n');
  const { status } = spawnSync(PYTHON, ['-m', 'unittest', 'discover', '-s', 'models/training/tests', '-t', '.'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status ?? 1;
}

/** What is in the way; undefined when all is there. */
function install() {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return undefined;
  process.stderr.write('Installing what the training needs ...\n');
  mkdirSync(FOLDER, { recursive: true });
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', FOLDER],
    [PYTHON, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) return error?.message ?? String(stderr).trim().split('\n').at(-1);
  }
  writeFileSync(STAMP, digest);
  return undefined;
}
