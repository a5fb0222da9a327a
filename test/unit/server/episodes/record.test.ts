/** Episodes as text: bounded, and read with suspicion. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEpisode, encodeEpisode, MAX_RECORD } from '../../../../src/server/episodes/record.ts';
import { anEpisode, aStep } from '../../../support/episode-builders.ts';

test('an episode whose outcomes are long loses its oldest steps, never its latest', () => {
  const steps = Array.from({ length: 256 }, (_, i) => aStep({ step: i + 1, result: 'x'.repeat(8192) }));
  const { text, episode } = encodeEpisode(anEpisode({ steps }));
  assert.ok(text.length <= MAX_RECORD);
  assert.deepEqual(decodeEpisode(text), episode);
  const kept = episode.steps;
  assert.equal(kept.at(-1)?.step, 256);
  assert.deepEqual(kept, steps.slice(-kept.length));
  assert.ok(kept.length > 20);
});

test('a step that is too long alone is kept all the same', () => {
  const steps = [aStep({ result: 'x'.repeat(MAX_RECORD) })];
  assert.deepEqual(decodeEpisode(encodeEpisode(anEpisode({ steps })).text).steps, steps);
});

test('text that no gateway wrote is refused', () => {
  const refuse = (text: string, code: string) => assert.throws(() => decodeEpisode(text), { code }, text);
  refuse('', 'internal');
  refuse('null', 'internal');
  refuse('{"format":1}', 'internal');
  refuse('{"format":0,"episode":{}}', 'internal');
  refuse('{"format":2,"episode":{}}', 'failed_precondition');
  const negative = encodeEpisode(anEpisode({ steps: [aStep({ step: -1 })] })).text;
  refuse(negative, 'internal');
});
