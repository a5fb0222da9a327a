/**
 * The JSON dialect: for instruction models that know nothing of ours. The state is told in words (json-prompt.ts), and the answer
 * is one JSON object without white space:
 *
 *     {"control":"Bold","function":"click_input","args":{"double":true},"status":"CONTINUE"}
 *
 * `control` is the listed name, or null for functions of the window; `"nth":2` behind it tells the second control of a name. With
 * a thought asked for, `"thought":"..."` comes first; with a plan, `"plan":["..."]` comes last.
 *
 * As in the compact dialect, an answer is made of segments that are tokenized alone (json-answer.ts), so that a control's name has
 * one tokenization, whatever surrounds it. Any BPE tokenizer does.
 */
import { choiceNode, type Head } from '../grammar/builder.ts';
import type { Grammar, GrammarNode, NodeIndex } from '../grammar/grammar.ts';
import { computeMaxTokens } from '../grammar/max-tokens.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { State } from '../types.ts';
import { type ChatFrame, chatFrame } from './chat-template.ts';
import { type Dialect, type PreparedState, type PrepareOptions, preparedState } from './dialect.ts';
import { FunctionGrammars } from './function-grammars.ts';
import { JsonFunctionGrammar, type JsonFunctionOptions } from './json-functions.ts';
import { parseJsonAnswer, parseJsonChoice } from './json-parse.ts';
import { renderJsonPrompt } from './json-prompt.ts';
import { jsonText } from './json-text.ts';
import { factsOf, type StateFacts } from './state-facts.ts';

/** Function grammars that are kept: all steps of an episode share one, and so do most episodes. */
const KEPT_FUNCTION_GRAMMARS = 64;
const MAX_THOUGHT_BYTES = 256;

export class JsonDialect implements Dialect {
  readonly name = 'json';
  readonly #tokenizer: SegmentTokenizer;
  readonly #frame: ChatFrame;
  readonly #functions: FunctionGrammars<JsonFunctionOptions, JsonFunctionGrammar>;

  constructor(tokenizer: SegmentTokenizer) {
    this.#tokenizer = tokenizer;
    this.#functions = new FunctionGrammars(
      KEPT_FUNCTION_GRAMMARS,
      (options) => new JsonFunctionGrammar(tokenizer, options),
    );
    this.#frame = chatFrame(tokenizer);
  }

  prepare(state: State, options: PrepareOptions): PreparedState {
    const facts = factsOf(state);
    const { instructions, head, controls, tail } = renderJsonPrompt(state, options, facts);
    const tokens: number[] = [];
    this.#tokenizer.encode(this.#frame.begin, tokens);
    this.#encodeTexts(instructions, tokens);
    this.#tokenizer.encode(this.#frame.middle, tokens);
    this.#encodeTexts(head, tokens);
    const before = tokens.length;
    this.#encodeTexts(controls, tokens);
    const controlTokens = tokens.length - before;
    this.#encodeTexts(tail, tokens);
    this.#tokenizer.encode(this.#frame.end, tokens);
    return preparedState(
      {
        promptTokens: Int32Array.from(tokens),
        controlTokens,
        beginsWithDecision: false,
        parse: (answer) => parseJsonAnswer(state, this.#textOf(answer), facts),
        parseChoice: (beginning) => parseJsonChoice(state, this.#textOf(beginning), facts),
      },
      () => this.#grammar(state, facts, options),
    );
  }

  /** Thought, then a choice among the controls that some allowed function applies to, in front of the function grammar. */
  #grammar(state: State, facts: StateFacts, { maxTextBytes, thought = false, plan = false }: PrepareOptions): Grammar {
    const functions = this.#functions.of({ allowed: state.allowedFunctions, maxTextBytes, plan });
    const names = this.#nameHeads(state, facts, functions);
    const nodes: GrammarNode[] = [...functions.nodes];
    const add = (node: GrammarNode): NodeIndex => nodes.push(node) - 1;
    const heads = (opening: string): Head[] => [
      { tokens: this.#tokenizer.encodeText(`${opening}"control":null,"function":"`), next: functions.window },
      // A choice must have alternatives, and a state need not have controls.
      ...(names.length === 0
        ? []
        : [{ tokens: this.#tokenizer.encodeText(`${opening}"control":"`), next: add(choiceNode('control', names)) }]),
    ];
    if (!thought) {
      const start = add(choiceNode('control', heads('{')));
      return { nodes, start, maxTokens: computeMaxTokens(nodes, start) };
    }
    const next = add(choiceNode('control', heads('",')));
    const bounds = { minBytes: 1, maxBytes: MAX_THOUGHT_BYTES };
    const text = add({ type: 'text', field: 'words', notation: 'json', ...bounds, next });
    const start = add(choiceNode('words', [{ tokens: this.#tokenizer.encodeText('{"thought":"'), next: text }]));
    return { nodes, start, maxTokens: computeMaxTokens(nodes, start) };
  }

  /** The name, and the number of the second and later controls that share it, up to the function's name. */
  #nameHeads(state: State, { labels }: StateFacts, functions: JsonFunctionGrammar): readonly Head[] {
    return state.controls.flatMap((control, i) => {
      const label = labels[i];
      const next = control.enabled === false ? undefined : functions.entry(control.type);
      if (label === undefined || next === undefined) return [];
      const tokens = [...this.#tokenizer.encodeText(jsonText(label.name))];
      const nth = label.ordinal > 1 ? `,"nth":${label.ordinal}` : '';
      tokens.push(...this.#tokenizer.encodeText(`"${nth},"function":"`));
      return [{ tokens, next }];
    });
  }

  #textOf(tokens: Int32Array): string {
    const segments = this.#tokenizer.decode(tokens);
    return segments.map((segment) => ('text' in segment ? segment.text : segment.special)).join('');
  }

  #encodeTexts(texts: readonly string[], out: number[]): void {
    for (const text of texts) for (const token of this.#tokenizer.encodeText(text)) out.push(token);
  }
}
