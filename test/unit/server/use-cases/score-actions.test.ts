/** What scoring actions takes from the memory of an episode. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { episodeMemory } from '../../../../src/server/episodes/memory-hook.ts';
import { planMemory } from '../../../../src/server/episodes/plan-memory.ts';
import { aRequest } from '../../../contract/requests.ts';
import { testDispatcher } from '../../../support/test-dispatcher.ts';

const session_id = 's';
const controls = [
  { id: '1', name: 'Bold', type: 'Button' },
  { id: '2', name: 'Body', type: 'Document' },
];
const actions = [{ control_id: '1', control_name: 'Bold', function: 'click_input' }];

/** An episode with a plan and one action, which failed. */
async function world() {
  const made = testDispatcher({ predictHooks: [episodeMemory()], wrappers: [planMemory] });
  const { ask, runtime } = made;
  const { user_request, app } = aRequest();
  await ask('PredictPlan', { session_id, user_request, app });
  await ask('PredictAction', aRequest({ session_id }));
  await ask('ReportOutcome', { session_id, result_status: 'failure', error: 'disabled' });
  /** What the model was shown. */
  const score = async (request: object) => {
    await ask('ScoreActions', { controls, actions, ...request });
    const state = runtime.scored.at(-1);
    assert.ok(state);
    return state;
  };
  return { ...made, score };
}

test('task, application, plan and history of the episode are those that actions are scored in', async () => {
  const w = await world();
  await w.ask('PredictAction', { session_id, request_id: 'next', controls });
  const predicted = w.runtime.calls.at(-1)?.state;
  await w.ask('ReportOutcome', { session_id, result_status: 'skipped' });
  const { userRequest, app, previousPlan, previousActions } = await w.score({ session_id });
  assert.deepEqual([userRequest, app], [predicted?.userRequest, predicted?.app]);
  assert.deepEqual(previousPlan, predicted?.previousPlan);
  assert.deepEqual(previousPlan, ['make the title bold']);
  assert.deepEqual(
    previousActions.map(({ resultStatus, error }) => [resultStatus, error]),
    [
      ['failure', 'disabled'],
      ['skipped', ''],
    ],
  );
  assert.deepEqual(previousActions.slice(0, 1), predicted?.previousActions);
});

test('what the client sends itself is believed', async () => {
  const w = await world();
  const own = { function: 'click_input', control_name: 'Save', result_status: 'success' };
  const sent = { previous_actions: [own], previous_plan: ['mine'], app: { process_name: 'EXCEL.EXE' } };
  const state = await w.score({ session_id, ...sent });
  assert.equal(state.app.processName, 'EXCEL.EXE');
  assert.deepEqual(state.previousPlan, ['mine']);
  assert.deepEqual(
    state.previousActions.map(({ controlName }) => controlName),
    ['Save'],
  );
});

test('another task, no session and a session that is not known have no memory', async () => {
  const w = await world();
  for (const request of [{ session_id, user_request: 'another' }, { user_request: 'another' }]) {
    assert.deepEqual((await w.score(request)).previousActions, []);
  }
  await assert.rejects(w.score({ session_id: 'unknown' }), {
    code: 'invalid_request',
    details: { field: 'user_request' },
  });
});

test('scoring adds nothing to the episode', async () => {
  const w = await world();
  const before = await w.ask('GetEpisode', { session_id });
  await w.score({ session_id });
  assert.deepEqual(await w.ask('GetEpisode', { session_id }), before);
});
