/** What one decision costs, by its kind and the size of the vocabulary: finding the allowed tokens, and choosing one of them. */
import { choiceNode } from '../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode } from '../../src/runtime/grammar/grammar.ts';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import { computeMaxTokens } from '../../src/runtime/grammar/max-tokens.ts';
import type { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import { Sampler } from '../../src/runtime/sampling/sampler.ts';
import type { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import { Random } from '../desktop/random.ts';
import { asciiWord } from './made-up-words.ts';
import { NUM_CONTROLS } from './states.ts';
import { Series, timedThrice } from './timing.ts';

const FN = '<|fn|>';
const END = '<|end|>';
const NUM_FUNCTIONS = 12;
/** Bytes: plenty of room, and so little that most tokens are too long. */
const ROOMY = 256;
const TIGHT = 6;

/** Decisions of one answer that are measured, from the first. */
const MAX_STEPS = 3;

type Kind = { readonly name: string; readonly grammar: Grammar };

/** One vocabulary under measurement. */
export class Decisions {
  readonly masks = new Series();
  readonly samples = new Series();
  readonly #vocabulary: Vocabulary;
  readonly #kinds: readonly Kind[];
  readonly #logits: Float32Array;
  #seed = 0;

  constructor(tokenizer: SegmentTokenizer, vocabulary: Vocabulary) {
    const random = new Random(3);
    this.#vocabulary = vocabulary;
    this.#kinds = makeKinds(tokenizer, random);
    this.#logits = Float32Array.from({ length: vocabulary.size }, () => random.next() * 24 - 12);
  }

  /** Every kind once, each with an answer of its own. */
  sample(): void {
    this.#seed += 1;
    for (const { name, grammar } of this.#kinds) {
      const matcher = new GrammarMatcher(this.#vocabulary, grammar);
      const drawer = new Sampler({ temperature: 1, seed: this.#seed });
      for (let step = 0; step < MAX_STEPS && !matcher.isTerminated; step++) {
        const token = { ...drawer.sample(this.#logits, matcher.allowed()) }.token;
        this.masks.add(
          name,
          timedThrice(() => this.#decide(matcher.clone(), token)),
        );
        this.#timeSampling(name, matcher);
        matcher.accept(token);
      }
    }
  }

  /** All that a decision asks of the grammar: what may come, taking a token of it, and what that forces. */
  #decide(matcher: GrammarMatcher, token: number): void {
    matcher.allowed();
    matcher.accept(token);
    matcher.forcedTokens([]);
  }

  #timeSampling(name: string, matcher: GrammarMatcher): void {
    const allowed = matcher.allowed();
    for (const [how, temperature] of [
      ['greedy', 0],
      ['drawn', 0.7],
    ] as const) {
      const sampler = new Sampler({ temperature, seed: this.#seed });
      this.samples.add(
        `${name}, ${how}`,
        timedThrice(() => void sampler.sample(this.#logits, allowed)),
      );
    }
  }
}

function makeKinds(tokenizer: SegmentTokenizer, random: Random): readonly Kind[] {
  const [fn, end] = [tokenizer.specialId(FN), tokenizer.specialId(END)];
  const ending: GrammarNode[] = [{ type: 'end' }, choiceNode('status', [{ tokens: [end], next: 0 }])];
  const before = (node: GrammarNode): Grammar => {
    const nodes = [...ending, node];
    return { nodes, start: 2, maxTokens: computeMaxTokens(nodes, 2) };
  };
  const words = (count: number, length: number) => {
    const names = Array.from({ length: count }, () => Array.from({ length }, () => asciiWord(random)).join(' '));
    return [...new Set(names)].map((name) => ({ tokens: [...tokenizer.encodeText(name), fn], next: 1 }));
  };
  const text = (maxBytes: number, notation: 'plain' | 'json' = 'plain') =>
    before({ type: 'text', field: 'args', notation, minBytes: 0, maxBytes, next: 1 });
  return [
    { name: `control out of ${NUM_CONTROLS}`, grammar: before(choiceNode('control', words(NUM_CONTROLS, 3))) },
    { name: `function out of ${NUM_FUNCTIONS}`, grammar: before(choiceNode('function', words(NUM_FUNCTIONS, 1))) },
    { name: `text of ${ROOMY} bytes`, grammar: text(ROOMY) },
    { name: `text of ${TIGHT} bytes`, grammar: text(TIGHT) },
    { name: `JSON text of ${ROOMY} bytes`, grammar: text(ROOMY, 'json') },
    {
      name: 'number with decimals',
      grammar: before({ type: 'number', field: 'args', min: -1000, max: 100_000, maxDecimals: 2, next: 1 }),
    },
  ];
}
