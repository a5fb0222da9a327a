/** What a client need not send, because the episode remembers it; and what is not answered over and over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { episodeMemory } from '../../../../src/server/episodes/memory-hook.ts';
import { planMemory } from '../../../../src/server/episodes/plan-memory.ts';
import { rpcs } from '../../../../src/server/rpcs.ts';
import type { ControlMessage, PredictActionResponse } from '../../../../src/server/wire/messages.ts';
import { aRequest } from '../../../contract/requests.ts';
import { fakePrediction } from '../../../support/fake-runtime.ts';
import { testDispatcher } from '../../../support/test-dispatcher.ts';

const session_id = 's';
const BOLD: ControlMessage = { id: '1', name: 'Bold', type: 'Button' };
const BODY: ControlMessage = { id: '2', name: 'Body', type: 'Document' };
const CONTROLS = [BOLD, BODY];

function world() {
  const made = testDispatcher({ predictHooks: [episodeMemory()], wrappers: [planMemory] });
  const predict = async (request: object) => (await made.ask('PredictAction', request)) as PredictActionResponse;
  /** What the model saw last. */
  const seen = () => {
    const state = made.runtime.calls.at(-1)?.state;
    assert.ok(state);
    return state;
  };
  return { ...made, predict, seen };
}

/** A client that sends nothing but what it sees. */
const thin = (controls: readonly ControlMessage[], rest: object = {}) => ({ session_id, controls, ...rest });

test('without a session nothing is remembered', async () => {
  const w = world();
  const { step, observation_hash } = await w.predict(aRequest());
  assert.deepEqual([step, observation_hash], [0, '']);
  await assert.rejects(w.predict({ controls: CONTROLS }), {
    code: 'invalid_request',
    details: { field: 'user_request' },
  });
});

test('a thin client sends the task once and then only what it sees', async () => {
  const w = world();
  assert.equal((await w.predict(aRequest({ session_id }))).step, 1);
  assert.equal((await w.predict(thin([BODY, BOLD]))).step, 2);
  const { userRequest, app, previousActions, controls } = w.seen();
  assert.equal(userRequest, 'make the title bold');
  assert.deepEqual(app, { processName: 'WINWORD.EXE', windowTitle: 'Document1 - Word' });
  assert.deepEqual(
    controls.map(({ id }) => id),
    ['2', '1'],
  );
  const click = { function: 'click_input', args: { button: 'right', double: true }, controlName: 'Body' };
  assert.deepEqual(previousActions, [{ ...click, resultStatus: 'none', error: '' }]);
});

test('a client that sends a history and a plan of its own is believed', async () => {
  const w = world();
  await w.predict(aRequest({ session_id }));
  const own = { function: 'click_input', control_name: 'Save', result_status: 'success' };
  await w.predict(thin([BODY], { previous_actions: [own], previous_plan: ['mine'] }));
  assert.deepEqual(
    w.seen().previousActions.map(({ controlName }) => controlName),
    ['Save'],
  );
  assert.deepEqual(w.seen().previousPlan, ['mine']);
});

test('what was reported of an action is in the next prompt', async () => {
  const w = world();
  await w.predict(aRequest({ session_id }));
  await w.ask('ReportOutcome', { session_id, result_status: 'failure', error: 'Body is locked' });
  await w.predict(thin([BOLD]));
  const [{ resultStatus, error } = { resultStatus: '', error: '' }] = w.seen().previousActions;
  assert.deepEqual([resultStatus, error], ['failure', 'Body is locked']);
});

test('a plan that was asked for is the previous plan of the first action', async () => {
  const w = world();
  const user_request = 'select the title and make it bold';
  await w.ask('PredictPlan', { session_id, user_request, app: { process_name: 'WINWORD.EXE' } });
  await w.predict(thin(CONTROLS));
  assert.deepEqual(w.seen().previousPlan, ['select the title', 'make it bold']);
  assert.equal(w.seen().userRequest, user_request);
  assert.equal(w.seen().app.processName, 'WINWORD.EXE');
});

test('a new task, and a request after the end, begin a new episode', async () => {
  const w = world();
  await w.predict(aRequest({ session_id }));
  assert.equal((await w.predict(aRequest({ session_id, user_request: 'print it' }))).step, 1);
  assert.deepEqual(w.seen().previousActions, []);
  await w.ask('EndEpisode', { session_id });
  assert.equal((await w.predict(aRequest({ session_id, user_request: 'print it' }))).step, 1);
  assert.deepEqual(w.seen().previousActions, []);
});

