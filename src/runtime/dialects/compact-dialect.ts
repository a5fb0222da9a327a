/** The compact dialect as the gateway uses it: prompt tokens, the answer grammar of a state, and the way back. */
import { choiceNode, type Head } from '../grammar/builder.ts';
import type { Grammar, GrammarNode } from '../grammar/grammar.ts';
import { computeMaxTokens } from '../grammar/max-tokens.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { Control, State } from '../types.ts';
import { renderPrompt, targetSegments } from './compact.ts';
import { FunctionGrammar, type FunctionGrammarOptions } from './compact-functions.ts';
import { parseAnswer, parseChoice } from './compact-parse.ts';
import * as t from './compact-tokens.ts';
import { type Dialect, type PreparedState, type PrepareOptions, preparedState } from './dialect.ts';
import { FunctionGrammars } from './function-grammars.ts';
import { failedLiterals, selectedLiterals, traitsOf } from './literal-choice.ts';
import { special } from './segment.ts';
import { factsOf, type StateFacts } from './state-facts.ts';

/** Function grammars that are kept: all steps of an episode share one, and so do episodes whose tasks have literals alike. */
const KEPT_FUNCTION_GRAMMARS = 256;

export class CompactDialect implements Dialect {
  readonly name = 'compact';
  readonly #tokenizer: SegmentTokenizer;
  readonly #functions: FunctionGrammars<FunctionGrammarOptions, FunctionGrammar>;

  /** Throws `GatewayError` (`unavailable`) if the tokenizer lacks one of the dialect's special tokens. */
  constructor(tokenizer: SegmentTokenizer) {
    for (const name of t.SPECIAL_TOKENS) tokenizer.specialId(name);
    this.#tokenizer = tokenizer;
    this.#functions = new FunctionGrammars(
      KEPT_FUNCTION_GRAMMARS,
      (options) => new FunctionGrammar(tokenizer, options),
    );
  }

  prepare(state: State, options: PrepareOptions): PreparedState {
    const facts = factsOf(state);
    const prompt = renderPrompt(state, facts);
    const tokens: number[] = [];
    this.#tokenizer.encode([...prompt.head, special(t.CONTROLS)], tokens);
    const before = tokens.length;
    for (const control of prompt.controls) this.#tokenizer.encode(control, tokens);
    for (const { segments } of prompt.marks) this.#tokenizer.encode(segments, tokens);
    const controlTokens = tokens.length - before;
    this.#tokenizer.encode(prompt.tail, tokens);
    return preparedState(
      {
        promptTokens: Int32Array.from(tokens),
        controlTokens,
        beginsWithDecision: true,
        parse: (answer) => parseAnswer(state, this.#tokenizer.decode(answer), facts),
        parseChoice: (beginning) => parseChoice(state, this.#tokenizer.decode(beginning), facts),
      },
      () => this.#grammar(state, facts, options),
    );
  }

  /** A choice among the controls that some allowed function applies to, in front of the function grammar. */
  #grammar(state: State, facts: StateFacts, options: PrepareOptions): Grammar {
    const { references } = facts;
    const functions = this.#functions.of({
      allowed: state.allowedFunctions,
      maxTextBytes: options.maxTextBytes,
      literals: traitsOf(references, [
        ...failedLiterals(state.previousActions),
        ...selectedLiterals(state.previousActions, references),
      ]),
    });
    const fn = this.#tokenizer.specialId(t.FN);
    const heads: Head[] = [{ tokens: [this.#tokenizer.specialId(t.WINDOW), fn], next: functions.window }];
    state.controls.forEach((control, i) => {
      const next = canActOn(control) ? functions.entry(control.type) : undefined;
      if (next === undefined) return;
      const tokens: number[] = [];
      this.#tokenizer.encode(targetSegments(facts, i), tokens);
      tokens.push(fn);
      heads.push({ tokens, next });
    });
    const nodes: GrammarNode[] = [...functions.nodes, choiceNode('control', heads)];
    const start = nodes.length - 1;
    return { nodes, start, maxTokens: computeMaxTokens(nodes, start) };
  }
}

function canActOn(control: Control): boolean {
  return control.enabled !== false;
}
