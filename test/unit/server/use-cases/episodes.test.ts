/** Outcomes, ends and rollbacks of episodes, and whose they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { episodeMemory } from '../../../../src/server/episodes/memory-hook.ts';
import type { Gate } from '../../../../src/server/hooks.ts';
import type {
  EpisodeMessage,
  ReportOutcomeResponse,
  RollbackEpisodeResponse,
} from '../../../../src/server/wire/episode-messages.ts';
import type { PredictActionResponse } from '../../../../src/server/wire/messages.ts';
import { aRequest } from '../../../contract/requests.ts';
import { fakePrediction } from '../../../support/fake-runtime.ts';
import { anAction } from '../../../support/states.ts';
import { testDispatcher } from '../../../support/test-dispatcher.ts';

const session_id = 's';

/** The runtime answers with these actions, one after the other. */
function world(actions: readonly Partial<ReturnType<typeof anAction>>[] = []) {
  let caller = 'me';
  const login: Gate = {
    name: 'login',
    check(call) {
      call.principal = { name: caller, kind: 'api_key', scopes: [], limits: {} };
    },
  };
  const made = testDispatcher({ predictHooks: [episodeMemory()], gates: [login] });
  const left = [...actions];
  if (actions.length > 0) {
    made.runtime.handler = (state, options) => {
      const prediction = fakePrediction(state, options);
      const action = anAction(left.shift());
      return { ...prediction, action, candidates: [{ ...prediction, action, probability: 1 }] };
    };
  }
  return {
    ...made,
    as: (name: string) => {
      caller = name;
    },
    predict: async (request: object = aRequest({ session_id })) =>
      (await made.ask('PredictAction', request)) as PredictActionResponse,
    report: async (message: object) =>
      (await made.ask('ReportOutcome', { session_id, ...message })) as ReportOutcomeResponse,
    get: async () => (await made.ask('GetEpisode', { session_id })) as EpisodeMessage,
    end: async (message: object = {}) => (await made.ask('EndEpisode', { session_id, ...message })) as EpisodeMessage,
    rollback: async (steps: number) =>
      (await made.ask('RollbackEpisode', { session_id, steps })) as RollbackEpisodeResponse,
  };
}

const NOT_FOUND = { code: 'not_found', details: { field: 'session_id' } };

test('an episode tells its steps with what came of them', async () => {
  const w = world([{}, {}, { controlName: 'Body', controlId: '2' }]);
  for (let i = 0; i < 3; i++) await w.predict(aRequest({ session_id, request_id: `r-${i}` }));
  await w.report({ step: 1, result_status: 'failure', error: 'no such control' });
  await w.report({ result_status: 'success', result: 'ok', observed_change: 'a dialog opened' });
  const { steps, state, user_request } = await w.get();
  assert.deepEqual([state, user_request], ['active', 'make the title bold']);
  assert.deepEqual(
    steps.map(({ step, request_id, result_status, error, result, observed_change, repeats }) => [
      ...[step, request_id, result_status, error, result, observed_change, repeats],
    ]),
    [
      [1, 'r-0', 'failure', 'no such control', '', '', 0],
      [2, 'r-1', 'none', '', '', '', 1],
      [3, 'r-2', 'success', '', 'ok', 'a dialog opened', 0],
    ],
  );
});

test('a second report of a step replaces the first', async () => {
  const w = world();
  await w.predict();
  await w.report({ result_status: 'failure', error: 'no' });
  const { step } = await w.report({ step: 1, result_status: 'success' });
  assert.deepEqual([step.result_status, step.error], ['success', '']);
});

test('an end is told once, and what was ended can still be read and reported on', async () => {
  const w = world();
  await w.predict();
  const first = await w.end({ outcome: 'success', comment: 'done' });
  assert.deepEqual([first.state, first.outcome, first.comment], ['ended', 'success', 'done']);
  assert.deepEqual(await w.end({ outcome: 'failure' }), first);
  await w.report({ result_status: 'success' });
  assert.equal((await w.get()).steps[0]?.result_status, 'success');
});

test('nobody knows of an episode that there is not', async () => {
  const w = world();
  for (const asked of [w.get(), w.end(), w.report({ result_status: 'success' }), w.rollback(1)]) {
    await assert.rejects(asked, NOT_FOUND);
  }
  await w.predict();
  await assert.rejects(w.report({ step: 2, result_status: 'success' }), {
    code: 'not_found',
    details: { field: 'step' },
  });
});

test('an episode is its caller’s own: for others it does not exist, and theirs of the same name is another', async () => {
  const w = world();
  await w.predict();
  w.as('other');
  for (const asked of [w.get(), w.end(), w.report({ result_status: 'success' }), w.rollback(1)]) {
    await assert.rejects(asked, NOT_FOUND);
  }
  assert.equal((await w.predict(aRequest({ session_id }))).step, 1);
  assert.deepEqual(w.runtime.calls.at(-1)?.state.previousActions, []);
  w.as('me');
  assert.equal((await w.get()).steps.length, 1);
});

const typed = { function: 'keyboard_input', controlId: '2', controlName: 'Body', args: { keys: 'a' } };

test('a rollback takes back what was executed, latest first', async () => {
  const w = world([typed, { ...typed, args: { keys: 'b' } }, typed, typed]);
  for (let i = 0; i < 4; i++) await w.predict();
  await w.report({ step: 2, result_status: 'failure' });
  await w.report({ step: 4, result_status: 'undone' });
  const { undo, stopped_at } = await w.rollback(9);
  assert.equal(stopped_at, undefined);
  assert.deepEqual(
    undo.map(({ step }) => step),
    [3, 1],
  );
  for (const { action } of undo)
    assert.deepEqual([action.function, action.args], ['keyboard_input', { keys: '{VK_CONTROL}z' }]);
  assert.deepEqual(
    (await w.rollback(0)).undo.map(({ step }) => step),
    [3],
    'one, unless told otherwise',
  );
});

test('a rollback ends before what cannot be taken back, and says why', async () => {
  const saved = { function: 'save_as', controlId: '', controlName: '', args: { file_name: 'x' } };
  const w = world([saved, typed, saved, typed]);
  for (let i = 0; i < 4; i++) await w.predict();
  const { undo, stopped_at, irreversible } = await w.rollback(4);
  assert.deepEqual(
    undo.map(({ step }) => step),
    [4],
  );
  assert.deepEqual(stopped_at, { step: 3, reason: 'it has written a file' });
  assert.deepEqual(
    irreversible.map(({ step }) => step),
    [3, 1],
    'also those behind the first',
  );
  assert.deepEqual((await w.rollback(1)).irreversible, []);
});

test('a rollback ends before an action of which nothing is known', async () => {
  const w = world([{ function: 'click_input', controlName: 'Frobnicate', args: { double: true } }]);
  await w.predict();
  const { undo, stopped_at } = await w.rollback(1);
  assert.deepEqual(undo, []);
  assert.equal(stopped_at?.step, 1);
  assert.match(stopped_at?.reason ?? '', /not known/);
});
