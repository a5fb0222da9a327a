import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrastOf } from '../../../bench/desktop/contrast.ts';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { type Example, examplesOf, type SideExample } from '../../../bench/desktop/example.ts';

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);
const pairs = SEEDS.map((seed) => ({ seed, shown: contrastOf('train', seed) })).filter(({ shown }) => shown.length > 0);
const statusOf = ({ answer }: Pick<Example, 'answer'>) => answer[answer.indexOf('<|st|>') + 1];
const keyOf = ({ controls, tail }: Pick<Example, 'controls' | 'tail'>) => JSON.stringify([controls, tail]);

test('the episodes that a disturbance makes impossible have a contrast, and no others', () => {
  const impossible = SEEDS.filter((seed) => {
    const { end, disturbances } = makeEpisode('train', seed);
    return end === 'FAIL' && disturbances.some((kind) => kind === 'dead' || kind === 'locked');
  });
  assert.ok(impossible.length > 0);
  assert.deepEqual(
    pairs.map(({ seed }) => seed),
    impossible,
  );
});

test('where one gives up, the other goes on to its end', () => {
  for (const { seed, shown } of pairs) {
    assert.match(shown.map(statusOf).join(''), /^=FAIL(=CONTINUE)*=FINISH$/, `seed ${seed}`);
    const [given, ...others] = shown as [Example, ...Example[]];
    assert.deepEqual({ ...given, others: undefined }, { ...examplesOf('train', seed).at(-1), others: undefined });
    const { request } = makeEpisode('train', seed);
    assert.equal(makeEpisode('train', seed, { mayBeImpossible: false }).request, request);
    assert.ok(others.every((other) => keyOf(other) !== keyOf(given)));
  }
});

test('the same task in other words has the same answer', () => {
  for (const { shown } of pairs) {
    for (const { answer, others } of shown) {
      assert.equal(statusOf(others?.[0] as SideExample), statusOf({ answer }));
    }
  }
});

test('some of the other tasks at the screen of an impossible one can be done, and have come as far', () => {
  const sides = pairs.flatMap(({ shown }) => shown[0]?.others ?? []);
  const statuses = new Set(sides.map(statusOf));
  assert.deepEqual(statuses, new Set(['=FAIL', '=CONTINUE', '=FINISH']));
  const redrawn = pairs.flatMap(({ shown: [given] }) => given?.others?.filter(({ task }) => task === given.task) ?? []);
  assert.ok(redrawn.some((side) => statusOf(side) === '=FINISH' && side.tail.includes('<|ok|>')));
});

test('a task that differs in its values has selected what it is about itself', () => {
  const quoted = (tail: readonly string[]) => tail.slice(0, tail.indexOf('<|history|>')).join();
  let numSelecting = 0;
  for (const { shown } of pairs) {
    for (const { tail, task, others = [] } of shown) {
      for (const other of others.filter((side) => side.task === task && quoted(side.tail) !== quoted(tail))) {
        const selects = (side: { readonly tail: readonly string[] }) =>
          side.tail.filter((part) => /^=select_/.test(part));
        if (!tail.includes('<|failed|>') && selects({ tail }).length > 0) {
          numSelecting++;
          assert.deepEqual(selects(other), selects({ tail }));
        }
      }
    }
  }
  assert.ok(numSelecting > 0);
});

test('a screen that was cut to its limit serves its own task alone, and the same seed gives the same examples', () => {
  const { seed } = pairs[0] as { seed: number };
  const cut = contrastOf('train', seed, { maxControls: 30 });
  assert.ok(cut.length > 0 && cut.every(({ controls, others }) => controls.length < 30 || others === undefined));
  assert.deepEqual(contrastOf('train', seed), pairs[0]?.shown);
});
