/** Programs that npm runs end with npm: it runs a shell, which dies of a signal without passing it on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const PROGRAM = `
import { endWithParent } from './scripts/end-with-parent.mjs';
endWithParent();
const serving = setInterval(() => {}, 1000);
process.once('SIGTERM', () => {
  console.log('drained');
  clearInterval(serving);
});
console.log('serving');
`;

test('a program whose shell is terminated ends as if it had got the signal itself', async () => {
  // A command behind it, so that the shell does not become the program.
  const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: 'start' },
  });
  let out = '';
  for await (const chunk of shell.stdout.setEncoding('utf8')) {
    if (out === '') shell.kill('SIGTERM');
    out += chunk;
  }
  assert.equal(out, 'serving\ndrained\n');
  if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
  assert.equal(shell.signalCode, 'SIGTERM', 'the shell does not pass it on');
});
