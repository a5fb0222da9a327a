/** Small grammars and vocabularies for engines that run without a tokenizer. */
import { choiceNode } from '../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode } from '../../src/runtime/grammar/grammar.ts';
import { computeMaxTokens } from '../../src/runtime/grammar/max-tokens.ts';
import { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import type { ChoiceField } from '../../src/runtime/types.ts';

/** Tokens without bytes: no text can be spelled, but every choice can be made. */
export function specialTokens(count: number): (Uint8Array | undefined)[] {
  return new Array(count).fill(undefined);
}

/** All 256 bytes, and `numSpecial` special tokens behind them. */
export function byteTokens(numSpecial: number): (Uint8Array | undefined)[] {
  return [...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), ...specialTokens(numSpecial)];
}

export function aVocabulary(size: number): Vocabulary {
  return new Vocabulary({ tokens: specialTokens(size) });
}

export function grammarOf(nodes: readonly GrammarNode[]): Grammar {
  return { nodes, start: 0, maxTokens: computeMaxTokens(nodes, 0) };
}

/** One decision after the other: each step lists the alternatives of one choice. */
export function chain(...steps: readonly (readonly number[])[][]): Grammar {
  const fields: readonly ChoiceField[] = ['control', 'function', 'args', 'status'];
  const nodes: GrammarNode[] = steps.map((alternatives, i) =>
    choiceNode(
      fields[i % fields.length] ?? 'args',
      alternatives.map((tokens) => ({ tokens, next: i + 1 })),
    ),
  );
  return grammarOf([...nodes, { type: 'end' }]);
}

/** `length` free choices between the tokens 0 and 1. */
export function coinFlips(length: number): Grammar {
  return chain(...Array.from({ length }, () => [[0], [1]]));
}