test('a difference is applied to either of the last two observations, and to no other', async () => {
  const w = world();
  const first = await w.predict(aRequest({ session_id }));
  const changes = (base_hash: string, rest: object) => ({ session_id, control_changes: { base_hash, ...rest } });
  const second = await w.predict(changes(first.observation_hash, { removed_ids: ['1'] }));
  assert.deepEqual(w.seen().controls, [{ id: '2', name: 'Body', type: 'Document' }]);
  const added = [{ control: { id: '3', name: 'Save', type: 'Button' }, after_id: '2' }];
  await w.predict(changes(second.observation_hash, { added }));
  assert.deepEqual(
    w.seen().controls.map(({ id }) => id),
    ['2', '3'],
  );
  const unknown = { code: 'failed_precondition', details: { field: 'control_changes.base_hash' } };
  await assert.rejects(w.predict(changes(first.observation_hash, {})), unknown);
  await w.predict(changes(second.observation_hash, {}));
  await assert.rejects(w.predict(changes('', {})), { ...unknown, code: 'invalid_request' });
  await assert.rejects(
    w.predict({ ...changes(second.observation_hash, {}), session_id: 'other', user_request: 'x' }),
    unknown,
  );
});

test('a difference obeys the rules of a whole list', async () => {
  const w = world();
  const { observation_hash: base_hash } = await w.predict(aRequest({ session_id }));
  const refused = (control_changes: object, field: string) =>
    assert.rejects(w.predict({ session_id, control_changes }), { code: 'invalid_request', details: { field } });
  await refused({ base_hash, changed: [{ id: '1', name: 'x' }] }, 'controls[0].type');
  await refused({ base_hash, removed_ids: ['9'] }, 'control_changes.removed_ids[0]');
  await assert.rejects(w.predict({ session_id, controls: CONTROLS, control_changes: { base_hash } }), {
    details: { field: 'control_changes' },
  });
});

test('an action that failed twice is not answered a third time: the next best is', async () => {
  const w = world();
  const actions: PredictActionResponse[] = [];
  for (let i = 0; i < 3; i++) {
    // The title changes, so it is only the report that counts.
    actions.push(await w.predict(aRequest({ session_id, app: { process_name: 'WINWORD.EXE', window_title: `${i}` } })));
    await w.ask('ReportOutcome', { session_id, result_status: 'failure', error: 'locked' });
  }
  assert.deepEqual(
    actions.map(({ action }) => action.control_name),
    ['Body', 'Body', 'Bold'],
  );
  const third = actions[2];
  assert.deepEqual(third?.candidates, [], 'none were asked for');
  assert.match(third?.warnings.join() ?? '', /click_input on "Body" had no effect 2 times/);
  assert.equal(third?.policy.effect, 'allow');
  assert.deepEqual(
    w.runtime.calls.map(({ options }) => options.candidates),
    [1, 1, 8],
  );
});

test('an action is not answered a third time on a screen that it did not change', async () => {
  const w = world();
  const names: string[] = [];
  for (let i = 0; i < 3; i++) {
    names.push((await w.predict(aRequest({ session_id }))).action.control_name);
    if (i === 0) await w.ask('ReportOutcome', { session_id, result_status: 'success' });
  }
  assert.deepEqual(names, ['Body', 'Body', 'Bold']);
  assert.deepEqual(
    w.seen().previousActions.map(({ resultStatus, error }) => [resultStatus, error]),
    [
      ['failure', 'nothing changed'],
      ['failure', 'nothing changed'],
    ],
  );
});

test('an action that was seen to change something may be answered as often as it does', async () => {
  const w = world();
  for (let i = 0; i < 4; i++) {
    const { action } = await w.predict(aRequest({ session_id }));
    assert.equal(action.control_name, 'Body');
    await w.ask('ReportOutcome', { session_id, result_status: 'success', observed_change: `line ${i}` });
  }
});

test('when nothing else is left, the answer is FAIL with a warning, and it is remembered as what it is', async () => {
  const w = world();
  const answers: PredictActionResponse[] = [];
  for (let i = 0; i < 4; i++) answers.push(await w.predict({ ...aRequest({ session_id }), controls: [BODY] }));
  const { action, policy, warnings, step } = answers[2] ?? {};
  assert.deepEqual(
    [action?.status, action?.function, policy?.effect, policy?.rule],
    ['FAIL', '', 'deny', 'repeated_action'],
  );
  assert.equal(warnings?.length, 1);
  assert.equal(step, 3);
  assert.equal(answers[3]?.action.status, 'FAIL', 'and it stays so while nothing changes');
});

