import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { Draw, SPLITS, splitOf } from '../../../bench/desktop/tasks/draw.ts';
import { FAMILIES, type Template } from '../../../bench/desktop/tasks/task.ts';
import { allTemplates, heldOutTemplates, templates } from '../../../bench/desktop/tasks/templates.ts';
import { expandPattern, SYNONYMS } from '../../../bench/desktop/tasks/wording.ts';
import { findReferences } from '../../../src/runtime/dialects/references.ts';

const wordings = ({ name, ...template }: Template, split: 'train' | 'test'): string[] =>
  template[split]
    .flatMap((pattern) => expandPattern(pattern, { templateName: name, split }))
    .map((wording) => wording.replace(/^!/, '').toLowerCase());

test('no wording of any template is in both splits', () => {
  // Requests of several parts have the wordings of their parts.
  const worded = allTemplates.filter(({ parts }) => parts !== true);
  for (const template of worded) {
    const seen = wordings(template, 'train');
    const unseen = wordings(template, 'test');
    assert.ok(seen.length >= 4 && unseen.length >= 3, `${template.name} has too few wordings`);
    assert.equal(new Set(seen).size, seen.length, `${template.name} repeats a wording`);
    const train = new Set(seen);
    for (const wording of unseen) assert.ok(!train.has(wording), `'${wording}' of ${template.name} is in training`);
  }
});

test('the synonyms that a template keeps back are never used by it in training', () => {
  for (const name of Object.keys(SYNONYMS)) {
    for (const templateName of ['one', 'two', 'three', 'four', 'five']) {
      const train = expandPattern(`@${name}`, { templateName, split: 'train' });
      const test = expandPattern(`@${name}`, { templateName, split: 'test' });
      assert.ok(train.length > 0 && test.length > 0);
      assert.deepEqual([...train, ...test].sort(), [...(SYNONYMS[name] ?? [])].sort());
    }
  }
});

test('there are at least 120 templates, 15 of several parts, some that fail and some to confirm; a fifth is held out', () => {
  assert.equal(new Set(allTemplates.map(({ name }) => name)).size, allTemplates.length);
  assert.ok(templates.length >= 120, String(templates.length));
  const count = (family: string) => templates.filter((template) => template.family === family).length;
  assert.ok(count('multi') >= 15 && count('fail') >= 5 && count('confirm') >= 5);
  for (const family of FAMILIES) assert.ok(count(family) > 0, family);
  const share = heldOutTemplates.length / allTemplates.length;
  assert.ok(share > 0.1 && share < 0.25, String(share));
  assert.ok(heldOutTemplates.every((template) => !templates.includes(template)));
});

test('nearly every text that has to be typed is a literal of the request', () => {
  let texts = 0;
  let literals = 0;
  for (const split of SPLITS) {
    for (let seed = 0; seed < 600; seed++) {
      const { request, goals } = makeEpisode(split, seed);
      const references = findReferences(request).map(({ text }) => text);
      for (const goal of goals) {
        const text = goal.type === 'fill' ? goal.text : goal.type === 'call' ? goal.args['text'] : undefined;
        if (text === undefined) continue;
        texts++;
        if (references.includes(String(text))) literals++;
      }
    }
  }
  assert.ok(literals / texts > 0.9, `${literals} of ${texts}`);
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
    new Set(
      Array.from({ length: 2000 }, (_, seed) => makeEpisode(split, seed).request).filter((request) =>
        // A bare wish such as "undo" has no values, and its wordings are apart anyway.
        /["'\d]/.test(request),
      ),
    );
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
