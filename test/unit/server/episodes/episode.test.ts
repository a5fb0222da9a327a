/** The changes that an episode goes through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  continued,
  ended,
  isExecuted,
  MAX_STEPS,
  stepsBefore,
  withObservation,
  withOutcome,
  withStep,
} from '../../../../src/server/episodes/episode.ts';
import { anEpisode, aStep, NOW_MS } from '../../../support/episode-builders.ts';
import { anAction } from '../../../support/states.ts';

const answered = (requestId: string) => ({ requestId, action: anAction(), observationHash: 'h' });
const LATER_MS = NOW_MS + 1000;

test('steps are numbered from 1, and go on being so when the oldest are dropped', () => {
  let episode = anEpisode();
  for (let i = 1; i <= MAX_STEPS + 3; i++) episode = withStep(episode, answered(`r-${i}`), LATER_MS);
  assert.equal(episode.steps.length, MAX_STEPS);
  assert.deepEqual([episode.steps[0]?.step, episode.steps.at(-1)?.step], [4, MAX_STEPS + 3]);
  assert.equal(episode.updateTimeMs, LATER_MS);
  assert.equal(episode.createTimeMs, NOW_MS);
});

test('the answer to a repeated request takes the place of the first, of which nobody heard', () => {
  const once = withStep(withStep(anEpisode(), answered('a'), NOW_MS), answered('b'), NOW_MS);
  assert.deepEqual(
    stepsBefore(once, 'b').map(({ requestId }) => requestId),
    ['a'],
  );
  assert.deepEqual(
    stepsBefore(once, 'c').map(({ requestId }) => requestId),
    ['a', 'b'],
  );
  const twice = withStep(once, answered('b'), NOW_MS);
  assert.deepEqual(
    twice.steps.map(({ step, requestId }) => [step, requestId]),
    [
      [1, 'a'],
      [2, 'b'],
    ],
  );
});

test('an outcome is told of a step by its number, or of the latest', () => {
  const episode = anEpisode({ steps: [aStep(), aStep({ step: 2 })] });
  const outcome = { resultStatus: 'failure', error: 'gone', result: '', observedChange: '' } as const;
  const first = withOutcome(episode, { step: 1, outcome }, LATER_MS);
  assert.deepEqual(
    first.steps.map(({ resultStatus }) => resultStatus),
    ['failure', 'none'],
  );
  const latest = withOutcome(episode, { step: 0, outcome }, LATER_MS);
  assert.deepEqual(
    latest.steps.map(({ resultStatus }) => resultStatus),
    ['none', 'failure'],
  );
  assert.throws(() => withOutcome(episode, { step: 3, outcome }, LATER_MS), { code: 'not_found' });
  assert.throws(() => withOutcome(anEpisode(), { step: 0, outcome }, LATER_MS), { code: 'not_found' });
});

test('ending an ended episode changes nothing', () => {
  const once = ended(anEpisode(), { outcome: 'success', comment: '' }, LATER_MS);
  assert.equal(once.state, 'ended');
  assert.equal(ended(once, { outcome: 'failure', comment: 'no' }, LATER_MS + 1), once);
});

test('a request goes on with an episode unless it has ended or the user asks for something else', () => {
  const episode = anEpisode({ userRequest: 'make it bold' });
  assert.equal(continued(undefined, { userRequest: '' }), undefined);
  assert.equal(continued(episode, { userRequest: '' }), episode);
  assert.equal(continued(episode, { userRequest: 'make it bold' }), episode);
  assert.equal(continued(episode, { userRequest: 'print it' }), undefined);
  assert.equal(continued({ ...episode, state: 'ended' }, { userRequest: '' }), undefined);
});

test('an observation that is seen again is the latest again', () => {
  const seen = ['a', 'b', 'a', 'c'].reduce(withObservation, anEpisode());
  assert.deepEqual(seen.observations, ['a', 'c']);
});

test('executed are steps with a function that are not reported otherwise', () => {
  const of = (resultStatus: Parameters<typeof aStep>[0]) => isExecuted(aStep(resultStatus));
  assert.deepEqual(
    (['none', 'success', 'failure', 'skipped', 'undone'] as const).map((resultStatus) => of({ resultStatus })),
    [true, true, false, false, false],
  );
  assert.equal(of({ action: anAction({ function: '' }) }), false);
});
