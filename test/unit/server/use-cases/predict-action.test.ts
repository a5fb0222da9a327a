/** How hooks take part in predicting an action. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/index.ts';
import type { Observer } from '../../../../src/server/hooks.ts';
import type { PredictHook, Review } from '../../../../src/server/predict-hooks.ts';
import type { PredictActionResponse } from '../../../../src/server/wire/messages.ts';
import { aRequest } from '../../../contract/requests.ts';
import { fakePrediction } from '../../../support/fake-runtime.ts';
import { testDispatcher } from '../../../support/test-dispatcher.ts';

async function predict(request: object, ...predictHooks: PredictHook[]) {
  const { ask, runtime } = testDispatcher({ predictHooks });
  const response = (await ask('PredictAction', request)) as PredictActionResponse;
  return { response, seen: runtime.calls[0]?.state };
}

const review = (effect: Review['effect'], rule: string): Review => ({
  effect,
  rule,
  reason: `${rule}!`,
  warnings: [rule],
});

test('what is recalled is validated and predicted as if it had been sent', async () => {
  const controls = [{ id: '7', name: 'Save', type: 'Button' }];
  const recall = (known: object[]): PredictHook => ({
    name: 'memory',
    recall: ({ control_changes: _changes, ...message }) => ({ ...message, controls: known }),
  });
  const request = aRequest({ controls: [], control_changes: { base_hash: 'x' } });
  const { response, seen } = await predict(request, recall(controls));
  assert.deepEqual(seen?.controls, controls);
  assert.equal(response.action.control_id, '7');
  await assert.rejects(predict(request, recall([{ id: '1' }])), {
    code: 'invalid_request',
    details: { field: 'controls[0].type' },
  });
});

test('the runtime is told which model a request is for before anything else is done for it', async () => {
  const { ask, runtime } = testDispatcher({
    predictHooks: [
      {
        name: 'memory',
        recall: (message) => {
          assert.deepEqual(runtime.expected, ['fake']);
          return message;
        },
      },
    ],
  });
  await ask('PredictAction', aRequest({ model: 'fake' }));
  assert.deepEqual([runtime.expected, runtime.calls.length], [['fake'], 1]);
});

test('the model sees the state as all hooks have narrowed it, one after the other', async () => {
  const without = (id: string): PredictHook => ({
    name: `without ${id}`,
    restrict: (state) => ({ ...state, controls: state.controls.filter((control) => control.id !== id) }),
  });
  const controls = ['1', '2', '3'].map((id) => ({ id, name: id, type: 'Button' }));
  const { response, seen } = await predict(aRequest({ controls }), without('1'), without('3'));
  assert.deepEqual(
    seen?.controls.map(({ id }) => id),
    ['2'],
  );
  assert.equal(response.action.control_id, '2');
});

test('the strictest review decides, the warnings of all are told', async () => {
  const hooks = (['allow', 'confirm', 'confirm'] as const).map((effect, i) => ({
    name: `${i}`,
    review: () => review(effect, `rule ${i}`),
  }));
  const { response } = await predict(aRequest(), ...hooks);
  assert.deepEqual(response.policy, { effect: 'confirm', rule: 'rule 1', reason: 'rule 1!' });
  assert.equal(response.requires_confirmation, true);
  assert.deepEqual(response.warnings, ['rule 0', 'rule 1', 'rule 2']);
});

test('a denied candidate is left out, the next one is the answer', async () => {
  const deny: PredictHook = {
    name: 'deny',
    review: ({ action }) => (action.controlId === '2' ? review('deny', 'no body') : undefined),
  };
  const { response } = await predict(aRequest({ options: { candidates: 2, rerank: true } }), deny);
  assert.equal(response.action.control_id, '1');
  assert.equal(response.reward?.raw, 0, 'of the action that is the answer');
  assert.deepEqual(
    response.candidates.map(({ action }) => action.control_id),
    ['1'],
  );
  assert.equal(response.policy.effect, 'allow');
});

test('a request that fails is on record under the version that was chosen for it', async () => {
  const reports: unknown[] = [];
  const observer: Observer = { name: 'reports', onFinish: ({ report }) => void reports.push({ ...report }) };
  const { ask, runtime } = testDispatcher({ observers: [observer] });
  runtime.failNext(new GatewayError('overloaded', 'full'));
  await assert.rejects(ask('PredictAction', aRequest()), { code: 'overloaded' });
  const { model, version } = reports[0] as { model: string; version: string };
  assert.deepEqual([model, version], ['fake', '1']);
});

test('doing nothing never takes the place of an action that the model preferred and that is denied', async () => {
  const deny: PredictHook = {
    name: 'deny',
    review: ({ action }) => (action.controlId === '2' ? review('deny', 'no body') : undefined),
  };
  const { ask, runtime } = testDispatcher({ predictHooks: [deny] });
  runtime.handler = (state, options) => {
    const click = fakePrediction({ ...state, controls: state.controls.slice(1) }, options);
    const end = fakePrediction({ ...state, controls: [] }, options);
    return { ...click, candidates: [...click.candidates, ...end.candidates] };
  };
  const response = (await ask('PredictAction', aRequest({ options: { candidates: 2 } }))) as PredictActionResponse;
  assert.deepEqual([response.action.status, response.policy.rule], ['FAIL', 'no body']);
  assert.deepEqual(response.candidates, []);
});

test('when all are denied, the answer executes nothing and says why', async () => {
  const deny: PredictHook = { name: 'deny', review: () => review('deny', 'nothing') };
  const { response } = await predict(aRequest({ options: { candidates: 2, rerank: true } }), deny);
  const { control_id, control_name, function: name, args, status } = response.action;
  assert.deepEqual([control_id, control_name, name, args, status], ['', '', '', {}, 'FAIL']);
  assert.deepEqual(response.candidates, []);
  assert.equal(response.reward, undefined);
  assert.deepEqual(response.policy, { effect: 'deny', rule: 'nothing', reason: 'nothing!' });
});

test('the answer can be completed, each hook seeing what the one before made of it', async () => {
  const steps: number[] = [];
  const count: PredictHook = { name: 'count', complete: ({ response }) => ({ ...response, step: response.step + 1 }) };
  const audit: PredictHook = {
    name: 'audit',
    complete({ response, input, prediction }) {
      steps.push(response.step);
      assert.equal(input.sessionId, 's');
      assert.equal(prediction.model, response.model);
      return response;
    },
  };
  const { response } = await predict(aRequest({ session_id: 's' }), count, count, audit);
  assert.equal(response.step, 2);
  assert.deepEqual(steps, [2]);
});
