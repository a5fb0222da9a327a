/** The part of the compact answer grammar that no state changes: function, arguments, status. */
import type { ArgSpec, FunctionSpec } from '../functions/catalog.ts';
import { choiceNode, type Head } from '../grammar/builder.ts';
import type { GrammarNode, NodeIndex } from '../grammar/grammar.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { Status } from '../types.ts';
import * as t from './compact-tokens.ts';
import { FunctionEntries } from './function-entries.ts';
import { ACTION_STATUSES, NO_ACTION_STATUSES, NO_FUNCTION } from './ground.ts';
import { type ArgPlace, isCandidate, type LiteralTraits, SPINNER } from './literal-choice.ts';

export type FunctionGrammarOptions = {
  /** Names of functions; those that the catalog does not know are passed over. */
  readonly allowed: readonly string[];
  readonly maxTextBytes: number;
  /** Of the task, as {@link traitsOf} describes them. */
  readonly literals: readonly LiteralTraits[];
};

/** Nodes of the functions in `allowed`, and where to enter them by the type of the control chosen before. */
export class FunctionGrammar {
  readonly nodes: GrammarNode[] = [{ type: 'end' }];
  readonly #tokenizer: SegmentTokenizer;
  readonly #maxTextBytes: number;
  readonly #literals: readonly LiteralTraits[];
  readonly #entries: FunctionEntries;
  readonly #headsByCall = new Map<string, readonly Head[]>();
  readonly #afterAction: NodeIndex;
  readonly #afterNone: NodeIndex;
  /** Entry when no control was chosen. */
  readonly window: NodeIndex;

  constructor(tokenizer: SegmentTokenizer, { allowed, maxTextBytes, literals }: FunctionGrammarOptions) {
    this.#tokenizer = tokenizer;
    this.#maxTextBytes = maxTextBytes;
    this.#literals = literals;
    this.#entries = new FunctionEntries(allowed, (specs, controlType) => {
      const heads = specs.flatMap((spec) => this.#callHeads(spec, controlType));
      return this.#add(choiceNode('function', heads));
    });
    this.#afterAction = this.#statusNode(ACTION_STATUSES);
    this.#afterNone = this.#statusNode(NO_ACTION_STATUSES);
    const windowHeads = this.#entries.windowSpecs.flatMap((spec) => this.#callHeads(spec));
    const none = { tokens: this.#tokens(NO_FUNCTION, t.STATUS), next: this.#afterNone };
    this.window = this.#add(choiceNode('function', [...windowHeads, none]));
  }

  /** Entry for a control of this type; undefined when no allowed function applies to it. */
  entry(controlType: string): NodeIndex | undefined {
    return this.#entries.of(controlType);
  }

  /** The function's name, up to and including the special token behind it. */
  #callHeads(spec: FunctionSpec, controlType?: string): readonly Head[] {
    // What may follow depends on the type of the control for spinners only, so all others share their nodes.
    const isSpinner = controlType === SPINNER;
    const memo = `${spec.name} ${isSpinner}`;
    let heads = this.#headsByCall.get(memo);
    if (heads === undefined) {
      const name = this.#tokens(spec.name);
      heads = this.#argHeads(spec, isSpinner, 0).map((head) => ({ ...head, tokens: [...name, ...head.tokens] }));
      this.#headsByCall.set(memo, heads);
    }
    return heads;
  }

  /** All ways to go on at argument `index`: with it, without it if it is optional, or to the status after the last. */
  #argHeads(call: FunctionSpec, isSpinner: boolean, index: number): readonly Head[] {
    const spec = call.args[index];
    if (spec === undefined) return [{ tokens: [this.#tokenizer.specialId(t.STATUS)], next: this.#afterAction }];
    const rest = this.#argHeads(call, isSpinner, index + 1);
    const key = [this.#tokenizer.specialId(t.ARG), ...this.#tokens(spec.name)];
    const written = { tokens: [...key, this.#tokenizer.specialId(t.EQ)], next: this.#valueNode(spec, rest) };
    const referred = this.#referenceTokens({ functionName: call.name, spec, isSpinner }).flatMap((tokens) =>
      rest.map((head) => ({ tokens: [...key, ...tokens, ...head.tokens], next: head.next })),
    );
    const here = [written, ...referred];
    return spec.required ? here : [...here, ...rest];
  }

  /** For each literal that the argument, or its negative, may be: the tokens that refer to it. */
  #referenceTokens(place: ArgPlace): readonly (readonly number[])[] {
    const least = place.spec.type === 'number' ? place.spec.min : 0;
    return this.#literals.flatMap((literal, i) => {
      if (!isCandidate(literal, place, this.#literals)) return [];
      const ordinals = least < 0 && -Number(literal.number) >= least ? [`${i + 1}`, `-${i + 1}`] : [`${i + 1}`];
      return ordinals.map((ordinal) => [this.#tokenizer.specialId(t.NTH), ...this.#tokens(ordinal)]);
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
