/** The matcher against the naive meaning of a grammar, on random small worlds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import { validateGrammar } from '../../src/runtime/grammar/validate.ts';
import { Rng } from '../../src/runtime/sampling/rng.ts';
import { Oracle } from '../unit/runtime/grammar/oracle.ts';
import { world } from '../unit/runtime/grammar/worlds.ts';

const seed = fc.nat();

/** Takes allowed tokens at random until the answer is complete. */
function walk(matcher: GrammarMatcher, rng: Rng, beforeEach: (taken: readonly number[]) => void): number[] {
  const taken: number[] = [];
  while (!matcher.isTerminated) {
    beforeEach(taken);
    const { tokens, count } = matcher.allowed();
    assert.ok(count > 0, 'stuck');
    const token = tokens[Math.floor(rng.nextFloat() * count)] as number;
    matcher.accept(token);
    taken.push(token);
  }
  beforeEach(taken);
  return taken;
}

test('random grammars are valid', () => {
  fc.assert(fc.property(world, ({ vocabulary, grammar }) => validateGrammar(grammar, vocabulary.vocabulary)));
});

test('the allowed tokens are those that the grammar allows one by one', () => {
  fc.assert(
    fc.property(world, seed, ({ vocabulary, grammar }, seed) => {
      const matcher = new GrammarMatcher(vocabulary.vocabulary, grammar);
      const oracle = new Oracle(vocabulary, grammar);
      walk(matcher, new Rng(seed), (taken) => {
        const { tokens, count } = matcher.allowed();
        assert.deepEqual([...tokens.subarray(0, count)], oracle.allowedAfter(taken));
      });
    }),
    { numRuns: 60 },
  );
});

test('a token is accepted exactly when it is allowed, and a refused one changes nothing', () => {
  fc.assert(
    fc.property(world, seed, ({ vocabulary, grammar }, seed) => {
      const matcher = new GrammarMatcher(vocabulary.vocabulary, grammar);
      walk(matcher, new Rng(seed), () => {
        const allowed = new Set(matcher.allowed().tokens.subarray(0, matcher.allowed().count));
        for (let token = -1; token <= vocabulary.tokens.length; token++) {
          const accept = () => matcher.clone().accept(token);
          if (allowed.has(token)) accept();
          else assert.throws(accept, { name: 'InvariantError' });
        }
        const refused = vocabulary.tokens.findIndex((_, token) => !allowed.has(token));
        if (refused >= 0) assert.throws(() => matcher.accept(refused), { name: 'InvariantError' });
        assert.deepEqual(new Set(matcher.allowed().tokens.subarray(0, matcher.allowed().count)), allowed);
      });
    }),
    { numRuns: 10 },
  );
});

test('whatever is drawn is a whole answer within maxTokens', () => {
  fc.assert(
    fc.property(world, seed, ({ vocabulary, grammar }, seed) => {
      const matcher = new GrammarMatcher(vocabulary.vocabulary, grammar);
      const answer = walk(matcher, new Rng(seed), () => {});
      assert.ok(answer.length <= grammar.maxTokens, `${answer.length} tokens of at most ${grammar.maxTokens}`);
      assert.ok(new Oracle(vocabulary, grammar).isAnswer(answer));
      assert.equal(matcher.allowed().count, 0);
    }),
    { numRuns: 300 },
  );
});

test('forced tokens are those that taking the only allowed token, again and again, gives', () => {
  fc.assert(
    fc.property(world, seed, ({ vocabulary, grammar }, seed) => {
      const matcher = new GrammarMatcher(vocabulary.vocabulary, grammar);
      walk(matcher, new Rng(seed), () => {
        const forced: number[] = [];
        const before = matcher.nodeIndex;
        assert.equal(matcher.forcedTokens(forced), forced.length);
        assert.equal(matcher.nodeIndex, before);
        const stepwise: number[] = [];
        const copy = matcher.clone();
        for (let { tokens, count } = copy.allowed(); count === 1; { tokens, count } = copy.allowed()) {
          stepwise.push(tokens[0] as number);
          copy.accept(tokens[0] as number);
        }
        assert.deepEqual(forced, stepwise);
      });
    }),
    { numRuns: 200 },
  );
});

test('a clone and its original go their own ways', () => {
  fc.assert(
    fc.property(world, seed, seed, ({ vocabulary, grammar }, first, second) => {
      const matcher = new GrammarMatcher(vocabulary.vocabulary, grammar);
      const clone = matcher.clone();
      const alone = walk(new GrammarMatcher(vocabulary.vocabulary, grammar), new Rng(first), () => {});
      const other = new Rng(second);
      const beside = walk(matcher, new Rng(first), () => {
        if (clone.isTerminated) return;
        const { tokens, count } = clone.allowed();
        clone.accept(tokens[Math.floor(other.nextFloat() * count)] as number);
      });
      assert.deepEqual(beside, alone);
    }),
  );
});
