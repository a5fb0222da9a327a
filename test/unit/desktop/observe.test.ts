import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk, NO_CLUTTER } from '../../../bench/desktop/desk.ts';
import { createDocument } from '../../../bench/desktop/document.ts';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { type Observation, observe } from '../../../bench/desktop/observe.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { rollOut } from '../../../bench/desktop/rollout.ts';
import { WINDOW } from '../../../bench/desktop/ui/placement.ts';
import { isOnTop } from '../../../bench/desktop/ui/visible.ts';
import { SPECIAL_TOKENS } from '../../../src/runtime/dialects/compact-tokens.ts';

const observations: readonly Observation[] = Array.from({ length: 400 }, (_, seed) =>
  rollOut(makeEpisode('train', seed), { random: new Random(seed), rate: 0.4, most: 3 }),
).flatMap((steps) => steps.map(({ observation }) => observation));

test('a screen has 20 to some 165 controls, about 70 at the mean', () => {
  const counts = observations.map(({ controls }) => controls.length);
  assert.ok(Math.min(...counts) >= 20, `${Math.min(...counts)}`);
  assert.ok(Math.max(...counts) <= 200, `${Math.max(...counts)}`);
  assert.ok(Math.max(...counts) >= 165, `${Math.max(...counts)}`);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  assert.ok(mean > 50 && mean < 95, `${mean}`);
});

test('ids count from 1 in tree order', () => {
  for (const { controls } of observations) {
    assert.deepEqual(
      controls.map(({ id }) => id),
      controls.map((_, i) => String(i + 1)),
    );
  }
});

test('rectangles lie in the window and overlap only what is below them', () => {
  for (const { controls, placed } of observations) {
    const seen = new Map<string, string>();
    for (const [i, { rect = [0, 0, 0, 0] }] of controls.entries()) {
      const [left, top, right, bottom] = rect;
      assert.ok(left >= WINDOW[0] && top >= WINDOW[1] && right <= WINDOW[2] && bottom <= WINDOW[3]);
      assert.ok(right > left && bottom > top);
      // Cells of one surface come from one grid, so that equal corners are the only way to overlap.
      const corner = `${placed[i]?.surface.name} ${left} ${top}`;
      assert.equal(seen.get(corner), undefined, corner);
      seen.set(corner, controls[i]?.name ?? '');
    }
  }
});

test('the order is frame, tab, document, then what lies on top', () => {
  for (const { placed } of observations) {
    const ranks = placed.map(({ surface }) => Number(isOnTop(surface)));
    assert.deepEqual(
      ranks,
      [...ranks].sort((a, b) => a - b),
    );
    assert.equal(placed[0]?.spec.name, 'Save');
  }
});

test('every control type has a token of its own', () => {
  for (const { controls } of observations) {
    for (const { type } of controls) assert.ok(SPECIAL_TOKENS.includes(`<|T:${type}|>`), type);
  }
});

test('flags follow the state: active tab, toggles, what cannot be used', () => {
  const desk = new Desk(createDocument(['One paragraph.']), NO_CLUTTER);
  const flags = (name: string) => {
    const { selected, enabled } = observe(desk).controls.find((control) => control.name === name) ?? {};
    return [selected, enabled];
  };
  assert.deepEqual(flags('Home'), [true, undefined]);
  assert.deepEqual(flags('Insert'), [false, undefined]);
  assert.deepEqual(flags('Copy'), [undefined, false]);
  assert.deepEqual(flags('Undo'), [undefined, false]);
  desk.document.selection = { type: 'all' };
  desk.change((d) => {
    for (const { runs } of d.paragraphs) for (const { format } of runs) format.bold = true;
  });
  assert.deepEqual(flags('Bold'), [true, undefined]);
  assert.deepEqual(flags('Copy'), [undefined, true]);
  assert.deepEqual(flags('Undo'), [undefined, true]);
});
