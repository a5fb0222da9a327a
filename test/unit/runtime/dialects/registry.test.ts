import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDialect, createPlanDialect, createRewardDialect } from '../../../../src/runtime/dialects/registry.ts';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';

test('a dialect is found by the name that a model folder gives', () => {
  assert.equal(createDialect('compact', byteTokenizer()).name, 'compact');
  assert.equal(createDialect('json', byteTokenizer([], { specials: [] })).name, 'json');
  assert.equal(createPlanDialect('compact', byteTokenizer()).name, 'compact');
  assert.equal(createRewardDialect('compact', byteTokenizer()).name, 'compact');
});

test('an unknown dialect is an error that lists those there are', () => {
  const unknown = (name: string, known: string) => ({
    code: 'unavailable',
    message: new RegExp(`cannot speak "${name}"; known: ${known}$`),
  });
  assert.throws(() => createDialect('ufo', byteTokenizer()), unknown('ufo', 'compact, json'));
  assert.throws(() => createDialect('constructor', byteTokenizer()), unknown('constructor', 'compact, json'));
  assert.throws(() => createPlanDialect('json', byteTokenizer()), unknown('json', 'compact'));
  assert.throws(() => createRewardDialect('json', byteTokenizer()), unknown('json', 'compact'));
});

test('a tokenizer without the special tokens of the dialect is refused', () => {
  const foreign = byteTokenizer([], { specials: [] });
  for (const create of [createDialect, createPlanDialect, createRewardDialect]) {
    assert.throws(() => create('compact', foreign), { code: 'unavailable', message: /no special token <\|pad\|>/ });
  }
});
