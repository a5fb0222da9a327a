import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LamClient } from '../../../src/client/client.ts';
import { LamClientError } from '../../../src/client/errors.ts';
import type { Control } from '../../../src/client/messages.ts';
import { FakeEndpoints, type Script } from '../../support/fake-transport.ts';

const TASK = 'make it bold';
const buttons = (ids: string): Control[] => [...ids].map((id) => ({ id, name: id.toUpperCase(), type: 'Button' }));

type Memory = { numSteps: number };

/** Remembers the number of steps, and can forget it. */
function gateway(memory: Memory): Script {
  return (request) => {
    if ('result_status' in request || 'outcome' in request) {
      return memory.numSteps === 0 ? new LamClientError('not_found', 'no such episode') : {};
    }
    if ('control_changes' in request && memory.numSteps === 0) {
      return new LamClientError('failed_precondition', 'no such base', { field: 'control_changes.base_hash' });
    }
    memory.numSteps++;
    const { numSteps: step } = memory;
    const action = {
      function: 'click_input',
      args: {},
      control_id: 'a',
      control_name: 'A',
      status: 'CONTINUE',
      plan: [],
    };
    return { step, observation_hash: `h${step}`, action };
  };
}

function setUp() {
  const fake = new FakeEndpoints();
  const memory = { numSteps: 0 };
  fake.scripts.set('a', gateway(memory));
  const client = new LamClient({ endpoints: ['a'], transport: fake.connect });
  const episode = client.episode({ id: 'e', task: TASK, app: { process_name: 'WINWORD.EXE' }, client_id: 'agent' });
  /** Method and request, without what every request has. */
  const sent = () =>
    fake.sent.map(({ method, request: { request_id, session_id, client_id, ...rest } }) => {
      assert.equal(session_id, 'e');
      return { method, ...rest };
    });
  return { fake, memory, episode, sent };
}

const WHOLE = { method: 'PredictAction', user_request: TASK, app: { process_name: 'WINWORD.EXE' } };

test('the first step says everything, the next ones only what changed', async () => {
  const { episode, sent } = setUp();
  await episode.step(buttons('abcd'));
  await episode.report({ result_status: 'success' });
  await episode.step(buttons('abd'));
  assert.deepEqual(sent(), [
    { ...WHOLE, controls: buttons('abcd'), previous_actions: [] },
    { method: 'ReportOutcome', step: 1, result_status: 'success' },
    {
      method: 'PredictAction',
      control_changes: { base_hash: 'h1', removed_ids: ['c'], changed: [], added: [] },
    },
  ]);
});

test('a gateway that has forgotten is told everything, under a request id of its own', async () => {
  const { episode, sent, memory, fake } = setUp();
  await episode.step(buttons('abcd'));
  await episode.report({ result_status: 'failure', error: 'covered' });
  memory.numSteps = 0;
  await episode.step(buttons('abd'));
  assert.deepEqual(sent().at(-1), {
    ...WHOLE,
    controls: buttons('abd'),
    previous_actions: [
      {
        step: 1,
        function: 'click_input',
        args: {},
        control_id: 'a',
        control_name: 'A',
        status: 'CONTINUE',
        result_status: 'failure',
        error: 'covered',
        result: '',
      },
    ],
  });
  const ids = fake.sent.map(({ request }) => request['request_id']);
  assert.equal(new Set(ids).size, ids.length);
});

test('a report to a gateway that has forgotten is no error; the next step tells it', async () => {
  const { episode, sent, memory } = setUp();
  await episode.step(buttons('abcd'));
  memory.numSteps = 0;
  await episode.report({ result_status: 'success' });
  await episode.step(buttons('abcd'));
  const last = sent().at(-1) as { controls?: unknown; previous_actions?: { result_status: string }[] };
  assert.deepEqual(last.controls, buttons('abcd'));
  assert.deepEqual(
    last.previous_actions?.map(({ result_status }) => result_status),
    ['success'],
  );
});

test('after a step that failed the next one says everything: what the gateway remembers is not known', async () => {
  const { episode, sent, fake, memory } = setUp();
  await episode.step(buttons('abcd'));
  fake.scripts.set('a', () => new LamClientError('internal', 'oops'));
  await assert.rejects(episode.step(buttons('abd')));
  fake.scripts.set('a', gateway(memory));
  await episode.step(buttons('abd'));
  assert.deepEqual((sent().at(-1) as { controls?: unknown }).controls, buttons('abd'));
  assert.equal(episode.numSteps, 2);
});

test('a gateway without memory gets everything each time, and no reports', async () => {
  const { episode, sent, fake } = setUp();
  const action = {
    function: 'click_input',
    args: {},
    control_id: '',
    control_name: '',
    status: 'CONTINUE',
    plan: ['p'],
  };
  fake.scripts.set('a', () => ({ step: 0, observation_hash: '', action }));
  for (const _ of [1, 2]) {
    await episode.step(buttons('ab'));
    await episode.report({ result_status: 'success' });
  }
  await episode.step(buttons('ab'));
  assert.deepEqual(
    sent().map(({ method }) => method),
    ['PredictAction', 'PredictAction', 'PredictAction'],
  );
  const last = sent().at(-1) as { previous_actions?: { step: number }[]; previous_plan?: unknown };
  assert.deepEqual(
    last.previous_actions?.map(({ step }) => step),
    [1, 2],
  );
  assert.deepEqual(last.previous_plan, ['p']);
});

test('the list may be changed after the step: the difference is to what was sent', async () => {
  const { episode, sent } = setUp();
  const controls = buttons('abcd');
  await episode.step(controls);
  controls.pop();
  await episode.step(controls);
  const last = sent().at(-1) as { control_changes?: { removed_ids: unknown } };
  assert.deepEqual(last.control_changes?.removed_ids, ['d']);
});

test('what was taken back is no history', async () => {
  const { episode, sent, memory } = setUp();
  await episode.step(buttons('abcd'));
  await episode.report({ result_status: 'undone' });
  memory.numSteps = 0;
  await episode.step(buttons('abcd'));
  assert.deepEqual((sent().at(-1) as { previous_actions?: unknown }).previous_actions, []);
});

test('an end that nobody knows of is one, and an episode without steps has nothing to end', async () => {
  const { episode, sent, memory } = setUp();
  await episode.end('abandoned');
  assert.deepEqual(sent(), []);
  await episode.step(buttons('ab'));
  memory.numSteps = 0;
  await episode.end('success', 'well done');
  assert.deepEqual(sent().at(-1), { method: 'EndEpisode', outcome: 'success', comment: 'well done' });
});

test('there is nothing to report on before the first action', async () => {
  const { episode } = setUp();
  await assert.rejects(episode.report({ result_status: 'success' }), /no action/);
});
