/** How much of an answer the grammar forces, over what the expert answers on the simulated desktop. */
import { renderAnswer } from '../../src/runtime/dialects/compact.ts';
import { CompactDialect } from '../../src/runtime/dialects/compact-dialect.ts';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import { actionOf, stateOf } from '../desktop/example.ts';
import { rollOut } from '../desktop/rollout.ts';
import { templates } from '../desktop/tasks/templates.ts';
import { shippedTokenizer } from './shipped-model.ts';
import { OPTIONS } from './states.ts';

export type ForcedShare = {
  readonly answers: number;
  readonly tokens: number;
  readonly forced: number;
  /** forced / tokens */
  readonly share: number;
  /** Tokens that the model decides, per answer. */
  readonly decisions: number;
};

/** By template, and over all of them. Episodes of the test split, with the shipped model's tokenizer. */
export function forcedShares(episodesPerTemplate: number): {
  overall: ForcedShare;
  templates: Record<string, ForcedShare>;
} {
  const tokenizer = shippedTokenizer();
  const vocabulary = new Vocabulary({ tokens: tokenizer.tokenBytes });
  const dialect = new CompactDialect(tokenizer);
  const counts = new Map<string, Count>();
  for (let seed = 1; seed <= episodesPerTemplate * templates.length; seed++) {
    const episode = makeEpisode('test', seed);
    const count = counts.get(episode.task) ?? new Count();
    counts.set(episode.task, count);
    for (const step of rollOut(episode)) {
      const state = stateOf(episode.request, step);
      const answer: number[] = [];
      tokenizer.encode(renderAnswer(state, actionOf(step.observation, step.decision)), answer);
      count.add(answer, new GrammarMatcher(vocabulary, dialect.prepare(state, OPTIONS).grammar));
    }
  }
  const overall = new Count();
  for (const count of counts.values()) overall.merge(count);
  const byTemplate = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, count]) => [name, count.share()]);
  return { overall: overall.share(), templates: Object.fromEntries(byTemplate) };
}

class Count {
  #answers = 0;
  #tokens = 0;
  #forced = 0;

  /** Takes the answer as the engine does: what is forced at once, the rest token by token. */
  add(answer: readonly number[], matcher: GrammarMatcher): void {
    for (let i = 0; i < answer.length; ) {
      const forced: number[] = [];
      const numForced = matcher.forcedTokens(forced);
      const taken = Math.max(numForced, 1);
      for (const token of answer.slice(i, i + taken)) matcher.accept(token);
      this.#forced += numForced;
      i += taken;
    }
    this.#answers += 1;
    this.#tokens += answer.length;
  }

  merge(other: Count): void {
    this.#answers += other.#answers;
    this.#tokens += other.#tokens;
    this.#forced += other.#forced;
  }

  share(): ForcedShare {
    const decisions = (this.#tokens - this.#forced) / this.#answers;
    return {
      answers: this.#answers,
      tokens: this.#tokens,
      forced: this.#forced,
      share: Math.round((this.#forced / this.#tokens) * 1000) / 1000,
      decisions: Math.round(decisions * 100) / 100,
    };
  }
}
