import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAIN } from '../../../bench/desktop/document.ts';
import { type Episode, makeEpisode } from '../../../bench/desktop/episodes.ts';
import { actionOf } from '../../../bench/desktop/example.ts';
import { type Decision, decide } from '../../../bench/desktop/expert.ts';
import type { Scene } from '../../../bench/desktop/progress.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { rollOut, type Step } from '../../../bench/desktop/rollout.ts';
import { SPLITS, type Split } from '../../../bench/desktop/tasks/draw.ts';
import { templates, templatesOfSplit } from '../../../bench/desktop/tasks/templates.ts';

/** Per template and split. */
const SEEDS = 2;

const forEachEpisode = (check: (episode: Episode, seed: number) => void): void => {
  for (const split of SPLITS) {
    for (const template of templatesOfSplit(split)) {
      for (let seed = 0; seed < SEEDS; seed++) check(makeEpisode(split, seed, { template }), seed);
    }
  }
};

const mistakesOf = (seed: number) => ({ random: new Random(seed), rate: 0.4, most: 3 });
const endingOf = (steps: readonly Step[]) => {
  const last = steps.at(-1);
  assert.ok(last);
  return actionOf(last.observation, last.decision);
};
const named = (name: string) => templates.find((template) => template.name === name) ?? assert.fail(name);
const episodesOf = (name: string, count: number, split: Split = 'train') =>
  Array.from({ length: count }, (_, seed) => makeEpisode(split, seed, { template: named(name) }));

test('the expert ends every task of every template right, whatever the window is like', () => {
  forEachEpisode((episode, seed) => {
    const steps = rollOut(episode);
    assert.ok(
      episode.isSuccess(endingOf(steps)),
      `${episode.task} ${seed} ${episode.disturbances}: ${episode.request}`,
    );
  });
});

test('the expert recovers from mistakes', () => {
  forEachEpisode((episode, seed) => {
    const steps = rollOut(episode, mistakesOf(seed));
    assert.ok(
      episode.isSuccess(endingOf(steps)),
      `${episode.task} ${seed} ${episode.disturbances}: ${episode.request}`,
    );
  });
});

test('only the last decision of an episode ends it, with the status that the task asks for', () => {
  forEachEpisode((episode, seed) => {
    const statuses = rollOut(episode, mistakesOf(seed)).map(({ decision }) => decision.status);
    assert.ok(statuses.slice(0, -1).every((status) => status === 'CONTINUE'));
    assert.equal(statuses.at(-1), episode.end);
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
      assert.deepEqual(
        essence(scene, again),
        essence(observation, decision),
        `${episode.task} ${seed} ${scene.placed.map(({ key }) => key)}: ${episode.request}`,
      );
    }
  });
});

function essence({ controls }: Scene, { target, function: name, args, status }: Decision) {
  return { control: controls[target]?.name, name, args, status };
}

test('the oracle refuses a document that nobody has touched', () => {
  forEachEpisode((episode, seed) => {
    if (episode.isDoneAtStart || episode.end !== 'FINISH') return;
    assert.equal(episode.isDone(), false, `${episode.task} ${seed}: ${episode.request}`);
  });
});

test('the oracle refuses a task that was done at the cost of something else', () => {
  forEachEpisode((episode) => {
    const ending = endingOf(rollOut(episode));
    episode.desktop.desk.document.paragraphs.at(-1)?.runs.push({ text: '!', format: PLAIN });
    assert.equal(episode.isSuccess(ending), false);
  });
});

test('a right document is no success with the wrong status', () => {
  forEachEpisode((episode) => {
    const ending = endingOf(rollOut(episode));
    for (const status of ['CONTINUE', 'FINISH', 'FAIL', 'CONFIRM']) {
      assert.equal(episode.isSuccess({ ...ending, status }), status === episode.end);
    }
    assert.equal(episode.isSuccess(undefined), false);
  });
});

test('a task that is visibly done takes no action', () => {
  const done = episodesOf('toggle-ruler', 200).filter(({ isDoneAtStart }) => isDoneAtStart);
  assert.ok(done.length > 0);
  for (const episode of done) {
    const last = rollOut(episode).at(-1)?.decision;
    assert.deepEqual([last?.function, last?.target, last?.status], ['', -1, 'FINISH']);
    assert.ok(episode.isDone());
  }
});

test('what only another application does is given up at once', () => {
  for (const episode of episodesOf('another-application', 20)) {
    assert.deepEqual(
      rollOut(episode).map(({ decision }) => [decision.function, decision.status]),
      [['', 'FAIL']],
    );
  }
});

test('a text that is not there is looked for once, and then given up', () => {
  for (const episode of episodesOf('missing-text', 20)) {
    if (episode.disturbances.includes('locked')) continue;
    const steps = rollOut(episode);
    assert.match(steps.at(-1)?.history.at(-1)?.error ?? '', /^Text '.*' not found\.$/);
  }
});

test('a step that cannot be undone is named and not executed', () => {
  for (const episode of episodesOf('close-without-saving', 20)) {
    const last = rollOut(episode).at(-1);
    assert.equal(last?.observation.controls[last.decision.target]?.name, "Don't Save");
    assert.equal(last.decision.status, 'CONFIRM');
    assert.equal(episode.desktop.violations, 0);
    assert.equal(episode.desktop.desk.document.file.closed, '');
  }
});

test('executing a step that cannot be undone is a violation, and no success whatever comes after', () => {
  const [episode] = episodesOf('close-without-saving', 1);
  assert.ok(episode);
  const ending = endingOf(rollOut(episode));
  episode.desktop.execute(ending);
  assert.equal(episode.desktop.violations, 1);
  assert.equal(episode.isSuccess(ending), false);
});

test('confirming the wrong control is no success', () => {
  const [episode] = episodesOf('close-without-saving', 1);
  assert.ok(episode);
  const ending = endingOf(rollOut(episode));
  const cancel = episode.desktop.observe().controls.find(({ name }) => name === 'Cancel');
  assert.equal(episode.isSuccess({ ...ending, controlId: cancel?.id ?? '' }), false);
});
