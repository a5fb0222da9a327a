import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examplesOf } from '../../../bench/desktop/example.ts';

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);
const examples = SEEDS.flatMap((seed) => examplesOf('train', seed));

test('the same seed gives the same examples', () => {
  for (const seed of SEEDS.slice(0, 50)) {
    assert.equal(JSON.stringify(examplesOf('test', seed)), JSON.stringify(examplesOf('test', seed)));
  }
  assert.notEqual(JSON.stringify(examplesOf('test', 1)), JSON.stringify(examplesOf('train', 1)));
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

test('the target is the control that the answer names, and is among those that are needed', () => {
  for (const { controls, target, answer, needs } of examples) {
    if (target < 0) {
      assert.equal(answer[0], '<|window|>');
      continue;
    }
    assert.equal(controls[target]?.[1], answer[0]);
    assert.ok(needs.includes(target));
    const sameName = controls.flatMap((segments, i) => (segments[1] === answer[0] ? [i] : []));
    assert.ok(sameName.every((i) => needs.includes(i)));
    // The ordinal counts the controls of that name up to the target.
    const ordinal = answer[1] === '<|nth|>' ? Number(answer[2]?.slice(1)) : 1;
    assert.equal(sameName.indexOf(target) + 1, ordinal);
  }
});

test('alternatives name controls of the prompt other than the target', () => {
  const withAlternatives = examples.filter(({ accept }) => accept !== undefined);
  assert.ok(withAlternatives.length > 0);
  for (const { accept = [], controls, answer } of withAlternatives) {
    for (const name of accept) {
      assert.ok(controls.some((segments) => segments[1] === name[0]));
      assert.notDeepEqual(name, answer.slice(0, name.length));
    }
  }
});

test('failed actions are part of the histories', () => {
  assert.ok(examples.some(({ tail }) => tail.includes('<|failed|>')));
});
