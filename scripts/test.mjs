/**
 * `npm test`: sets up, checks format, lint and types, runs all tests. Arguments choose test files by a part of their path.
 * Properties meet the same values in every run; LAM_TEST_SEED (test/support/seed.ts) gives them others.
 */
import { spawnSync } from 'node:child_process';
import { run, setUp, typescriptFiles } from './setup.mjs';
import { toolEnvironment } from './tools.mjs';
import { testTraining } from './training.mjs';

setUp();
run('Checking format and lint', process.execPath, [
  'node_modules/@biomejs/biome/bin/biome',
  'ci',
  '--error-on-warnings',
]);
const wanted = process.argv.slice(2);
const files = typescriptFiles('test')
  .filter((path) => path.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((part) => path.includes(part))))
  .map((path) => `dist/${path.replace(/\.ts$/, '.js')}`);
const options = [
  '--enable-source-maps',
  '--import=./dist/test/support/seed.js',
  '--test',
  '--test-concurrency=3',
  // Milliseconds. A file that hangs fails by it.
  '--test-timeout=300000',
];
const env = { ...process.env, ...toolEnvironment() };
const { status } = spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit', env });
process.exit(status || (wanted.length === 0 ? testTraining() : 0));
