import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

const MODULE = new URL('../../../../src/runtime/worker/step-back.js', import.meta.url).href;
const THREAD = `
  const { getPriority } = require('node:os');
  const { parentPort } = require('node:worker_threads');
  import(${JSON.stringify(MODULE)}).then(({ stepBack }) => {
    stepBack();
    parentPort.postMessage(getPriority(0));
  });`;

test('a thread that steps back is nicer than the thread that answers, which stays as it was', async () => {
  const before = getPriority(0);
  const niceness = await new Promise<number>((resolve, reject) => {
    new Worker(THREAD, { eval: true }).once('message', resolve).once('error', reject);
  });
  assert.equal(niceness, process.platform === 'linux' ? Math.min(19, before + 10) : before);
  assert.equal(getPriority(0), before);
});
