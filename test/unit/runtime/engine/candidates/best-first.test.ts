import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerNode } from '../../../../../src/runtime/engine/candidates/answer-node.ts';
import { BestFirstSearch } from '../../../../../src/runtime/engine/candidates/best-first.ts';
import type { Grammar } from '../../../../../src/runtime/grammar/grammar.ts';
import { GrammarMatcher } from '../../../../../src/runtime/grammar/matcher.ts';
import { aVocabulary, chain } from '../../../../support/engine-grammars.ts';

/** Probabilities of the tokens after the answers that begin in this way; even where nothing is said. */
type Model = Readonly<Record<string, readonly number[]>>;

function logitsOf(model: Model, { tokens }: AnswerNode): Float32Array {
  return Float32Array.from(model[tokens.join('')] ?? [1, 1, 1, 1], Math.log);
}

function search(grammar: Grammar, width: number): BestFirstSearch {
  return new BestFirstSearch(AnswerNode.first(new GrammarMatcher(aVocabulary(4), grammar)), { width });
}

/** Expands what is most urgent, `atOnce` nodes at a time, and returns answers and the number of expansions. */
function finish(search: BestFirstSearch, model: Model, atOnce = 1): { answers: string[]; expansions: number } {
  let expansions = 0;
  while (!search.isComplete) {
    const wanted = search.wanted(atOnce);
    assert.ok(wanted.length > 0 && wanted.length <= atOnce);
    // The last first: the order must not matter.
    for (const node of wanted.toReversed()) search.expand(node, logitsOf(model, node));
    expansions += wanted.length;
  }
  return { answers: search.answers.map(({ tokens }) => tokens.join('')), expansions };
}

const PAIRS = chain([[0], [1], [2]], [[0], [1], [2]]);

test('one candidate is the greedy answer, even where another is more probable', () => {
  // Greedy: 0, then one of three. 1 0 is better as a whole: 0.4 > 0.5 / 3.
  const model = { '': [0.5, 0.4, 0.1, 0], 1: [1, 0, 0, 0] };
  assert.deepEqual(finish(search(PAIRS, 1), model), { answers: ['00'], expansions: 2 });
});

test('with more, the most probable answer comes first', () => {
  const model = { '': [0.5, 0.4, 0.1, 0], 1: [1, 0, 0, 0] };
  assert.deepEqual(finish(search(PAIRS, 2), model).answers, ['10', '00']);
});

test('a model that is sure of itself costs little more than the answers themselves', () => {
  const model = { '': [0.98, 0.02, 0, 0], 0: [0.99, 0.01, 0, 0] };
  // The first decision, the second after 0, and that is already both answers: 1 is at most 0.02 and is not looked at.
  const { answers, expansions } = finish(search(PAIRS, 1), model);
  assert.deepEqual([answers, expansions], [['00'], 2]);
  const two = finish(search(chain([[0], [1]], [[0], [1]]), 2), { '': [0.9, 0.1, 0, 0], 0: [0.8, 0.2, 0, 0] });
  assert.deepEqual([two.answers, two.expansions], [['00', '01'], 2]);
});

test('answers that the model rules out are none, though more are wanted', () => {
  const model = { '': [1, 1, 0, 0], 0: [1, 0, 0, 0], 1: [1, 0, 0, 0] };
  assert.deepEqual(finish(search(PAIRS, 9), model).answers, ['00', '10']);
});

test('among equally probable answers, those of lower tokens', () => {
  assert.deepEqual(finish(search(PAIRS, 3), {}).answers, ['00', '01', '02']);
});

test('the width bounds what is gone on with, and drops beginnings beyond it', () => {
  const grammar = chain(...Array.from({ length: 4 }, () => [[0], [1], [2], [3]]));
  for (const width of [1, 2, 5]) {
    const { answers, expansions } = finish(search(grammar, width), {});
    assert.equal(answers.length, width);
    // Per decision: the width, and the greedy beginning where it is not among them.
    assert.ok(expansions <= 4 * (width + 1), `${expansions} expansions`);
  }
});

test('a whole answer takes no place from beginnings that go on', () => {
  // 0 ends at once. Of the others 2 is the less probable one, but sure of what follows; 1 is not.
  const { nodes, ...rest } = PAIRS;
  const [first, ...others] = nodes;
  assert.ok(first?.type === 'choice');
  const grammar = { ...rest, nodes: [{ ...first, next: Int32Array.of(2, 1, 1) }, ...others] };
  const model = { '': [0.4, 0.35, 0.25, 0], 2: [0, 1, 0, 0] };
  assert.deepEqual(finish(search(grammar, 2), model).answers, ['0', '21']);
});

test('the greedy answer is found, though its beginning is less probable than the width allows', () => {
  const any = [[0], [1], [2], [3]];
  // After 0, one of four: 0.125 each. After 1, two of 0.245 each, which are split by four in the end; 0 0 is not.
  const model = { '': [0.5, 0.49, 0.01, 0], 1: [1, 1, 0, 0], '00': [1, 0, 0, 0] };
  assert.deepEqual(finish(search(chain(any, any, any), 2), model).answers, ['000', '100']);
});

test('expanding ahead of turn, in any order, changes no answer', () => {
  const grammar = chain([[0], [1, 2], [2]], [[0, 1], [3]], [[0], [1], [2]]);
  const model = { '': [0.4, 0.35, 0.25, 0], 0: [0.6, 0, 0, 0.4], 12: [0.1, 0, 0, 0.9], 2: [0.5, 0, 0, 0.5] };
  const expected = finish(search(grammar, 6), model).answers;
  assert.equal(expected.length, 6);
  for (const atOnce of [2, 3, 8]) assert.deepEqual(finish(search(grammar, 6), model, atOnce).answers, expected);
});

test('logits that are no numbers are refused', () => {
  const begun = search(PAIRS, 2);
  const [node] = begun.wanted(1);
  assert.ok(node !== undefined);
  assert.throws(() => begun.expand(node, new Float32Array(4).fill(Number.NaN)), { code: 'backend_failed' });
});
