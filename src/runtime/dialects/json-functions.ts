/**
 * The part of the JSON answer grammar that no state changes: function, arguments, status, plan. The text between two decisions is
 * tokenized as one segment, and so is an argument's or function's name with what follows it.
 */
import type { ArgSpec, FunctionSpec } from '../functions/catalog.ts';
import { addList, choiceNode, type Head } from '../grammar/builder.ts';
import type { GrammarNode, NodeIndex } from '../grammar/grammar.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { ChoiceField, Status } from '../types.ts';
import { FunctionEntries } from './function-entries.ts';
import { ACTION_STATUSES, NO_ACTION_STATUSES, NO_FUNCTION } from './ground.ts';
import { quoted } from './json-text.ts';

/** Bounds of a plan, which is written on request only. */
const MAX_PLAN_STEPS = 8;
const MAX_STEP_BYTES = 96;

export type JsonFunctionOptions = {
  /** Names of functions; those that the catalog does not know are passed over. */
  readonly allowed: readonly string[];
  readonly maxTextBytes: number;
  readonly plan: boolean;
};

/** A text and the node behind it. Texts of one choice differ before either ends, and so do their tokens. */
type Way = { readonly text: string; readonly next: NodeIndex };

/** Where in the list of arguments an answer stands. */
type ArgPlace = {
  readonly index: number;
  /** What the value before still lacks. */
  readonly quote: '"' | '';
  readonly isFirst: boolean;
};

export class JsonFunctionGrammar {
  readonly nodes: GrammarNode[] = [{ type: 'end' }];
  readonly #tokenizer: SegmentTokenizer;
  readonly #options: JsonFunctionOptions;
  readonly #waysByPlace = new Map<string, readonly Way[]>();
  readonly #entries: FunctionEntries;
  readonly #afterAction: NodeIndex;
  /** Entry when no control was chosen, behind `"function":"`. */
  readonly window: NodeIndex;

  constructor(tokenizer: SegmentTokenizer, options: JsonFunctionOptions) {
    this.#tokenizer = tokenizer;
    this.#options = options;
    this.#entries = new FunctionEntries(options.allowed, (specs) => {
      const ways = specs.flatMap((spec) => this.#callWays(spec));
      return this.#choice('function', ways);
    });
    this.#afterAction = this.#statusNode(ACTION_STATUSES);
    const none = { text: `${NO_FUNCTION}","args":{},"status":"`, next: this.#statusNode(NO_ACTION_STATUSES) };
    const windowWays = this.#entries.windowSpecs.flatMap((spec) => this.#callWays(spec));
    this.window = this.#choice('function', [...windowWays, none]);
  }

  /** Entry for a control of this type, behind `"function":"`; undefined when no allowed function applies to it. */
  entry(controlType: string): NodeIndex | undefined {
    return this.#entries.of(controlType);
  }

  #callWays(spec: FunctionSpec): readonly Way[] {
    const ways = this.#argWays(spec, { index: 0, quote: '', isFirst: true });
    return ways.map(({ text, next }) => ({ text: `${spec.name}","args":{${text}`, next }));
  }

  /** Found once per place, so that all who come by it share its nodes. */
  #argWays(call: FunctionSpec, place: ArgPlace): readonly Way[] {
    const key = `${call.name} ${place.index} ${place.quote} ${place.isFirst}`;
    let ways = this.#waysByPlace.get(key);
    if (ways === undefined) {
      ways = this.#findArgWays(call, place);
      this.#waysByPlace.set(key, ways);
    }
    return ways;
  }

  /** All ways to go on at an argument: with it, without it if it is optional, or to the status after the last. */
  #findArgWays(call: FunctionSpec, place: ArgPlace): readonly Way[] {
    const { index, quote, isFirst } = place;
    const spec = call.args[index];
    if (spec === undefined) return [{ text: `${quote}},"status":"`, next: this.#afterAction }];
    const key = `${quote}${isFirst ? '' : ','}${quoted(spec.name)}:`;
    const lacking = spec.type === 'string' ? '"' : '';
    const rest = this.#argWays(call, { index: index + 1, quote: lacking, isFirst: false });
    const here = this.#valueWays(spec, rest).map(({ text, next }) => ({ text: `${key}${text}`, next }));
    return spec.required ? here : [...here, ...this.#argWays(call, { ...place, index: index + 1 })];
  }

  #valueWays(spec: ArgSpec, rest: readonly Way[]): readonly Way[] {
    if (spec.type === 'string') {
      const next = this.#choice('args', rest);
      const { maxTextBytes } = this.#options;
      const node = {
        type: 'text',
        field: 'args',
        notation: 'json',
        minBytes: 0,
        maxBytes: maxTextBytes,
        next,
      } as const;
      return [{ text: '"', next: this.#add(node) }];
    }
    if (spec.type === 'number') {
      const { min, max, maxDecimals } = spec;
      const next = this.#choice('args', rest);
      return [{ text: '', next: this.#add({ type: 'number', field: 'args', min, max, maxDecimals, next }) }];
    }
    // The default is never written out: leaving the argument away says the same.
    const values =
      spec.type === 'boolean' ? [String(!spec.default)] : spec.values.filter((v) => v !== spec.default).map(quoted);
    return values.flatMap((value) => rest.map(({ text, next }) => ({ text: `${value}${text}`, next })));
  }

  #statusNode(statuses: readonly Status[]): NodeIndex {
    if (!this.#options.plan) {
      return this.#choice(
        'status',
        statuses.map((status) => ({ text: `${status}"}`, next: 0 })),
      );
    }
    const steps = addList(this.nodes, {
      text: { field: 'words', notation: 'json', minBytes: 1, maxBytes: MAX_STEP_BYTES },
      separator: this.#tokenizer.encodeText('","'),
      ends: [{ tokens: this.#tokenizer.encodeText('"]}'), next: 0 }],
      minItems: 1,
      maxItems: MAX_PLAN_STEPS,
    });
    return this.#choice(
      'status',
      statuses.flatMap((status) => [
        { text: `${status}","plan":[]}`, next: 0 },
        // Only where the work goes on are there steps left.
        ...(status === 'CONTINUE' || status === 'CONFIRM' ? [{ text: `${status}","plan":["`, next: steps }] : []),
      ]),
    );
  }

  #choice(field: ChoiceField, ways: readonly Way[]): NodeIndex {
    const heads: Head[] = ways.map(({ text, next }) => ({ tokens: this.#tokenizer.encodeText(text), next }));
    return this.#add(choiceNode(field, heads));
  }

  #add(node: GrammarNode): NodeIndex {
    this.nodes.push(node);
    return this.nodes.length - 1;
  }
}
