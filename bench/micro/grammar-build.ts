/** What a new state costs before its first token, by the size of the vocabulary. */
import { renderPrompt } from '../../src/runtime/dialects/compact.ts';
import { CompactDialect } from '../../src/runtime/dialects/compact-dialect.ts';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import { validateGrammar } from '../../src/runtime/grammar/validate.ts';
import type { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import type { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import type { State } from '../../src/runtime/types.ts';
import { Random } from '../desktop/random.ts';
import { makeState, OPTIONS } from './states.ts';
import { Series, timed, timedThrice } from './timing.ts';

/** One vocabulary under measurement; each sample is a state of its own. */
export class GrammarBuild {
  readonly series = new Series();
  readonly #tokenizer: SegmentTokenizer;
  readonly #dialect: CompactDialect;
  readonly #vocabulary: Vocabulary;
  readonly #random = new Random(2);

  constructor(tokenizer: SegmentTokenizer, vocabulary: Vocabulary) {
    this.#tokenizer = tokenizer;
    this.#dialect = new CompactDialect(tokenizer);
    this.#vocabulary = vocabulary;
  }

  sample(): void {
    const unseen = makeState(this.#random);
    this.series.add(
      'prepare, names never seen',
      timed(() => void this.#dialect.prepare(unseen, OPTIONS).grammar),
    );

    const state = makeState(this.#random);
    this.series.add(
      'render and tokenize, names never seen',
      timed(() => this.#render(state)),
    );
    this.series.add(
      'render and tokenize, names seen',
      timedThrice(() => this.#render(state)),
    );

    // The grammar of a prepared state is built when it is asked for; a stranger has kept nothing of other tasks.
    const strangers = Array.from({ length: 3 }, () => new CompactDialect(this.#tokenizer).prepare(state, OPTIONS));
    const newTask = timedThrice(() => void strangers.pop()?.grammar);
    this.series.add('answer grammar, new task', newTask);
    const acquaintances = Array.from({ length: 3 }, () => this.#dialect.prepare(state, OPTIONS));
    let { grammar } = this.#dialect.prepare(state, OPTIONS);
    const nextStep = timedThrice(() => {
      grammar = acquaintances.pop()?.grammar ?? grammar;
    });
    this.series.add('answer grammar, next step of a task', nextStep);

    this.series.add(
      'validation at the engine',
      timedThrice(() => validateGrammar(grammar, this.#vocabulary)),
    );
    const begin = () => void new GrammarMatcher(this.#vocabulary, grammar).forcedTokens([]);
    this.series.add('matcher, up to the first decision', timedThrice(begin));
  }

  #render(state: State): void {
    const prompt = renderPrompt(state);
    const tokens: number[] = [];
    this.#tokenizer.encode(prompt.head, tokens);
    for (const control of prompt.controls) this.#tokenizer.encode(control, tokens);
    this.#tokenizer.encode(prompt.tail, tokens);
  }
}
