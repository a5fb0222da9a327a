import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { garble } from '../../../bench/desktop/garble.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { expandPattern } from '../../../bench/desktop/tasks/wording.ts';

const WORDING = 'set the indentation of {text} in paragraph <number> to {=style} with the ruler';
const SLOTS = /\{=?\w+\}|<\w+>/g;

test('slots stay as they are and in their order, whatever else is garbled', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 500; seed++) {
    const garbled = garble(WORDING, new Random(seed));
    assert.deepEqual(garbled.match(SLOTS), WORDING.match(SLOTS));
    assert.equal(garbled, garbled.trim());
    assert.doesNotMatch(garbled, / {2}/);
    seen.add(garbled);
  }
  assert.ok(seen.size > 100, String(seen.size));
});

test('a word keeps its first letter, by which it is known', () => {
  for (let seed = 0; seed < 200; seed++) assert.match(garble('ruler indentation', new Random(seed)), /^r\S+ i\S+$/);
});

test('no garbled request for training is a wording of the test split', () => {
  for (let seed = 0; seed < 600; seed++) {
    const { template, request } = makeEpisode('train', seed);
    if (template.parts === true) continue;
    const source = { templateName: template.name, split: 'test' } as const;
    const wordings = template.test.flatMap((pattern) => expandPattern(pattern.replace(/^!/, ''), source));
    const plain = wordings.filter((wording) => !/[{<]/.test(wording)).map((wording) => wording.toLowerCase());
    assert.ok(!plain.includes(request.toLowerCase()), request);
  }
});
