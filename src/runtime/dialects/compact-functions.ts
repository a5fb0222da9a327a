/** The part of the compact answer grammar that no state changes: function, arguments, status. */
import { type ArgSpec, appliesToType, type FunctionSpec, functionCatalog } from '../functions/catalog.ts';
import { choiceNode, type Head } from '../grammar/builder.ts';
import type { GrammarNode, NodeIndex } from '../grammar/grammar.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { Status } from '../types.ts';
import { NO_FUNCTION } from './compact.ts';
import * as t from './compact-tokens.ts';
import type { Reference } from './references.ts';

/** What may come after an action was chosen, and after none was. */
const ACTION_STATUSES: readonly Status[] = ['CONTINUE', 'FINISH', 'CONFIRM'];
const NO_ACTION_STATUSES: readonly Status[] = ['FINISH', 'FAIL'];

export type FunctionGrammarOptions = {
  /** Names of functions; those that the catalog does not know are passed over. */
  readonly allowed: readonly string[];
  readonly maxTextBytes: number;
  /** Literals of the task. */
  readonly references: readonly Reference[];
};

/** Nodes of the functions in `allowed`, and where to enter them by the type of the control chosen before. */
export class FunctionGrammar {
  readonly nodes: GrammarNode[] = [{ type: 'end' }];
  readonly #tokenizer: SegmentTokenizer;
  readonly #maxTextBytes: number;
  readonly #references: readonly Reference[];
  readonly #specs: readonly FunctionSpec[];
  readonly #entryByType = new Map<string, NodeIndex | undefined>();
  readonly #headsByFunction = new Map<string, readonly Head[]>();
  readonly #afterAction: NodeIndex;
  readonly #afterNone: NodeIndex;
  /** Entry when no control was chosen. */
  readonly window: NodeIndex;

  constructor(tokenizer: SegmentTokenizer, { allowed, maxTextBytes, references }: FunctionGrammarOptions) {
    this.#tokenizer = tokenizer;
    this.#maxTextBytes = maxTextBytes;
    this.#references = references;
    this.#specs = [...new Set(allowed)].flatMap((name) => functionCatalog.get(name) ?? []);
    this.#afterAction = this.#statusNode(ACTION_STATUSES);
    this.#afterNone = this.#statusNode(NO_ACTION_STATUSES);
    const windowHeads = this.#specs
      .filter((spec) => spec.appliesTo === 'window')
      .flatMap((spec) => this.#callHeads(spec));
    const none = { tokens: this.#tokens(NO_FUNCTION, t.STATUS), next: this.#afterNone };
    this.window = this.#add(choiceNode('function', [...windowHeads, none]));
  }

  /** Entry for a control of this type; undefined when no allowed function applies to it. */
  entry(controlType: string): NodeIndex | undefined {
    if (!this.#entryByType.has(controlType)) {
      const heads = this.#specs
        .filter((spec) => appliesToType(spec, controlType))
        .flatMap((spec) => this.#callHeads(spec));
      this.#entryByType.set(controlType, heads.length === 0 ? undefined : this.#add(choiceNode('function', heads)));
    }
    return this.#entryByType.get(controlType);
  }

  /** The function's name, up to and including the special token behind it. */
  #callHeads(spec: FunctionSpec): readonly Head[] {
    let heads = this.#headsByFunction.get(spec.name);
    if (heads === undefined) {
      const name = this.#tokens(spec.name);
      heads = this.#argHeads(spec.args, 0).map((head) => ({ tokens: [...name, ...head.tokens], next: head.next }));
      this.#headsByFunction.set(spec.name, heads);
    }
    return heads;
  }

  /** All ways to go on at argument `index`: with it, without it if it is optional, or to the status after the last. */
  #argHeads(args: readonly ArgSpec[], index: number): readonly Head[] {
    const spec = args[index];
    if (spec === undefined) return [{ tokens: [this.#tokenizer.specialId(t.STATUS)], next: this.#afterAction }];
    const rest = this.#argHeads(args, index + 1);
    const key = [this.#tokenizer.specialId(t.ARG), ...this.#tokens(spec.name)];
    const written = { tokens: [...key, this.#tokenizer.specialId(t.EQ)], next: this.#valueNode(spec, rest) };
    const here = [written, ...this.#referenceHeads(spec, key, rest)];
    return spec.required ? here : [...here, ...rest];
  }

  /** The argument by the number of a literal that can be its value, up to where `rest` leads. */
  #referenceHeads(spec: ArgSpec, key: readonly number[], rest: readonly Head[]): readonly Head[] {
    return this.#references.flatMap((reference, i) => {
      if (!canBe(spec, reference.text)) return [];
      const value = [...key, this.#tokenizer.specialId(t.NTH), ...this.#tokens(String(i + 1))];
      return rest.map((head) => ({ tokens: [...value, ...head.tokens], next: head.next }));
    });
  }

  #valueNode(spec: ArgSpec, rest: readonly Head[]): NodeIndex {
    if (spec.type === 'string') {
      const next = this.#add(choiceNode('args', rest));
      return this.#add({ type: 'text', field: 'args', minBytes: 0, maxBytes: this.#maxTextBytes, next });
    }
    if (spec.type === 'number') {
      const { min, max, maxDecimals } = spec;
      return this.#add({
        type: 'number',
        field: 'args',
        min,
        max,
        maxDecimals,
        next: this.#add(choiceNode('args', rest)),
      });
    }
    // The default is never written out: leaving the argument away says the same.
    const values = spec.type === 'boolean' ? [String(!spec.default)] : spec.values.filter((v) => v !== spec.default);
    const heads = values.flatMap((value) =>
      rest.map((head) => ({ tokens: [...this.#tokens(value), ...head.tokens], next: head.next })),
    );
    return this.#add(choiceNode('args', heads));
  }

  #statusNode(statuses: readonly Status[]): NodeIndex {
    return this.#add(
      choiceNode(
        'status',
        statuses.map((status) => ({ tokens: this.#tokens(status, t.END), next: 0 })),
      ),
    );
  }

  #tokens(text: string, special?: string): number[] {
    const tokens = [...this.#tokenizer.encodeText(text)];
    if (special !== undefined) tokens.push(this.#tokenizer.specialId(special));
    return tokens;
  }

  #add(node: GrammarNode): NodeIndex {
    this.nodes.push(node);
    return this.nodes.length - 1;
  }
}

/** True if the literal is an acceptable value of the argument. */
function canBe(spec: ArgSpec, literal: string): boolean {
  if (spec.type === 'string') return true;
  if (spec.type !== 'number' || !/^\d+(\.\d+)?$/.test(literal)) return false;
  const decimals = literal.split('.')[1]?.length ?? 0;
  return decimals <= spec.maxDecimals && Number(literal) >= spec.min && Number(literal) <= spec.max;
}
