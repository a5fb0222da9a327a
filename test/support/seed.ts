/**
 * Loaded before every test file (`scripts/test.mjs`): one seed for all properties, so that a build fails for what was changed and
 * not for what chance found. `LAM_TEST_SEED=random` explores; a failure then names its seed, which `LAM_TEST_SEED=<number>` repeats.
 */
import { isMainThread } from 'node:worker_threads';

const DEFAULT_SEED = '20261122';

const wanted = process.env['LAM_TEST_SEED'] || DEFAULT_SEED;
// Threads that a test starts load this, too, and draw nothing.
if (isMainThread && wanted !== 'random') {
  const seed = Number(wanted);
  if (!Number.isInteger(seed)) throw new Error(`LAM_TEST_SEED: a whole number or "random" is wanted, not ${wanted}`);
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}
