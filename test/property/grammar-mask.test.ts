/** The matcher against the naive meaning of a grammar, on random small worlds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import { validateGrammar } from '../../src/runtime/grammar/validate.ts';
import { Rng } from '../../src/runtime/sampling/rng.ts';
import { idsOf } from '../support/ids-of.ts';
import { Oracle } from '../unit/runtime/grammar/oracle.ts';
import { world } from '../unit/runtime/grammar/worlds.ts';

const seed = fc.nat();

/** One of the allowed tokens; ordinary ones and those that end a text are as likely, or texts would hardly ever end early. */
function pick(matcher: GrammarMatcher, rng: Rng): number {
  const { tokens, count, ends } = matcher.allowed();
  assert.ok(count + ends.length > 0, 'stuck');
  const draw = rng.nextFloat();
  if (count === 0 || (ends.length > 0 && rng.nextFloat() < 0.3)) return ends[Math.floor(draw * ends.length)] as number;
  return tokens[Math.floor(draw * count)] as number;
}

/** Takes allowed tokens at random until the answer is complete. */
function walk(matcher: GrammarMatcher, rng: Rng, beforeEach: (taken: readonly number[]) => void): number[] {
  const taken: number[] = [];
  while (!matcher.isTerminated) {
    beforeEach(taken);
    const token = pick(matcher, rng);
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
        assert.deepEqual(idsOf(matcher.allowed()), oracle.allowedAfter(taken));
      });
    }),
    { numRuns: 40 },
  );
});

test('a token is accepted exactly when it is allowed, and a refused one changes nothing', () => {
  fc.assert(
    fc.property(world, seed, ({ vocabulary, grammar }, seed) => {
      const matcher = new GrammarMatcher(vocabulary.vocabulary, grammar);
      walk(matcher, new Rng(seed), () => {
        const allowed = new Set(idsOf(matcher.allowed()));
        for (let token = -1; token <= vocabulary.tokens.length; token++) {
          const accept = () => matcher.clone().accept(token);
          if (allowed.has(token)) accept();
          else assert.throws(accept, { name: 'InvariantError' });
        }
        const refused = vocabulary.tokens.findIndex((_, token) => !allowed.has(token));
        if (refused >= 0) assert.throws(() => matcher.accept(refused), { name: 'InvariantError' });
        assert.deepEqual(new Set(idsOf(matcher.allowed())), allowed);
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
      assert.deepEqual(idsOf(matcher.allowed()), []);
    }),
    { numRuns: 300 },
  );
});

test('some answer has maxTokens tokens', () => {
  fc.assert(
    fc.property(world, ({ vocabulary, grammar }) => {
      const oracle = new Oracle(vocabulary, grammar);
      const answer = oracle.longestAnswer();
      assert.equal(answer.length, grammar.maxTokens);
      const matcher = new GrammarMatcher(vocabulary.vocabulary, grammar);
      for (const token of answer) matcher.accept(token);
      assert.ok(matcher.isTerminated);
      assert.ok(oracle.isAnswer(answer));
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
        for (let ids = idsOf(copy.allowed()); ids.length === 1; ids = idsOf(copy.allowed())) {
          stepwise.push(...ids);
          copy.accept(ids[0] as number);
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
        clone.accept(pick(clone, other));
      });
      assert.deepEqual(beside, alone);
    }),
  );
});
