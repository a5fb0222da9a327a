import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceNode, type Head } from '../../../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode } from '../../../../src/runtime/grammar/grammar.ts';
import { validateGrammar } from '../../../../src/runtime/grammar/validate.ts';
import { Vocabulary } from '../../../../src/runtime/grammar/vocabulary.ts';
import { ByteVocabulary } from './byte-vocabulary.ts';

const world = new ByteVocabulary();
const size = world.tokens.length;
const END = world.special(5);
const [A, B] = [world.byte('a'), world.byte('b')];
const [QUOTE, NEW_LINE, POINT] = [world.byte('"'), world.byte('\n'), world.byte('.')];

const END_NODE: GrammarNode = { type: 'end' };
const STATUS = choiceNode('status', [{ tokens: [END], next: 0 }]);
const choice = (...heads: Head[]) => choiceNode('control', heads);

/** A grammar of `node`, which leads to nodes 0 (end) and 1 (a choice of one special token, then the end). */
function around(node: GrammarNode, maxTokens = 3): Grammar {
  return { nodes: [END_NODE, STATUS, node], start: 2, maxTokens };
}

function text(minBytes: number, maxBytes: number, next = 1): GrammarNode {
  return { type: 'text', field: 'args', minBytes, maxBytes, next };
}

test('a sound grammar passes', () => {
  const equals = choice({ tokens: [A, B], next: 1 }, { tokens: [B], next: 0 }, { tokens: [A, B], next: 1 });
  validateGrammar(around(equals), world.vocabulary);
  validateGrammar(around(text(0, 2)), world.vocabulary);
  validateGrammar(
    around({ type: 'number', field: 'args', min: 0, max: 99, maxDecimals: 0, next: 1 }),
    world.vocabulary,
  );
});

/** `node`, which leads to node 1, in front of a choice that begins with `token`. */
function before(token: number, node: GrammarNode, maxTokens = 3): Grammar {
  return { nodes: [END_NODE, choice({ tokens: [token], next: 0 }), node], start: 2, maxTokens };
}

const jsonText: GrammarNode = { type: 'text', field: 'args', notation: 'json', minBytes: 0, maxBytes: 2, next: 1 };
const number: GrammarNode = { type: 'number', field: 'args', min: 0, max: 99, maxDecimals: 0, next: 1 };

test('a text or number may end with an ordinary token that cannot be part of it', () => {
  validateGrammar(before(NEW_LINE, text(0, 2)), world.vocabulary);
  validateGrammar(before(NEW_LINE, jsonText), world.vocabulary);
  validateGrammar(before(QUOTE, jsonText), world.vocabulary);
  validateGrammar(before(QUOTE, number), world.vocabulary);
  validateGrammar(before(A, number), world.vocabulary);
});

const tokens = Int32Array.from([A, B]);
const broken: Record<string, [Grammar, RegExp]> = {
  'a start that is no node': [{ ...around(STATUS), start: 3 }, /start 3 is not a node/],
  'a start that is no index': [{ ...around(STATUS), start: 0.5 }, /start 0.5 is not a node/],
  'a choice of nothing': [around(choice()), /node 2: a choice without alternatives/],
  'too few offsets': [
    around({ type: 'choice', field: 'args', tokens, offsets: Int32Array.of(0, 2), next: Int32Array.of(0, 0) }),
    /node 2: not one offset more than alternatives/,
  ],
  'offsets that leave tokens out': [
    around({ type: 'choice', field: 'args', tokens, offsets: Int32Array.of(0, 1), next: Int32Array.of(0) }),
    /node 2: offsets do not span the tokens/,
  ],
  'an empty alternative': [around(choice({ tokens: [], next: 1 }, { tokens: [A], next: 1 })), /alternative 0 is empty/],
  'offsets that go back': [
    around({ type: 'choice', field: 'args', tokens, offsets: Int32Array.of(0, 3, 2), next: Int32Array.of(0, 0) }),
    /alternative 1 is empty/,
  ],
  'a next that is no node': [around(choice({ tokens: [A], next: 9 })), /alternative 0 leads to no node: 9/],
  'a token past the vocabulary': [around(choice({ tokens: [size], next: 1 })), /token 26\d is not in the vocabulary/],
  'a negative token': [around(choice({ tokens: [-1], next: 1 })), /token -1 is not in the vocabulary/],
  'an alternative that begins another': [
    around(choice({ tokens: [A, B], next: 1 }, { tokens: [B], next: 1 }, { tokens: [A], next: 1 })),
    /alternative 2 begins alternative 0/,
  ],
  'equal alternatives that lead apart': [
    around(choice({ tokens: [A], next: 1 }, { tokens: [B], next: 1 }, { tokens: [A], next: 0 })),
    /alternatives 0 and 2 are equal but lead apart/,
  ],
  'a text of less than nothing': [around(text(-1, 2)), /a text of -1 to 2 bytes/],
  'a text with its bounds the wrong way round': [around(text(3, 2)), /a text of 3 to 2 bytes/],
  'a text of half a byte': [around(text(0, 2.5)), /a text of 0 to 2.5 bytes/],
  'a text without bounds': [around(text(0, Number.POSITIVE_INFINITY)), /a text of 0 to Infinity bytes/],
  'a text before the end': [around(text(0, 2, 0)), /next is node 0, which is no choice/],
  'a text before nothing': [around(text(0, 2, 7)), /next is node 7, which is no choice/],
  'a text before text': [
    {
      nodes: [END_NODE, choice({ tokens: [END], next: 0 }, { tokens: [A], next: 0 }), text(0, 2)],
      start: 2,
      maxTokens: 3,
    },
    /node 2: next begins with token \d+, which can also go on with it/,
  ],
  'a text before a quotation mark': [before(QUOTE, text(0, 2)), /node 2: next begins with token \d+, which can also/],
  'a JSON text before a letter': [before(A, jsonText), /node 2: next begins with token \d+, which can also/],
  'a number before a decimal point': [before(POINT, number), /node 2: next begins with token \d+, which can also/],
  'a text in an unknown notation': [
    around({ ...text(0, 2), notation: 'xml' } as unknown as GrammarNode),
    /node 2: a text in the notation xml/,
  ],
  'a number that does not exist': [
    around({ type: 'number', field: 'args', min: 0.2, max: 0.8, maxDecimals: 0, next: 1 }),
    /there is none/,
  ],
  'a cycle': [around(choice({ tokens: [A], next: 2 })), /leads back to itself/],
  'too small a maxTokens': [around(text(0, 2), 2), /maxTokens is 2, the longest answer has 3/],
  'too large a maxTokens': [around(text(0, 2), 4), /maxTokens is 4, the longest answer has 3/],
};

for (const [what, [grammar, message]] of Object.entries(broken)) {
  test(`${what} is refused`, () => {
    assert.throws(() => validateGrammar(grammar, world.vocabulary), { name: 'InvariantError', message });
  });
}

test('free text needs a vocabulary that can spell it', () => {
  const letters = new Vocabulary({ tokens: [undefined, new Uint8Array([A])] });
  const nodes: GrammarNode[] = [END_NODE, choice({ tokens: [0], next: 0 }), text(0, 2)];
  const message = /node 2: the vocabulary lacks bytes that a text may hold/;
  assert.throws(() => validateGrammar({ nodes, start: 2, maxTokens: 3 }, letters), { message });
});
