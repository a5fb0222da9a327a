/** Plans as the gateway uses them: prompt tokens of a task, the grammar of its plan, and the way back. */
import { GatewayError } from '../errors.ts';
import { choiceNode, type Head } from '../grammar/builder.ts';
import type { Grammar, GrammarNode, NodeIndex } from '../grammar/grammar.ts';
import { computeMaxTokens } from '../grammar/max-tokens.ts';
import type { PlanTask } from '../runtime.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import * as t from './compact-tokens.ts';
import type { PreparedPlan } from './dialect.ts';
import { lineBounds, MAX_LINE_REFERENCES, MAX_PLAN_LINES, parsePlan, renderPlanPrompt } from './plan.ts';
import { findReferences, type Reference } from './references.ts';

export type PlanOptions = {
  /** Tokens that prompt and plan share: a plan has as many lines as fit into it at their longest. */
  readonly contextLength: number;
  /** Default and most: 32. */
  readonly maxLines?: number;
  /** Words per line, in UTF-8 bytes. Default 96. */
  readonly maxLineBytes?: number;
};

/** What a line is made of. */
type LineForm = { readonly references: readonly Reference[]; readonly maxLineBytes: number | undefined };

export class PlanDialect {
  readonly name = 'compact';
  readonly #tokenizer: SegmentTokenizer;

  /** Throws `GatewayError` (`unavailable`) if the tokenizer lacks one of the dialect's special tokens. */
  constructor(tokenizer: SegmentTokenizer) {
    for (const name of t.SPECIAL_TOKENS) tokenizer.specialId(name);
    this.#tokenizer = tokenizer;
  }

  /** Throws `GatewayError` (`context_length`) if the task leaves no room for a plan of one line. */
  prepare(task: PlanTask, { contextLength, maxLines = MAX_PLAN_LINES, maxLineBytes }: PlanOptions): PreparedPlan {
    const references = findReferences(task.userRequest);
    const tokens: number[] = [];
    this.#tokenizer.encode(renderPlanPrompt(task, references), tokens);
    const form = { references, maxLineBytes };
    // All lines are equally long at their longest, and one token ends the plan.
    const lineTokens = this.#grammar(form, 1).maxTokens - 1;
    const numLines = Math.min(maxLines, MAX_PLAN_LINES, Math.floor((contextLength - tokens.length - 1) / lineTokens));
    if (numLines < 1) {
      const parts = `${tokens.length} tokens and a plan of one line up to ${lineTokens + 1}`;
      const message = `user_request: the task takes ${parts}; the model's context is ${contextLength}`;
      throw new GatewayError('context_length', message, { field: 'user_request' });
    }
    return {
      promptTokens: Int32Array.from(tokens),
      grammar: this.#grammar(form, numLines),
      parse: (answer) => parsePlan(references, this.#tokenizer.decode(answer)),
    };
  }

  #grammar(form: LineForm, numLines: number): Grammar {
    const nodes: GrammarNode[] = [{ type: 'end' }];
    const end: Head = { tokens: [this.#tokenizer.specialId(t.END)], next: 0 };
    const plan = [this.#tokenizer.specialId(t.PLAN)];
    // From the last line to the first, because a node must know what follows it.
    let first = this.#addLine(nodes, form, [end]);
    for (let line = 1; line < numLines; line++) {
      first = this.#addLine(nodes, form, [end, { tokens: plan, next: first }]);
    }
    const start = add(nodes, choiceNode('words', [{ tokens: plan, next: first }]));
    return { nodes, start, maxTokens: computeMaxTokens(nodes, start) };
  }

  /** Words, then up to two references with words behind them, then one of `ends`. Returns where the line begins. */
  #addLine(nodes: GrammarNode[], { references, maxLineBytes }: LineForm, ends: readonly Head[]): NodeIndex {
    const { head, tail } = lineBounds(maxLineBytes);
    const words = { type: 'text', field: 'words' } as const;
    let next = add(nodes, choiceNode('words', ends));
    for (let i = 0; i < MAX_LINE_REFERENCES && references.length > 0; i++) {
      const behind = add(nodes, { ...words, minBytes: 0, maxBytes: tail, next });
      const heads = references.map((_, index) => ({ tokens: this.#referenceTokens(index + 1), next: behind }));
      next = add(nodes, choiceNode('words', [...ends, ...heads]));
    }
    return add(nodes, { ...words, minBytes: 1, maxBytes: head, next });
  }

  #referenceTokens(ordinal: number): readonly number[] {
    return [this.#tokenizer.specialId(t.NTH), ...this.#tokenizer.encodeText(String(ordinal))];
  }
}

function add(nodes: GrammarNode[], node: GrammarNode): NodeIndex {
  nodes.push(node);
  return nodes.length - 1;
}
