/** One stream per episode: what is answered, what is an error, and what ends it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/index.ts';
import { episodeMemory } from '../../../../src/server/episodes/memory-hook.ts';
import type { Observer } from '../../../../src/server/hooks.ts';
import { rpcs } from '../../../../src/server/rpcs.ts';
import type {
  EpisodeMessage,
  StreamActionsRequest,
  StreamActionsResponse,
} from '../../../../src/server/wire/episode-messages.ts';
import { aRequest } from '../../../contract/requests.ts';
import type { ApiRequest } from '../../../support/api-clients.ts';
import { testDispatcher } from '../../../support/test-dispatcher.ts';

function world(observers: readonly Observer[] = []) {
  const made = testDispatcher({ predictHooks: [episodeMemory()], observers });
  const rpc = rpcs.find(({ name }) => name === 'StreamActions');
  assert.ok(rpc?.kind === 'bidi_stream');
  const open = (messages: AsyncIterable<StreamActionsRequest>) =>
    made.dispatcher.bidiStream(rpc, made.begin(rpc), messages) as AsyncGenerator<StreamActionsResponse>;
  const send = async (...messages: StreamActionsRequest[]) => {
    const answers: StreamActionsResponse[] = [];
    for await (const answer of open(each(messages))) answers.push(answer);
    return answers;
  };
  return { ...made, open, send };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const observation = (overrides: ApiRequest = {}) => ({ observation: aRequest(overrides) });
const outcome = (overrides: object = {}) => ({ outcome: { result_status: 'success', ...overrides } });
/** What of an answer the tests look at. */
function brief(answer: StreamActionsResponse): readonly unknown[] {
  return 'action' in answer ? ['action', answer.action.step] : [answer.error.code, answer.error.field];
}

test('each observation is answered in its order, an outcome is not, and both are of one episode', async () => {
  const w = world();
  const answers = await w.send(
    observation({ session_id: 's' }),
    outcome({ error: 'x' }),
    { observation: { controls: [{ id: '1', name: 'Save', type: 'Button' }] } },
    outcome({ session_id: 's', step: 2 }),
  );
  assert.deepEqual(answers.map(brief), [
    ['action', 1],
    ['action', 2],
  ]);
  const { steps } = (await w.ask('GetEpisode', { session_id: 's' })) as EpisodeMessage;
  assert.deepEqual(
    steps.map(({ result_status }) => result_status),
    ['success', 'success'],
  );
});

test('a stream without a session id is an episode of its own', async () => {
  const w = world();
  assert.deepEqual((await w.send(observation(), observation())).map(brief), [
    ['action', 1],
    ['action', 2],
  ]);
  assert.deepEqual((await w.send(observation())).map(brief), [['action', 1]]);
});

test('an error answers its message and leaves the stream open', async () => {
  const w = world();
  const answers = await w.send(
    {},
    outcome(),
    observation({ session_id: 'x'.repeat(129) }),
    observation({ session_id: 's', request_id: 'r', controls: [{ id: '1' }] }),
    observation({ session_id: 'other' }),
    outcome({ step: 7 }),
    observation(),
  );
  assert.deepEqual(answers.map(brief), [
    ['invalid_request', ''],
    ['not_found', 'session_id'],
    ['invalid_request', 'session_id'],
    ['invalid_request', 'session_id'],
    ['invalid_request', 'session_id'],
    ['not_found', 'session_id'],
    ['action', 1],
  ]);
});

test('an error of the runtime has its hint and the id of its request', async () => {
  const w = world();
  w.runtime.failNext(new GatewayError('overloaded', 'full', { retryAfterMs: 250 }));
  const [answer] = await w.send(observation({ request_id: 'r' }));
  assert.deepEqual(answer, {
    session_id: answer?.session_id,
    error: { request_id: 'r', code: 'overloaded', message: 'full', field: '', retry_after_ms: 250, message_number: 1 },
  });
});

test('an error about a message without an id says which message it was, under the id that the server made', async () => {
  const ids: string[] = [];
  const w = world([
    { name: 'ids', onFinish: ({ rpc, scope }) => void (rpc === 'ReportOutcome' && ids.push(scope.requestId)) },
  ]);
  const answers = await w.send(observation(), outcome({ step: 7 }), outcome({ request_id: 'own', step: 7 }));
  const errors = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []));
  assert.deepEqual(
    errors.map(({ message_number, request_id }) => [message_number, request_id]),
    [
      [2, ids[0]],
      [3, 'own'],
    ],
  );
  assert.match(ids[0] ?? '', /^[0-9a-f-]{36}$/);
});

test('the episode of a stream that named none is told, and can be asked about', async () => {
  const w = world();
  const [answer] = await w.send(observation());
  const { steps } = (await w.ask('GetEpisode', { session_id: answer?.session_id })) as EpisodeMessage;
  assert.equal(steps.length, 1);
});

test('once the gateway drains, the stream ends after the answer under way', async () => {
  const w = world();
  const arrival = w.runtime.holdNext();
  const stream = w.open(each([observation(), observation()]));
  const first = stream.next();
  const held = await arrival;
  w.lifecycle.markDraining();
  held.release();
  assert.deepEqual(brief((await first).value), ['action', 1]);
  await assert.rejects(stream.next(), { code: 'unavailable' });
});
