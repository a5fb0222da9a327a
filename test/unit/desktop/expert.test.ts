import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAIN } from '../../../bench/desktop/document.ts';
import { type Episode, makeEpisode } from '../../../bench/desktop/episodes.ts';
import { type Decision, decide } from '../../../bench/desktop/expert.ts';
import type { Scene } from '../../../bench/desktop/progress.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { templates } from '../../../bench/desktop/tasks/templates.ts';

/** Per template and split. */
const SEEDS = 4;
const SPLITS = ['train', 'test'] as const;

const forEachEpisode = (check: (episode: Episode, seed: number) => void): void => {
  for (const split of SPLITS) {
    for (const template of templates) {
      for (let seed = 0; seed < SEEDS; seed++) check(makeEpisode(split, seed, template), seed);
    }
  }
};

const mistakesOf = (seed: number) => ({ random: new Random(seed), rate: 0.4, most: 4 });

test('the expert does every task of every template', () => {
  forEachEpisode((episode, seed) => {
    rollOut(episode);
    assert.ok(episode.isDone(), `${episode.task} ${seed}: ${episode.request}`);
  });
});

test('the expert recovers from mistakes', () => {
  forEachEpisode((episode, seed) => {
    rollOut(episode, mistakesOf(seed));
    assert.ok(episode.isDone(), `${episode.task} ${seed}: ${episode.request}`);
  });
});

test('only the last decision of an episode has the status FINISH', () => {
  forEachEpisode((episode, seed) => {
    const statuses = rollOut(episode, mistakesOf(seed)).map(({ decision }) => decision.status);
    assert.equal(statuses.indexOf('FINISH'), statuses.length - 1);
  });
});

test('an expert that sees only the controls a decision needs decides the same', () => {
  forEachEpisode((episode, seed) => {
    for (const { observation, history, decision } of rollOut(episode, mistakesOf(seed))) {
      const needed = new Set([decision.target, ...decision.evidence]);
      const scene: Scene = {
        controls: observation.controls.filter((_, i) => needed.has(i)),
        placed: observation.placed.filter((_, i) => needed.has(i)),
      };
      const again = decide(episode.goals, scene, history);
      assert.deepEqual(essence(scene, again), essence(observation, decision));
    }
  });
});

function essence({ controls }: Scene, { target, function: name, args, status }: Decision) {
  return { control: controls[target]?.name, name, args, status };
}

test('the oracle refuses a document that nobody has touched', () => {
  forEachEpisode((episode, seed) => {
    if (episode.isDoneAtStart) return;
    assert.equal(episode.isDone(), false, `${episode.task} ${seed}: ${episode.request}`);
  });
});

test('the oracle refuses a task that was done at the cost of something else', () => {
  forEachEpisode((episode) => {
    rollOut(episode);
    episode.desktop.desk.document.paragraphs.at(-1)?.runs.push({ text: '!', format: PLAIN });
    assert.equal(episode.isDone(), false);
  });
});

test('a task that is visibly done takes no action', () => {
  const done = Array.from({ length: 200 }, (_, seed) =>
    makeEpisode(
      'train',
      seed,
      templates.find(({ name }) => name === 'toggle-ruler'),
    ),
  ).filter(({ isDoneAtStart }) => isDoneAtStart);
  assert.ok(done.length > 0);
  for (const episode of done) {
    const last = rollOut(episode).at(-1)?.decision;
    assert.deepEqual([last?.function, last?.target, last?.status], ['', -1, 'FINISH']);
    assert.ok(episode.isDone());
  }
});
