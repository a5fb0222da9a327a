import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecisionTokens } from '../../../../src/runtime/grammar/decision-tokens.ts';
import { idsOf } from '../../../support/ids-of.ts';

test('tokens that lie elsewhere are shown without a copy', () => {
  const decision = new DecisionTokens();
  const mask = Int32Array.of(9, 5, 7);
  decision.share(mask, 2);
  assert.equal(decision.tokens, mask);
  assert.deepEqual(idsOf(decision), [5, 9]);
});

test('tokens found one by one are those of the list, however often it has grown', () => {
  const decision = new DecisionTokens();
  for (let token = 0; token < 300; token++) decision.list.push(token);
  decision.take();
  assert.deepEqual(idsOf(decision), [...Array(300).keys()]);
});

test('a cleared decision allows nothing', () => {
  const decision = new DecisionTokens();
  decision.list.push(1);
  decision.take();
  decision.ends = Int32Array.of(2);
  assert.deepEqual(idsOf(decision), [1, 2]);
  decision.clear();
  assert.deepEqual(idsOf(decision), []);
  decision.take();
  assert.deepEqual(idsOf(decision), []);
});
