import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SIZES, type Size, sizedEpisode } from '../../../../bench/steps/episodes.ts';
import {
  type Reference,
  readTokenizer,
  requestOf,
  toLanes,
  WorkSource,
  windowKind,
} from '../../../../bench/steps/work.ts';
import { aControl, aState } from '../../../support/states.ts';

const reference = JSON.parse(readFileSync('bench/steps/reference.json', 'utf8')) as Reference;
const tokenizer = readTokenizer('models/lam-word/2');
const seeds = Object.keys(reference.episodes);
const ofSize = (size: Size) => seeds.filter((seed) => sizedEpisode(Number(seed))?.size === size).slice(0, 4);
/** A few episodes of each size. */
const few: Reference = {
  ...reference,
  episodes: Object.fromEntries(SIZES.flatMap(ofSize).map((seed) => [seed, reference.episodes[seed] ?? []])),
};

test('the reference answers are of the model that is shipped', () => {
  const manifest = JSON.parse(readFileSync('models/lam-word/2/lam.json', 'utf8')) as {
    files: Record<string, { sha256: string }>;
  };
  assert.equal(
    reference.model_sha256,
    manifest.files['model.onnx']?.sha256,
    'run what bench/steps/reference-work.ts says',
  );
});

test('the reference has an answer for every step of its episodes', () => {
  for (const seed of [...seeds.slice(0, 12), ...seeds.slice(-12)]) {
    const episode = sizedEpisode(Number(seed)) ?? assert.fail(`seed ${seed} is of no measured size`);
    assert.equal(reference.episodes[seed]?.length, episode.steps.length);
  }
});

test('work alternates between the sizes and is handed out once', () => {
  const source = new WorkSource(tokenizer, few);
  const taken = source.take(3);
  assert.deepEqual(
    taken.map(([step]) => step?.size),
    [60, 165, 60, 165, 60, 165],
  );
  assert.equal(new Set(taken.map(([step]) => step?.seed)).size, 6);
  assert.equal(source.numPairs, 1);
  assert.throws(() => source.take(2), /1 are left/);
});

test('a client plays its episodes to the end, one after the other', () => {
  const episodes = new WorkSource(tokenizer, few).take(4);
  const lanes = toLanes(episodes, 3);
  assert.equal(lanes.flat().length, episodes.flat().length);
  assert.deepEqual(lanes[0], [...(episodes[0] ?? []), ...(episodes[3] ?? []), ...(episodes[6] ?? [])]);
});

test('a request is of one session per episode and run', () => {
  const [[first, second] = []] = new WorkSource(tokenizer, few).take(1);
  if (first === undefined || second === undefined) assert.fail('an episode has two steps at least');
  assert.equal(requestOf(first, 'a').session_id, requestOf(second, 'a').session_id);
  assert.notEqual(requestOf(first, 'a').session_id, requestOf(first, 'b').session_id);
});

test('a window is the same while its controls are, whatever state they are in', () => {
  const before = aState({ controls: [aControl({ name: 'Home' }), aControl({ id: '2', name: 'Bold' })] });
  const pressed = { ...before, controls: before.controls.map((control) => ({ ...control, selected: true })) };
  assert.equal(windowKind(before, undefined), 'first');
  assert.equal(windowKind(pressed, before), 'same');
  assert.equal(windowKind({ ...before, controls: before.controls.slice(1) }, before), 'other');
});
