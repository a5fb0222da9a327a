/** The example agents do their task against a gateway that answers like the shipped model. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { type Action, GatewayError, type State } from '../../src/runtime/index.ts';
import { fakePrediction } from '../support/fake-runtime.ts';
import { testGateway } from '../support/test-gateway.ts';

type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function run(command: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (cause) => reject(new Error(`this test needs ${command} on the PATH`, { cause })));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Selects the text, and clicks Bold once the history says that it is selected. */
function makesItBold({
  controls,
  previousActions,
}: State): Pick<Action, 'function' | 'args' | 'controlName' | 'status'> {
  assert.equal(controls.length, 4);
  const isSelected = previousActions.some(({ resultStatus }) => resultStatus === 'success');
  return isSelected
    ? { function: 'click_input', args: {}, controlName: 'Bold', status: 'FINISH' }
    : { function: 'select_text', args: { text: 'Quarterly report' }, controlName: 'Body', status: 'CONTINUE' };
}

const AGENTS = [
  ['Python', 'python3', 'examples/python/agent.py'],
  ['Node', process.execPath, 'examples/node/agent.mjs'],
] as const;

for (const [name, command, script] of AGENTS) {
  test(`the ${name} example does its task, also when it is told to come back later`, async () => {
    await using gateway = await testGateway();
    gateway.runtime.handler = (state, options) => {
      const prediction = fakePrediction(state, options);
      const chosen = makesItBold(state);
      const controlId = state.controls.find((control) => control.name === chosen.controlName)?.id ?? '';
      const action: Action = { ...prediction.action, ...chosen, controlId };
      return {
        ...prediction,
        action,
        candidates: prediction.candidates.map((candidate) => ({ ...candidate, action })),
      };
    };
    gateway.runtime.failNext(new GatewayError('overloaded', 'too much', { retryAfterMs: 10 }));
    const { code, stdout, stderr } = await run(command, [script, gateway.http]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    // Python puts a space behind the colon.
    assert.deepEqual(stdout.replace('": "', '":"').trim().split('\n'), [
      'select_text Body {"text":"Quarterly report"} CONTINUE',
      'click_input Bold {} FINISH',
      'bold',
    ]);
  });
}
