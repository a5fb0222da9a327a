/** The example agents do their task: against a gateway that answers as a model should, and with the shipped model. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../../bench/agent/running-gateway.ts';
import { type Action, GatewayError, type State } from '../../src/runtime/index.ts';
import { fakePrediction } from '../support/fake-runtime.ts';
import { runProgram } from '../support/run-program.ts';
import { testGateway } from '../support/test-gateway.ts';

/** Selects the text, and clicks Bold once the history says that it is selected. */
function makesItBold({
  controls,
  previousActions,
}: State): Pick<Action, 'function' | 'args' | 'controlName' | 'status'> {
  assert.deepEqual(controls.find(({ name }) => name === 'Home')?.selected, true);
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
    const { code, stdout, stderr } = await runProgram(command, [script, gateway.http]);
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

for (const [name, command, script] of AGENTS) {
  test(`the ${name} example does its task with the shipped model`, async () => {
    await using gateway = await startGateway();
    const { stdout, stderr } = await runProgram(command, [script, gateway.http]);
    assert.equal(stderr, '');
    assert.equal(stdout.trim().split('\n').at(-1), 'bold', stdout);
  });
}
