/**
 * The gateway's process with a fake runtime, for tests that signal it. A request whose task is `hold` is announced on
 * stdout and waits for SIGUSR2, and so is the start if the environment has HOLD_START.
 */
import { runProcess } from '../../src/server/cli.ts';
import { FakeRuntime, fakePrediction } from './fake-runtime.ts';

const runtime = new FakeRuntime();
const released = new Promise<void>((resolve) => process.once('SIGUSR2', () => resolve()));
runtime.handler = async (state, options) => {
  if (state.userRequest === 'hold') {
    process.stdout.write('holding\n');
    await released;
  }
  return fakePrediction(state, options);
};
const open = async () => {
  process.stdout.write('holding\n');
  await released;
  return runtime;
};
const served = process.env['HOLD_START'] === undefined ? runtime : open;
process.exit(await runProcess({ argv: process.argv.slice(2), env: process.env, runtime: served }));
