/** Answers of a grammar: drawn at random, and checked against it token by token. */
import assert from 'node:assert/strict';
import type { Grammar } from '../../src/runtime/grammar/grammar.ts';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import { validateGrammar } from '../../src/runtime/grammar/validate.ts';
import { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import type { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import { idsOf } from './ids-of.ts';

export class Answers {
  readonly #vocabulary: Vocabulary;

  constructor(tokenizer: SegmentTokenizer) {
    this.#vocabulary = new Vocabulary({ tokens: tokenizer.tokenBytes });
  }

  /** An answer that `grammar` allows, by a list of arbitrary numbers, which is used over and over. */
  draw(grammar: Grammar, choices: readonly number[]): Int32Array {
    validateGrammar(grammar, this.#vocabulary);
    const matcher = new GrammarMatcher(this.#vocabulary, grammar);
    const tokens: number[] = [];
    while (!matcher.isTerminated) {
      const allowed = idsOf(matcher.allowed());
      const token = allowed[(choices[tokens.length % choices.length] ?? 0) % allowed.length] ?? -1;
      matcher.accept(token);
      tokens.push(token);
    }
    assert.ok(tokens.length <= grammar.maxTokens, 'an answer is longer than its grammar says');
    return Int32Array.from(tokens);
  }

  /** Throws unless `tokens` is a whole answer of `grammar`. */
  check(grammar: Grammar, tokens: Iterable<number>): void {
    validateGrammar(grammar, this.#vocabulary);
    const matcher = new GrammarMatcher(this.#vocabulary, grammar);
    for (const token of tokens) matcher.accept(token);
    assert.ok(matcher.isTerminated, 'the answer ends before its grammar does');
  }
}
