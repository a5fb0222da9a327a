import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenList } from '../../../../src/runtime/grammar/token-list.ts';

const contents = (list: TokenList) => [...list.tokens.subarray(0, list.count)];

function listOf(...tokens: number[]): TokenList {
  const list = new TokenList();
  for (const token of tokens) list.push(token);
  return list;
}

test('tokens are inserted where they belong', () => {
  const list = listOf(3, 5, 9);
  for (const token of [4, 1, 10]) list.insert(token);
  assert.deepEqual(contents(list), [1, 3, 4, 5, 9, 10]);
});

test('a list outgrows its first buffer without losing anything', () => {
  const all = Array.from({ length: 1000 }, (_, i) => i * 2);
  const list = listOf(...all);
  list.append(Int32Array.from([7001, 7003]));
  list.insert(1);
  assert.deepEqual(contents(list), [0, 1, ...all.slice(1), 7001, 7003]);
});

test('a cleared list keeps its buffer', () => {
  const list = listOf(...Array(500).keys());
  const buffer = list.tokens;
  list.clear();
  assert.deepEqual(contents(list), []);
  list.append(Int32Array.from([8, 6, 7]));
  assert.equal(list.tokens, buffer);
  list.sort();
  assert.deepEqual(contents(list), [6, 7, 8]);
});
