/** The choice that is told ahead of an answer, over random states and answers: it is what the whole answer says in the end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompactDialect } from '../../src/runtime/dialects/compact-dialect.ts';
import type { Dialect } from '../../src/runtime/dialects/dialect.ts';
import { JsonDialect } from '../../src/runtime/dialects/json-dialect.ts';
import { Generation } from '../../src/runtime/engine/generation.ts';
import { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import type { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import { byteTokenizer, pieceTokenizer } from '../support/byte-tokenizer.ts';
import { aState } from '../support/states.ts';

const names = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('Bold', 'Bold ', '', '"', '\\', '","function":"', '{"control":null', '🙂', '▁', 'none', '<|fn|>'),
);
const controls = fc.array(
  fc.record({ name: names, type: fc.constantFrom('Button', 'Edit', 'Document', 'Spinner'), enabled: fc.boolean() }),
  { maxLength: 6 },
);
const states = fc
  .record({ userRequest: fc.constantFrom('go', `set 'Big "news"' to 12`), listed: controls })
  .map(({ userRequest, listed }) =>
    aState({ userRequest, controls: listed.map((control, i) => ({ id: `c${i}`, ...control })) }),
  );
const wishes = fc.record({ thought: fc.boolean(), plan: fc.boolean() });

const compactTokenizer = byteTokenizer([['B', 'o']]);
const byteLevel = byteTokenizer([['"', ',']], { specials: ['<s>'] });
const pieces = pieceTokenizer([['▁', 'B']]);
const WORLDS: readonly (readonly [string, Dialect, SegmentTokenizer])[] = [
  ['compact', new CompactDialect(compactTokenizer), compactTokenizer],
  ['json', new JsonDialect(byteLevel), byteLevel],
  ['json over SentencePiece', new JsonDialect(pieces), pieces],
];

for (const [name, dialect, tokenizer] of WORLDS) {
  const vocabulary = new Vocabulary({ tokens: tokenizer.tokenBytes });
  const even = new Float32Array(vocabulary.size);

  test(`${name}: an answer says what was told of it ahead, and something is told of every answer`, () => {
    fc.assert(
      fc.property(states, wishes, fc.nat(), (state, wanted, seed) => {
        const { promptTokens, grammar, parse, parseChoice } = dialect.prepare(state, { maxTextBytes: 12, ...wanted });
        const sampling = { temperature: 2, seed };
        const generation = new Generation({ promptTokens, grammar, sampling, tellsChoice: true }, vocabulary);
        const told: Int32Array[] = [];
        do {
          const beginning = generation.takeChoice();
          if (beginning !== undefined) told.push(beginning);
          generation.decide(even);
        } while (!generation.isComplete);
        const { controlId, controlName, function: fn } = parse(generation.tokens);
        assert.deepEqual(told.map(parseChoice), [{ controlId, controlName, function: fn }]);
        // Nothing is decided by then that comes later: neither the arguments nor the status.
        assert.ok(told.every((beginning) => beginning.length < generation.tokens.length));
      }),
      { numRuns: 150 },
    );
  });
}
