import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { actionOf } from '../../../bench/desktop/example.ts';
import { limitControls } from '../../../bench/desktop/limit.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import type { Control } from '../../../src/runtime/types.ts';

const item = (name: string, type = 'ListItem', selected = false): Control => ({ id: name, name, type, selected });
const names = (controls: readonly Control[], maxControls: number, request = '') =>
  limitControls(controls, (control) => control, { maxControls, request }).map(({ name }) => name);

test('a list within the limit stays as it is', () => {
  const controls = [item('a'), item('b')];
  assert.equal(
    limitControls(controls, (c) => c, { maxControls: 2, request: '' }),
    controls,
  );
});

test('the longest run of list items is shortened, everything else stays in order', () => {
  const long = Array.from({ length: 100 }, (_, i) => item(`entry ${i}`));
  const controls = [item('Save', 'Button'), ...long, item('Bold', 'Button'), item('x'), item('y')];
  const kept = names(controls, 60);
  assert.equal(kept.length, 60);
  for (const name of ['Save', 'Bold', 'x', 'y', 'entry 99', 'entry 0']) assert.ok(kept.includes(name), name);
});

test('what is selected or shares a word with the request is never dropped', () => {
  const long = Array.from({ length: 100 }, (_, i) => item(`entry${i} thing`, 'ListItem', i === 50));
  const kept = names(long, 45, 'click the entry37, please');
  assert.ok(kept.includes('entry37 thing') && kept.includes('entry50 thing'));
});

test('controls of other types are never dropped, even above the limit', () => {
  const buttons = Array.from({ length: 10 }, (_, i) => item(`b${i}`, 'Button'));
  assert.equal(names(buttons, 5).length, 10);
});

test('with 500 controls on the screen the expert finds its way in what a client of 165 sends', () => {
  let crowded = 0;
  for (let seed = 0; seed < 900; seed++) {
    const full = makeEpisode('train', seed, { maxControls: 500 }).desktop.observe().controls.length;
    if (full < 300) continue;
    crowded++;
    assert.ok(full <= 500);
    const episode = makeEpisode('train', seed);
    const steps = rollOut(episode);
    for (const { observation } of steps) assert.ok(observation.controls.length <= 200);
    const last = steps.at(-1) ?? assert.fail();
    assert.ok(episode.isSuccess(actionOf(last.observation, last.decision)), episode.request);
  }
  assert.ok(crowded >= 10, String(crowded));
});
