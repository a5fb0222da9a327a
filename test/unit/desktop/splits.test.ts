import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { Draw, splitOf } from '../../../bench/desktop/tasks/draw.ts';
import { templates } from '../../../bench/desktop/tasks/templates.ts';

test('no wording of any template is in both splits', () => {
  const normalize = (wording: string): string => wording.replace(/^!/, '').toLowerCase();
  const train = new Set(templates.flatMap((template) => template.train.map(normalize)));
  for (const { name, train: seen, test: unseen } of templates) {
    assert.ok(seen.length >= 4 && unseen.length >= 3, `${name} has too few wordings`);
    assert.equal(new Set([...seen, ...unseen]).size, seen.length + unseen.length, `${name} repeats a wording`);
    for (const wording of unseen) assert.ok(!train.has(normalize(wording)), `'${wording}' of ${name} is in training`);
  }
});

test('template names are unique', () => {
  assert.equal(new Set(templates.map(({ name }) => name)).size, templates.length);
  assert.ok(templates.length >= 28);
});

test('drawn texts, names and numbers belong to the split they were drawn for', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom('train', 'test'), (seed, split) => {
      const draw = new Draw(new Random(seed), split);
      for (const value of [draw.text(), draw.word(), draw.identifier(), draw.webAddress()]) {
        assert.equal(splitOf(value), split);
      }
      assert.equal(splitOf(`size ${draw.number('size', { min: 6, max: 72 })}`), split);
    }),
    { numRuns: 200 },
  );
});

test('no request of the test split occurs in training', () => {
  const requests = (split: 'train' | 'test') =>
    new Set(Array.from({ length: 2000 }, (_, seed) => makeEpisode(split, seed).request));
  const train = requests('train');
  assert.deepEqual(
    [...requests('test')].filter((request) => train.has(request)),
    [],
  );
});

test('a number is never the excluded one, and a multiple of the step', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const value = new Draw(new Random(seed), 'train').number('percent', { min: 20, max: 400, step: 5, except: 100 });
      assert.ok(value >= 20 && value <= 400 && value % 5 === 0 && value !== 100);
    }),
    { numRuns: 200 },
  );
});

test('requests contain every text the task needs', () => {
  for (let seed = 0; seed < 1000; seed++) {
    const { request, goals } = makeEpisode('test', seed);
    for (const goal of goals) {
      if (goal.type === 'call' && goal.function === 'select_text') {
        assert.ok(request.includes(String(goal.args['text'])), request);
      }
      if (goal.type === 'fill') assert.ok(request.includes(goal.text), request);
    }
  }
});
