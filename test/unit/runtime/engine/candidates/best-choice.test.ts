import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerNode } from '../../../../../src/runtime/engine/candidates/answer-node.ts';
import { BestChoiceSearch } from '../../../../../src/runtime/engine/candidates/best-choice.ts';
import { choiceNode } from '../../../../../src/runtime/grammar/builder.ts';
import type { Grammar } from '../../../../../src/runtime/grammar/grammar.ts';
import { GrammarMatcher } from '../../../../../src/runtime/grammar/matcher.ts';
import { aVocabulary, chain, grammarOf } from '../../../../support/engine-grammars.ts';

/** Probabilities of the tokens after the answers that begin in this way; even where nothing is said. */
type Model = Readonly<Record<string, readonly number[]>>;

/** The answer, where its control and function were chosen, and what had to be looked at. */
function find(grammar: Grammar, model: Model) {
  const search = new BestChoiceSearch(AnswerNode.first(new GrammarMatcher(aVocabulary(4), grammar)));
  const looked: string[] = [];
  while (!search.isComplete) {
    const [node] = search.wanted(1) as [AnswerNode];
    looked.push(node.tokens.join(''));
    search.expand(node, Float32Array.from(model[node.tokens.join('')] ?? [1, 1, 1, 1], Math.log));
  }
  return {
    answers: search.answers.map(({ tokens }) => tokens.join('')),
    chosen: search.chosen?.tokens.join(''),
    looked,
  };
}

/** Controls 00, 01, 02 that begin alike, and 1; then function, argument and status, of two each. */
const ALIKE = chain([[0, 0], [0, 1], [0, 2], [1]], [[2], [3]], [[0], [1]], [[2], [3]]);

test('a control is not put behind by several that begin alike', () => {
  const model = { '': [0.6, 0.4, 0, 0], 0: [0.4, 0.3, 0.3, 0], 1: [0, 0, 0.9, 0.1] };
  const { answers, chosen, looked } = find(ALIKE, model);
  assert.deepEqual([answers, chosen], [['1202'], '12']);
  // Both beginnings, the control that was more probable than the others, and what follows from the choice.
  assert.deepEqual(looked, ['', '0', '1', '12', '120']);
});

test('what has more than half of the probability is not compared with anything', () => {
  const model = { '': [0.3, 0.7, 0, 0], 1: [0, 0, 0.9, 0.1] };
  assert.deepEqual(find(ALIKE, model), { answers: ['1202'], chosen: '12', looked: ['', '1', '12', '120'] });
});

test('a control whose functions share it loses to one that is sure of its function', () => {
  const model = { '': [0.45, 0.55, 0, 0], 0: [1, 0, 0, 0], 1: [0, 0, 0.5, 0.5], '00': [0, 0, 1, 0] };
  assert.equal(find(ALIKE, model).chosen, '002');
});

test('after the choice the likeliest tokens follow, whatever the whole would say', () => {
  // Argument 1 with 0.4 and then a sure status is more probable than argument 0 with half of each status.
  const model = { '': [0, 1, 0, 0], 1: [0, 0, 1, 0], 12: [0.6, 0.4, 0, 0], 121: [0, 0, 1, 0] };
  assert.deepEqual(find(ALIKE, model).answers, ['1202']);
});

test('an answer without a function is the most probable one, and one without a decision is there at once', () => {
  const controls = grammarOf([
    choiceNode(
      'control',
      [
        [0, 0],
        [0, 1],
        [1, 0],
      ].map((tokens) => ({ tokens, next: 1 })),
    ),
    { type: 'end' },
  ]);
  assert.deepEqual(find(controls, { '': [0.55, 0.45, 0, 0] }).answers, ['10']);
  assert.deepEqual(find(chain([[2, 3]]), {}), { answers: ['23'], chosen: '23', looked: [] });
});

test('words before the choice are the likeliest ones', () => {
  const words = grammarOf([
    choiceNode(
      'words',
      [[0], [1]].map((tokens) => ({ tokens, next: 1 })),
    ),
    choiceNode(
      'control',
      [[0], [1]].map((tokens) => ({ tokens, next: 2 })),
    ),
    choiceNode(
      'function',
      [[2], [3]].map((tokens) => ({ tokens, next: 3 })),
    ),
    { type: 'end' },
  ]);
  // After 1 everything is sure, after 0 nothing is.
  const model = { '': [0.6, 0.4, 0, 0], 1: [1, 0, 0, 0], 10: [0, 0, 1, 0], 0: [0.6, 0.4, 0, 0] };
  assert.deepEqual(find(words, model).answers, ['002']);
});