test('a model that ends after actions without effect has not finished', async () => {
  const w = world();
  const failed = { function: 'click_input', control_id: '2', control_name: 'Body', result_status: 'failure' };
  w.runtime.handler = (state, options) => fakePrediction({ ...state, controls: [] }, options);
  const end = async (...history: object[]) => {
    const { action, policy, warnings } = await w.predict(aRequest({ session_id, previous_actions: history }));
    return [action.status, policy.effect, policy.rule, warnings.length];
  };
  assert.deepEqual(await end(failed, failed), ['FAIL', 'deny', 'repeated_action', 1]);
  assert.deepEqual(await end(failed), ['FINISH', 'allow', '', 0], 'one failure may have been put right');
  const other = { ...failed, control_id: '1', control_name: 'Bold', result_status: 'success' };
  assert.deepEqual(await end(failed, failed, other), ['FINISH', 'allow', '', 0], 'something else has worked since');
});

test('a history that the client sends itself is looked through as well, with or without a session', async () => {
  const w = world();
  const args = { button: 'right', double: true };
  const failed = { function: 'click_input', control_id: '2', control_name: 'Body', args, result_status: 'failure' };
  for (const session of [{}, { session_id }]) {
    const request = aRequest({ ...session, previous_actions: [failed, failed] });
    assert.equal((await w.predict(request)).action.control_name, 'Bold');
    const succeeded = { ...failed, result_status: 'success' };
    const later = aRequest({ ...session, previous_actions: [failed, failed, succeeded] });
    assert.equal((await w.predict(later)).action.control_name, 'Body');
  }
});

test('among controls of one name only the one that was tried is left out', async () => {
  const w = world();
  const controls = ['1', '2'].map((id) => ({ id, name: 'Delete', type: 'Button' }));
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push((await w.predict({ ...aRequest({ session_id }), controls })).action.control_id);
  assert.deepEqual(ids, ['2', '2', '1', '1', '']);
});

test('the client gets as many candidates as it asked for, the exhausted one not among them', async () => {
  const w = world();
  const controls = ['1', '2', '3', '4'].map((id) => ({ id, name: `Item ${id}`, type: 'Button' }));
  const request = { ...aRequest({ session_id, options: { candidates: 2 } }), controls };
  const lists: string[][] = [];
  for (let i = 0; i < 3; i++) lists.push((await w.predict(request)).candidates.map(({ action }) => action.control_id));
  assert.deepEqual(lists, [
    ['4', '1'],
    ['4', '1'],
    ['1', '2'],
  ]);
});

test('a repeat of the latest request sees the history as the first did, and takes its place', async () => {
  const w = world();
  await w.predict(aRequest({ session_id, request_id: 'a' }));
  const once = await w.predict(thin([BOLD], { request_id: 'b' }));
  const before = w.seen();
  const twice = await w.predict(thin([BOLD], { request_id: 'b' }));
  assert.deepEqual(w.seen(), before);
  assert.equal(twice.step, once.step);
});

test('requests that are answered at the same time are all remembered', async () => {
  const w = world();
  const arrival = w.runtime.holdNext();
  const slow = w.predict(aRequest({ session_id }));
  const held = await arrival;
  const fast = await w.predict(aRequest({ session_id }));
  held.release();
  assert.deepEqual([fast.step, (await slow).step], [1, 2]);
});

test('an answer that nobody waits for any more is not remembered', async () => {
  const w = world();
  await w.predict(aRequest({ session_id }));
  const rpc = rpcs.find(({ name }) => name === 'PredictAction');
  assert.ok(rpc?.kind === 'unary');
  const call = w.begin(rpc);
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    w.runtime.handler = (state, options) => {
      resolve();
      return new Promise((release) => (answer = () => release(fakePrediction(state, options))));
    };
  });
  const refused = assert.rejects(
    w.dispatcher.unary(rpc, call, () => thin([BOLD])),
    { code: 'cancelled' },
  );
  await asked;
  call.scope.cancel();
  await refused;
  answer();
  await new Promise((resolve) => setImmediate(resolve));
  const { steps } = (await w.ask('GetEpisode', { session_id })) as { steps: unknown[] };
  assert.equal(steps.length, 1);
});
