import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { type Example, examplesOf } from '../../../bench/desktop/example.ts';

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);
const examples = SEEDS.flatMap((seed) => examplesOf('train', seed));

test('the same seed gives the same examples', () => {
  for (const seed of SEEDS.slice(0, 50)) {
    assert.equal(JSON.stringify(examplesOf('test', seed)), JSON.stringify(examplesOf('test', seed)));
  }
  assert.notEqual(JSON.stringify(examplesOf('test', 1)), JSON.stringify(examplesOf('train', 1)));
});

test('only episodes that should end as asked for give examples', () => {
  const ends = SEEDS.map((seed) => makeEpisode('train', seed).end);
  const given = SEEDS.map((seed) => examplesOf('train', seed, { endings: ['FAIL', 'CONFIRM'] }).length > 0);
  assert.deepEqual(
    given,
    ends.map((end) => end !== 'FINISH'),
  );
  assert.deepEqual(new Set(ends), new Set(['FINISH', 'FAIL', 'CONFIRM']));
});

test('equal prompts have equal answers', () => {
  const answers = new Map<string, string>();
  for (const { head, controls, tail, answer } of examples) {
    const prompt = JSON.stringify([head, controls, tail]);
    const text = JSON.stringify(answer);
    assert.equal(answers.get(prompt) ?? text, text);
    answers.set(prompt, text);
  }
});

test('an example is one complete prompt and one complete answer', () => {
  for (const { head, controls, tail, answer } of examples) {
    assert.equal(head[0], '<|bos|>');
    assert.equal(tail.at(-1), '<|act|>');
    assert.equal(answer.at(-1), '<|end|>');
    for (const segment of [...head, ...controls.flat(), ...tail, ...answer]) {
      assert.match(segment, /^(=|<\|[\w:]+\|>$)/);
    }
  }
});

/** The control that the beginning of an answer calls by name, or by the number that the prompt gives it; -1 if there is none. */
function indexOf(answer: readonly string[], { controls, tail }: Pick<Example, 'controls' | 'tail'>): number {
  if (answer[0] !== '<|controls|>') {
    const name = answer.slice(0, answer.includes('<|fn|>') ? answer.indexOf('<|fn|>') : undefined);
    return controls.findIndex((segments) => isDeepStrictEqual(segments.slice(1), name));
  }
  const listed = tail.slice(0, tail.indexOf('<|history|>'));
  const place = listed.findIndex((segment, i) => segment === '<|controls|>' && listed[i + 1] === answer[1]);
  if (place < 0) return -1;
  // The second control of a name begins as the first one does.
  const called = listed.slice(place + 2);
  const [found] = controls
    .filter((segments) => segments.every((segment, i) => segment === called[i]))
    .sort((a, b) => b.length - a.length);
  return found === undefined ? -1 : controls.indexOf(found);
}

test('the target is the control that the answer names, and is among those that are needed', () => {
  for (const example of examples) {
    const { controls, target, answer, needs } = example;
    if (target < 0) {
      assert.equal(answer[0], '<|window|>');
      continue;
    }
    const named = indexOf(answer, example);
    assert.deepEqual(controls[named]?.slice(1), controls[target]?.slice(1));
    assert.ok(needs.includes(target));
    const sameName = controls.flatMap((segments, i) => (segments[1] === controls[target]?.[1] ? [i] : []));
    assert.ok(sameName.every((i) => needs.includes(i)));
    // The ordinal counts the controls of that name up to the target.
    const [, , nth, ordinal] = controls[target] ?? [];
    assert.equal(sameName.indexOf(target) + 1, nth === '<|nth|>' ? Number(ordinal?.slice(1)) : 1);
  }
  assert.ok(examples.some(({ answer }) => answer[0] === '<|controls|>'));
});

test('alternatives name controls of the prompt other than the target', () => {
  const withAlternatives = examples.filter(({ accept }) => accept !== undefined);
  assert.ok(withAlternatives.length > 0);
  for (const example of withAlternatives) {
    const { accept = [], answer } = example;
    for (const name of accept) {
      assert.ok(indexOf(name, example) >= 0);
      assert.notDeepEqual(name, answer.slice(0, name.length));
    }
  }
});

test('failed actions are part of the histories', () => {
  assert.ok(examples.some(({ tail }) => tail.includes('<|failed|>')));
});
