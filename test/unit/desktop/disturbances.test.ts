import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DISTURBANCES } from '../../../bench/desktop/disturb.ts';
import { type Episode, makeEpisode } from '../../../bench/desktop/episodes.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { templates } from '../../../bench/desktop/tasks/templates.ts';
import { ALIASES } from '../../../bench/desktop/ui/aliases.ts';
import { controlsOf, surfaces } from '../../../bench/desktop/ui/catalog.ts';
import { popUps } from '../../../bench/desktop/ui/messages.ts';

const EPISODES: readonly Episode[] = Array.from({ length: 6 * templates.length }, (_, seed) =>
  makeEpisode('train', seed),
);
const withKind = (kind: (typeof DISTURBANCES)[number]) =>
  EPISODES.filter(({ disturbances }) => disturbances.includes(kind)).map((episode) => ({
    episode,
    steps: rollOut(episode),
  }));
const played = new Map(DISTURBANCES.map((kind) => [kind, withKind(kind)]));
const of = (kind: (typeof DISTURBANCES)[number]) => played.get(kind) ?? assert.fail(kind);

test('every kind of disturbance occurs, and about half of the windows are quiet', () => {
  for (const kind of DISTURBANCES) assert.ok(of(kind).length >= 5, `${kind}: ${of(kind).length}`);
  const quiet = EPISODES.filter(({ disturbances }) => disturbances.length === 0).length / EPISODES.length;
  assert.ok(quiet > 0.45 && quiet < 0.7, String(quiet));
});

test('a dialog that pops up is dismissed', () => {
  const dismissals = new Set(popUps.map(({ dismiss }) => dismiss));
  const clicked = of('pop-up').flatMap(({ steps }) =>
    steps.filter(({ observation, decision }) => {
      const target = observation.placed[decision.target];
      return target && popUps.includes(target.surface) && dismissals.has(target.spec.name);
    }),
  );
  assert.ok(clicked.length >= of('pop-up').length / 2);
});

test('a call that fails once is made again', () => {
  const alone = of('failing call').filter(({ episode }) => episode.disturbances.length === 1);
  let repeated = 0;
  for (const { steps } of alone) {
    const failed = steps.flatMap(({ history }) => history).filter(({ error }) => /busy|available any more/.test(error));
    if (failed.length === 0) continue;
    const { history } = steps.at(-1) ?? assert.fail();
    const index = history.findIndex(({ error }) => error === failed[0]?.error);
    const again = history[index + 1];
    if (!again) continue;
    repeated++;
    assert.deepEqual([again.function, again.args], [history[index]?.function, history[index]?.args]);
  }
  assert.ok(repeated >= 5, String(repeated));
});

test('a renamed control is used under its other name', () => {
  const names = of('renamed').flatMap(({ steps }) =>
    steps.map(({ observation, decision }) => observation.controls[decision.target]?.name ?? ''),
  );
  const aliases = new Set(Object.values(ALIASES).flat());
  assert.ok(names.filter((name) => aliases.has(name)).length >= 10);
});

test('no alias is the name or the alias of another control', () => {
  const names = new Set(surfaces.flatMap((surface) => controlsOf(surface).map(({ spec }) => spec.name)));
  const aliases = Object.values(ALIASES).flat();
  assert.equal(new Set(aliases).size, aliases.length);
  for (const alias of aliases) assert.equal(names.has(alias), false, alias);
  for (const name of Object.keys(ALIASES)) assert.ok(names.has(name), name);
});

test('a control that is listed twice may be used in either place', () => {
  const both = of('doubled').flatMap(({ steps }) => steps.filter(({ decision }) => decision.alternatives.length > 0));
  assert.ok(both.length >= 5);
  for (const { observation, decision } of both) {
    const name = observation.controls[decision.target]?.name;
    const others = decision.alternatives.map((i) => observation.controls[i]?.name);
    assert.ok(others.includes(name) || others.length > 0);
    // The first one in the list is the canonical answer.
    const same = decision.alternatives.filter((i) => observation.controls[i]?.name === name);
    assert.ok(same.every((i) => i > decision.target));
  }
});

test('the half of a list that does not show is scrolled to', () => {
  const arrows = of('halved').flatMap(({ steps }) =>
    steps.filter(({ observation, decision }) => observation.controls[decision.target]?.name === 'Scroll down'),
  );
  assert.ok(arrows.length >= 3);
});

test('a document in protected view is unlocked first, a restricted one is given up at once', () => {
  const unlocks = of('protected view').filter(({ steps }) =>
    steps.some(({ observation, decision }) => observation.controls[decision.target]?.name === 'Enable Editing'),
  );
  assert.ok(unlocks.length >= of('protected view').length / 2);
  for (const { episode, steps } of of('locked')) {
    assert.equal(episode.end, 'FAIL');
    assert.equal(steps.at(-1)?.decision.function, '');
  }
});

test('a control that is missing or greyed out for good ends the task with FAIL where it should be', () => {
  for (const { episode, steps } of of('dead')) {
    assert.equal(episode.end, 'FAIL');
    assert.equal(steps.at(-1)?.decision.status, 'FAIL');
    assert.ok((steps.at(-1)?.decision.evidence.length ?? 0) > 0);
  }
});
