import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { exampleOf, type SideExample } from '../../../bench/desktop/example.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { sideExamples } from '../../../bench/desktop/side-tasks.ts';
import { allTemplates } from '../../../bench/desktop/tasks/templates.ts';

const SEEDS = Array.from({ length: 60 }, (_, i) => i * 7);
const SOURCE = { split: 'train', episode: 0, step: 0 } as const;

/** Of each step of some episodes: its own example, and those of other tasks at its screen. */
function* screens(count: number) {
  for (const seed of SEEDS) {
    const episode = makeEpisode('train', seed);
    for (const [i, step] of rollOut(episode).entries()) {
      const sides = sideExamples({ episode, step }, new Random(seed + i), count);
      yield { own: exampleOf(episode, step, SOURCE), sides };
    }
  }
}

const all: readonly SideExample[] = [...screens(4)].flatMap(({ sides }) => sides);

test('a screen gets as many examples as wanted, of tasks of the training split', () => {
  const heldOut = new Set(allTemplates.filter((template) => template.heldOut).map(({ name }) => name));
  for (const { own, sides } of screens(3)) {
    assert.ok(sides.length >= 3);
    for (const { task, needs } of sides) {
      assert.ok(!heldOut.has(task), task);
      for (const index of needs) assert.ok(index >= 0 && index < own.controls.length);
    }
  }
});

test('the same seed gives the same examples', () => {
  const [first, second] = [[...screens(2)], [...screens(2)]];
  assert.deepEqual(first, second);
});

test('an answer names a control that is needed, or none', () => {
  for (const { own, sides } of screens(3)) {
    for (const { answer, needs } of sides) {
      const [name = ''] = answer;
      if (!name.startsWith('=')) continue;
      const named = needs.some((index) => own.controls[index]?.includes(name));
      assert.ok(named, `${answer.join('')} needs ${needs.join()}`);
    }
  }
});

test('what a screen has at hand is asked for often, and every kind of ending comes up', () => {
  const statusOf = ({ answer }: SideExample) => answer.at(-2);
  const share = (status: string) => all.filter((side) => statusOf(side) === status).length / all.length;
  assert.ok(share('=FINISH') > 0.1, `${share('=FINISH')}`);
  assert.ok(share('=FAIL') > 0.02, `${share('=FAIL')}`);
  assert.ok(share('=CONTINUE') > 0.4, `${share('=CONTINUE')}`);
});

test('a task goes on after a selection, and after the tab that is open was opened', () => {
  const historyOf = ({ tail }: SideExample) => tail.slice(tail.indexOf('<|history|>') + 1, -1);
  const selects = (segment: string) => /^=(select_|keyboard_input)/.test(segment);
  const later = all.map(historyOf).filter((history) => history.length > 0);
  const selected = later.filter((history) => history.some(selects));
  const opened = later.filter((history) => history.includes('=click_input'));
  assert.ok(selected.length > all.length / 20, `${selected.length} of ${all.length}`);
  assert.ok(opened.length > all.length / 20, `${opened.length} of ${all.length}`);
  for (const history of later) assert.ok(selected.includes(history) || opened.includes(history));
});

test('any two templates are combined, and any control with any selection', () => {
  const composed = all.filter(({ task }) => task === 'composed');
  assert.ok(composed.length > all.length / 40, `${composed.length} of ${all.length}`);
  const targeted = all.filter(
    ({ task, answer }) => task === 'named-control' && answer.some((part) => part.startsWith('=select_')),
  );
  const functions = new Set(targeted.flatMap(({ answer }) => answer.filter((part) => part.startsWith('=select_'))));
  assert.deepEqual([...functions].sort(), ['=select_paragraph', '=select_table', '=select_text']);
});
