/** The policy in the way of a request. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate, Prediction, PredictOptions, State } from '../../../../src/runtime/index.ts';
import { DEFAULT_POLICY } from '../../../../src/server/policy/default-policy.ts';
import { Policy } from '../../../../src/server/policy/policy.ts';
import { type PolicyFile, parsePolicyFile } from '../../../../src/server/policy/policy-file.ts';
import { policyHook } from '../../../../src/server/policy/policy-hook.ts';
import type { PredictActionResponse } from '../../../../src/server/wire/messages.ts';
import { aRequest } from '../../../contract/requests.ts';
import { FAKE_MODEL, type FakeRuntime, fakePrediction } from '../../../support/fake-runtime.ts';
import { testDispatcher } from '../../../support/test-dispatcher.ts';

const SEND = [
  { id: '1', name: 'Send', type: 'Button' },
  { id: '2', name: 'Body', type: 'Document' },
];

/** `handler` answers in place of the fake runtime's own. */
async function predict(policy: PolicyFile, request: object, handler?: FakeRuntime['handler']) {
  const { ask, runtime } = testDispatcher({ predictHooks: [policyHook({ policy: new Policy(policy) })] });
  if (handler) runtime.handler = handler;
  const response = (await ask('PredictAction', request)) as PredictActionResponse;
  return { response, calls: runtime.calls };
}

/** Like a model under a grammar: the first control that can be acted on. */
function firstEnabled(state: State, options: PredictOptions): Prediction {
  return fakePrediction(
    { ...state, userRequest: '', controls: state.controls.filter((c) => c.enabled !== false) },
    options,
  );
}

function deny(when: string): PolicyFile {
  const rules = `rules: [{ name: no, effect: deny, reason: never, when: ${when} }]`;
  return parsePolicyFile(`version: 1\ndefault: allow\n${rules}\n`);
}

test('an action to be confirmed says so in its status, with the reason', async () => {
  const { response } = await predict(
    DEFAULT_POLICY,
    aRequest({ controls: SEND, options: { candidates: 2 } }),
    firstEnabled,
  );
  assert.equal(response.requires_confirmation, true);
  assert.equal(response.action.status, 'CONFIRM');
  assert.deepEqual(response.policy, { effect: 'confirm', rule: 'send', reason: 'it may send or publish something' });
  assert.ok(response.warnings.includes('it may send or publish something'));
  assert.deepEqual(
    response.candidates.map(({ action, policy }) => [action.control_name, action.status, policy.effect]),
    [
      ['Send', 'CONFIRM', 'confirm'],
      ['Body', 'CONTINUE', 'allow'],
    ],
  );
});

test('a model that asks for confirmation gets it', async () => {
  const asking = (state: State, options: PredictOptions): Prediction => {
    const prediction = fakePrediction(state, options);
    const candidates = prediction.candidates.map(
      (c): Candidate => ({ ...c, action: { ...c.action, status: 'CONFIRM' } }),
    );
    return { ...prediction, candidates };
  };
  const { response } = await predict(DEFAULT_POLICY, aRequest(), asking);
  assert.equal(response.policy.rule, 'model_confirm');
  assert.equal(response.requires_confirmation, true);
});

test('the model cannot choose a control that is denied, and chooses the best of the others', async () => {
  const { response, calls } = await predict(deny('{ control: [send] }'), aRequest({ controls: SEND }), firstEnabled);
  assert.equal(calls.length, 1);
  assert.deepEqual(
    calls[0]?.state.controls.map(({ enabled }) => enabled),
    [false, undefined],
  );
  assert.equal(response.action.control_name, 'Body');
  assert.equal(response.policy.effect, 'allow');
});

test('what only its arguments make wrong is chosen once, denied, and something else is chosen', async () => {
  const policy = deny('{ control: [send], args: { button: [right] } }');
  const { response, calls } = await predict(policy, aRequest({ controls: SEND }), firstEnabled);
  assert.equal(calls.length, 2);
  assert.equal(response.action.control_name, 'Body');
});

test('when all that a model chooses is denied, the answer executes nothing', async () => {
  const stubborn = (state: State, options: PredictOptions) => fakePrediction(state, options);
  const { response, calls } = await predict(
    deny('{ args: { button: [right] } }'),
    aRequest({ controls: SEND }),
    stubborn,
  );
  assert.equal(calls.length, 3);
  assert.deepEqual([response.action.function, response.action.status], ['', 'FAIL']);
  assert.deepEqual([response.policy.effect, response.policy.rule], ['deny', 'no']);
});

/** Like a model under a grammar that leaves it only to end: it says that it is done. */
function firstPermitted(state: State, options: PredictOptions): Prediction {
  const controls = state.controls.filter(({ enabled }) => enabled !== false);
  return fakePrediction({ ...state, userRequest: '', controls }, options);
}

