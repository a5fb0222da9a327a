import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceNode } from '../../../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode } from '../../../../src/runtime/grammar/grammar.ts';
import { GrammarMatcher } from '../../../../src/runtime/grammar/matcher.ts';
import { computeMaxTokens } from '../../../../src/runtime/grammar/max-tokens.ts';
import { validateGrammar } from '../../../../src/runtime/grammar/validate.ts';
import { idsOf } from '../../../support/ids-of.ts';
import { ByteVocabulary } from './byte-vocabulary.ts';

const world = new ByteVocabulary(['Bold', 'Bo', ' size', '12', 'ö']);
const [FN, ARG, END] = [world.special(0), world.special(1), world.special(5)];
const encode = (text: string) => world.encode(text);

/** NAME <FN> then a text, a number or nothing, as the name has it, then <END>. */
function aGrammar(): Grammar {
  const nodes: GrammarNode[] = [
    { type: 'end' },
    choiceNode('status', [{ tokens: [END], next: 0 }]),
    { type: 'text', field: 'args', minBytes: 0, maxBytes: 4, next: 1 },
    { type: 'number', field: 'args', min: 1, max: 72, maxDecimals: 0, next: 1 },
    choiceNode('control', [
      { tokens: [...encode('Bold'), FN], next: 1 },
      { tokens: [...encode('Bold text'), FN, ARG], next: 2 },
      { tokens: [...encode('Font size'), FN, ARG], next: 3 },
      { tokens: [...encode('Bold'), FN], next: 1 },
    ]),
  ];
  return { nodes, start: 4, maxTokens: computeMaxTokens(nodes, 4) };
}

function aMatcher(...taken: readonly (readonly number[])[]): GrammarMatcher {
  const grammar = aGrammar();
  validateGrammar(grammar, world.vocabulary);
  const matcher = new GrammarMatcher(world.vocabulary, grammar);
  for (const token of taken.flat()) matcher.accept(token);
  return matcher;
}

function allowed(matcher: GrammarMatcher): number[] {
  return idsOf(matcher.allowed());
}

function forced(matcher: GrammarMatcher): number[] {
  const tokens: number[] = [];
  matcher.forcedTokens(tokens);
  return tokens;
}

test('a choice allows what its alternatives begin with, each token once', () => {
  assert.deepEqual(allowed(aMatcher()), [world.byte('F'), world.merge(0)]);
});

test('a shared prefix narrows the choice down', () => {
  assert.deepEqual(allowed(aMatcher(encode('Bold'))), [FN, world.byte(' ')]);
});

test('the rest of the last alternative is forced, on into the next nodes up to a decision', () => {
  assert.deepEqual(forced(aMatcher([world.byte('F')])), [...encode('ont size'), FN, ARG]);
  assert.deepEqual(forced(aMatcher(encode('Bold'), [FN])), [END]);
  assert.deepEqual(forced(aMatcher()), []);
});

test('forced tokens are appended and not taken', () => {
  const matcher = aMatcher([world.byte('F')]);
  const tokens = [1];
  assert.equal(matcher.forcedTokens(tokens), tokens.length - 1);
  assert.deepEqual(allowed(matcher), [world.byte('o')]);
});

test('equal alternatives are one', () => {
  const matcher = aMatcher(encode('Bold'), [FN, END]);
  assert.ok(matcher.isTerminated);
});

test('a text takes any ordinary token that fits, and ends with what follows', () => {
  const matcher = aMatcher(encode('Bold text'), [FN, ARG]);
  const tokens = allowed(matcher);
  for (const token of [END, world.byte('a'), world.merge(0), world.merge(4), world.byte(0xf0)]) {
    assert.ok(tokens.includes(token), `${token}`);
  }
  // Too long; a control character; the middle of a character; special, but not what follows.
  for (const token of [world.merge(2), world.byte('\n'), world.byte(0x80), FN]) {
    assert.ok(!tokens.includes(token), `${token}`);
  }
});

test('a text does not end inside a character', () => {
  const matcher = aMatcher(encode('Bold text'), [FN, ARG, world.byte(0xc3)]);
  assert.deepEqual(
    allowed(matcher),
    Array.from({ length: 64 }, (_, i) => world.byte(0x80 + i)),
  );
});

test('a full text is forced to end', () => {
  const matcher = aMatcher(encode('Bold text'), [FN, ARG], encode('abcd'));
  assert.deepEqual(forced(matcher), [END]);
  assert.deepEqual(allowed(matcher), [END]);
});

test('a number takes digits while it stays in its range', () => {
  const matcher = aMatcher(encode('Font size'), [FN, ARG]);
  const digits = [...'123456789'].map((digit) => world.byte(digit));
  assert.deepEqual(allowed(matcher), [...digits, world.merge(3)]);
  matcher.accept(world.byte('7'));
  assert.deepEqual(allowed(matcher), [...[...'012'].map((digit) => world.byte(digit)), END]);
  matcher.accept(world.byte('2'));
  assert.deepEqual(forced(matcher), [END]);
});

test('the field is that of the node, up to the token that ends it', () => {
  const matcher = aMatcher();
  assert.equal(matcher.field, 'control');
  for (const token of [...encode('Bold text'), FN, ARG]) matcher.accept(token);
  assert.deepEqual([matcher.field, matcher.nodeIndex], ['args', 2]);
  matcher.accept(END);
  assert.ok(matcher.isTerminated);
  assert.deepEqual(allowed(matcher), []);
  assert.deepEqual(forced(matcher), []);
  assert.throws(() => matcher.field, { name: 'InvariantError' });
});

test('a token that is not allowed is refused by name', () => {
  assert.throws(() => aMatcher([END]), {
    name: 'InvariantError',
    message: `token ${END} is not allowed at node 4 of the grammar`,
  });
  assert.throws(() => aMatcher(encode('Bold'), [FN, END, END]), { name: 'InvariantError' });
});

test('a grammar may be over before it began', () => {
  const matcher = new GrammarMatcher(world.vocabulary, { nodes: [{ type: 'end' }], start: 0, maxTokens: 0 });
  assert.ok(matcher.isTerminated);
});
