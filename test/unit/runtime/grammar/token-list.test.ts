import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenList } from '../../../../src/runtime/grammar/token-list.ts';

const contents = (list: TokenList) => [...list.tokens.subarray(0, list.count)];

test('a list outgrows its first buffer without losing anything', () => {
  const list = new TokenList();
  const all = Array.from({ length: 1000 }, (_, i) => i * 2);
  for (const token of all) list.push(token);
  assert.deepEqual(contents(list), all);
});

test('a cleared list keeps its buffer', () => {
  const list = new TokenList();
  for (let token = 0; token < 500; token++) list.push(token);
  const buffer = list.tokens;
  list.clear();
  assert.deepEqual(contents(list), []);
  for (const token of [8, 6, 7]) list.push(token);
  assert.equal(list.tokens, buffer);
  list.sort();
  assert.deepEqual(contents(list), [6, 7, 8]);
});