test('a model that ends because what it wants is withheld is not told to have finished', async () => {
  const request = (controls: readonly object[]) => aRequest({ controls, allowed_functions: ['click_input'] });
  for (const when of ['{ control: [send] }', '{ function: [click_input] }']) {
    const { response, calls } = await predict(deny(when), request(SEND.slice(0, 1)), firstPermitted);
    assert.deepEqual([response.action.function, response.action.status], ['', 'FAIL'], when);
    assert.deepEqual(response.policy, { effect: 'deny', rule: 'no', reason: 'never' });
    assert.equal(calls.length, 2, 'asked once more what it would have done');
  }
  const again = deny('{ args: { button: [right] } }');
  const { response } = await predict(again, request(SEND.slice(0, 1)), firstPermitted);
  assert.deepEqual([response.action.status, response.policy.rule], ['FAIL', 'no'], 'denied after it was chosen');
});

test('a model that is done has finished, whatever was withheld, and a warning names the rule', async () => {
  const { response } = await predict(deny('{ control: [send] }'), aRequest({ controls: SEND }), (state, options) =>
    fakePrediction({ ...state, controls: [] }, options),
  );
  assert.deepEqual([response.action.function, response.action.status], ['', 'FINISH']);
  assert.equal(response.policy.effect, 'allow');
  assert.deepEqual(response.warnings, ['something was withheld from the model by rule no']);
});

test('thresholds confirm or deny by the reward, which is asked for even if the client does not', async () => {
  const policy: PolicyFile = {
    version: 1,
    default: 'allow',
    rules: [],
    reward: { confirm_below: 0.8, fail_below: 0.6 },
  };
  const { ask, runtime } = testDispatcher({ predictHooks: [policyHook({ policy: new Policy(policy) })] });
  const candidates = async (n: number) =>
    (await ask('PredictAction', aRequest({ options: { candidates: n } }))) as PredictActionResponse;
  const unknown = await candidates(1);
  assert.deepEqual([unknown.policy.effect, unknown.policy.rule], ['confirm', 'reward_unknown'], 'no reward model');
  runtime.models = () => [FAKE_MODEL, { ...FAKE_MODEL, name: 'judge', role: 'reward' }];
  const judged = await candidates(2);
  assert.equal(runtime.calls.at(-1)?.options.rerank, true);
  // The fake runtime's rewards are 0.731, then 0.5.
  assert.deepEqual([judged.policy.effect, judged.policy.rule], ['confirm', 'reward_confirm']);
  assert.equal(judged.candidates.length, 1, 'the second is below fail_below');
  assert.match(judged.policy.reason, /0\.731/);
});

test('the answer tells how to take the action back', async () => {
  const { response } = await predict(DEFAULT_POLICY, aRequest({ user_request: 'even' }), (state, options) => {
    const prediction = fakePrediction(state, options);
    return {
      ...prediction,
      candidates: prediction.candidates.map((c) => ({ ...c, action: { ...c.action, args: {} } })),
    };
  });
  assert.equal(response.action.control_name, 'Bold');
  assert.equal(response.reversible, true);
  assert.deepEqual([response.undo?.control_name, response.undo?.args], ['Body', { keys: '{VK_CONTROL}z' }]);
  const sent = await predict(DEFAULT_POLICY, aRequest({ controls: SEND.slice(0, 1) }), (state, options) => {
    const prediction = fakePrediction(state, options);
    return {
      ...prediction,
      candidates: prediction.candidates.map((c) => ({ ...c, action: { ...c.action, args: {} } })),
    };
  });
  assert.equal(sent.response.reversible, false);
  assert.equal(sent.response.undo, undefined);
});

test('a cut list and a cut text are remarked', async () => {
  const failing = (state: State, options: PredictOptions): Prediction => {
    const prediction = fakePrediction({ ...state, controls: [] }, options);
    const candidates = prediction.candidates.map((c): Candidate => ({ ...c, action: { ...c.action, status: 'FAIL' } }));
    return { ...prediction, candidates };
  };
  const cut = await predict(DEFAULT_POLICY, aRequest({ controls_truncated: true }), failing);
  assert.match(cut.response.warnings.join(), /control list was cut/);
  const typing =
    (length: number) =>
    (state: State, options: PredictOptions): Prediction => {
      const prediction = fakePrediction(state, options);
      const args = { text: 'x'.repeat(length) };
      return { ...prediction, candidates: prediction.candidates.map((c) => ({ ...c, action: { ...c.action, args } })) };
    };
  const full = await predict(DEFAULT_POLICY, aRequest(), typing(64));
  assert.deepEqual(full.response.warnings, ['action.args.text may be cut: it reached options.max_text_bytes, 64']);
  assert.deepEqual((await predict(DEFAULT_POLICY, aRequest(), typing(60))).response.warnings, []);
});
