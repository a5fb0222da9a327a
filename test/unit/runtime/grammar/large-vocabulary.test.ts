/** The sizes of large models: 150 000 tokens, 500 controls. Results are checked, times are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceNode } from '../../../../src/runtime/grammar/builder.ts';
import type { GrammarNode, TextNode } from '../../../../src/runtime/grammar/grammar.ts';
import { GrammarMatcher } from '../../../../src/runtime/grammar/matcher.ts';
import { computeMaxTokens } from '../../../../src/runtime/grammar/max-tokens.ts';
import { validateGrammar } from '../../../../src/runtime/grammar/validate.ts';
import { Rng } from '../../../../src/runtime/sampling/rng.ts';
import { idsOf } from '../../../support/ids-of.ts';
import { ByteVocabulary } from './byte-vocabulary.ts';
import { isTextPrefix } from './oracle.ts';

const NUM_TOKENS = 150_000;
const rng = new Rng(1);
const below = (limit: number) => Math.floor(rng.nextFloat() * limit);
const merges = Array.from({ length: NUM_TOKENS }, () =>
  Uint8Array.from({ length: 2 + below(12) }, () => (below(300) === 0 ? below(256) : 0x61 + below(26))),
);
const world = new ByteVocabulary([...merges, ' '.repeat(128), '12', '345', '\\"', 'x\\', 'a",']);
const [END, FN] = [world.special(0), world.special(4)];

function matcherOf(nodes: GrammarNode[]): GrammarMatcher {
  const start = nodes.length - 1;
  const grammar = { nodes, start, maxTokens: computeMaxTokens(nodes, start) };
  validateGrammar(grammar, world.vocabulary);
  return new GrammarMatcher(world.vocabulary, grammar);
}

const end: GrammarNode[] = [{ type: 'end' }, choiceNode('status', [{ tokens: [END], next: 0 }])];

function allowed(matcher: GrammarMatcher): number[] {
  return idsOf(matcher.allowed());
}

for (const [notation, maxBytes] of [
  ['plain', 4],
  ['plain', 500],
  ['json', 2],
  ['json', 500],
] as const) {
  test(`the mask of a ${notation} text of at most ${maxBytes} bytes holds every token that is one`, () => {
    const text: TextNode = { type: 'text', field: 'args', notation, minBytes: 0, maxBytes, next: 1 };
    const expected = [...world.tokens.keys()].filter((token) => {
      const bytes = world.tokens[token];
      return token === END || (bytes !== undefined && bytes.length > 0 && isTextPrefix(text, bytes));
    });
    assert.deepEqual(allowed(matcherOf([...end, text])), expected);
  });
}

test('a number is found among all tokens', () => {
  const number: GrammarNode = { type: 'number', field: 'args', min: 12, max: 345, maxDecimals: 0, next: 1 };
  const matcher = matcherOf([...end, number]);
  const digits = [...'123456789'].map((digit) => world.byte(digit));
  const spelledAlike = allowed(matcher).filter((token) => token >= world.merge(0));
  assert.deepEqual(allowed(matcher), [...digits, ...spelledAlike]);
  assert.deepEqual(
    new Set(spelledAlike.map((token) => String.fromCharCode(...(world.tokens[token] ?? [])))),
    new Set(['12', '345']),
  );
});

test('500 controls are told apart', () => {
  const names = Array.from({ length: 500 }, (_, i) => [
    ...Array(i % 4).fill(world.byte('x')),
    world.merge(i),
    world.merge(i * 7),
  ]);
  const heads = names.map((tokens, i) => ({ tokens: [...tokens, FN], next: i % 2 }));
  const nodes = [...end, choiceNode('control', heads)];
  for (const [i, { tokens, next }] of heads.entries()) {
    const matcher = matcherOf(nodes);
    const forced: number[] = [];
    for (const token of tokens.slice(0, (i % 4) + 1)) matcher.accept(token);
    matcher.forcedTokens(forced);
    assert.deepEqual(forced, [...tokens.slice((i % 4) + 1), ...(next === 1 ? [END] : [])]);
  }
});
