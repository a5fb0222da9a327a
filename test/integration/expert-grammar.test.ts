/** What the expert does can be said: each of its answers is of the grammar built for its state, with the shipped tokenizer. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeEpisode } from '../../bench/desktop/episodes.ts';
import { actionOf, stateOf } from '../../bench/desktop/example.ts';
import { Random } from '../../bench/desktop/random.ts';
import { rollOut } from '../../bench/desktop/rollout.ts';
import { SPLITS } from '../../bench/desktop/tasks/draw.ts';
import { templatesOfSplit } from '../../bench/desktop/tasks/templates.ts';
import { renderAnswer } from '../../src/runtime/dialects/compact.ts';
import { CompactDialect } from '../../src/runtime/dialects/compact-dialect.ts';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';

const read = (name: string) => JSON.parse(readFileSync(`models/lam-word/2/${name}`, 'utf8'));
const tokenizer = new SegmentTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
const vocabulary = new Vocabulary({ tokens: tokenizer.tokenBytes });
const dialect = new CompactDialect(tokenizer);

for (const split of SPLITS) {
  test(`${split}: the matcher accepts the expert's answers, also after mistakes, and they parse to what was meant`, () => {
    for (let seed = 1; seed <= 3 * templatesOfSplit(split).length; seed++) {
      const episode = makeEpisode(split, seed);
      const mistakes = seed % 2 === 0 ? { random: new Random(seed), rate: 0.3, most: 3 } : null;
      for (const step of rollOut(episode, mistakes)) {
        const state = stateOf(episode.request, step);
        const action = actionOf(step.observation, step.decision);
        const tokens: number[] = [];
        tokenizer.encode(renderAnswer(state, action), tokens);
        const prepared = dialect.prepare(state, { maxTextBytes: 64 });
        const matcher = new GrammarMatcher(vocabulary, prepared.grammar);
        assert.doesNotThrow(
          () => {
            for (const token of tokens) matcher.accept(token);
          },
          `${episode.request}: ${JSON.stringify(action)}`,
        );
        assert.ok(matcher.isTerminated);
        assert.deepEqual(prepared.parse(Int32Array.from(tokens)).function, action.function);
      }
    }
  });
}
