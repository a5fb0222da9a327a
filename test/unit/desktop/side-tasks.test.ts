import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { exampleOf } from '../../../bench/desktop/example.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { type SideExample, sideExamples } from '../../../bench/desktop/side-tasks.ts';
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

test('after a selection the task goes on, with the selection in its history', () => {
  const later = all.filter(({ tail }) => tail.includes('<|ok|>'));
  assert.ok(later.length > all.length / 20, `${later.length} of ${all.length}`);
  for (const { tail } of later) assert.ok(tail.some((segment) => /^=(select_|keyboard_input)/.test(segment)));
});
