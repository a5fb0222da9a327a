/** Reads a compact answer back into an action, and grounds it in the state's controls. */
import type { ArgSpec } from '../functions/catalog.ts';
import type { Choice } from '../runtime.ts';
import type { Action, Control, State } from '../types.ts';
import type { TargetFacts } from './compact.ts';
import * as t from './compact-tokens.ts';
import { choiceOf, groundControl, groundFunction, groundStatus, NO_FUNCTION, notOfTheGrammar } from './ground.ts';
import type { Reference } from './references.ts';
import type { Segment } from './segment.ts';
import { factsOf } from './state-facts.ts';

/** Throws `GatewayError` (`internal`) for anything that is not one grounded action: such an answer is never guessed at. */
export function parseAnswer(state: State, segments: readonly Segment[], facts = factsOf(state)): Action {
  const reader = new SegmentReader(segments);
  const { control, spec } = readTarget(state, facts, reader);
  const args: Record<string, string | number | boolean> = {};
  while (reader.skip(t.ARG)) {
    const key = reader.text();
    const arg = spec?.args.find((candidate) => candidate.name === key);
    if (arg === undefined) throw notOfTheGrammar(`${spec?.name ?? NO_FUNCTION} has no argument ${key}`);
    args[key] = readValue(arg, reader.skip(t.NTH) ? referred(facts.references, reader.text()) : reader.written());
  }
  reader.expect(t.STATUS);
  const status = groundStatus(reader.text());
  reader.expect(t.END);
  return {
    thought: '',
    ...choiceOf(control, spec),
    args,
    status,
    plan: [],
  };
}

/** Of the beginning of an answer; undefined if it does not reach beyond the function's name. Throws as {@link parseAnswer} does. */
export function parseChoice(state: State, segments: readonly Segment[], facts = factsOf(state)): Choice | undefined {
  const fn = segments.findIndex((segment) => 'special' in segment && segment.special === t.FN);
  // The name is one segment, and whole when there is another behind it.
  if (fn < 0 || segments.length <= fn + 2) return undefined;
  const { control, spec } = readTarget(state, facts, new SegmentReader(segments));
  return choiceOf(control, spec);
}

/** Control and function; each undefined where there is none. */
function readTarget(state: State, facts: TargetFacts, reader: SegmentReader) {
  const control = readControl(state, facts, reader);
  reader.expect(t.FN);
  return { control, spec: groundFunction(state, control, reader.text()) };
}

function readControl(state: State, { labels, related }: TargetFacts, reader: SegmentReader): Control | undefined {
  if (reader.skip(t.WINDOW)) return undefined;
  if (reader.skip(t.CONTROLS)) return relatedControl(state, related, reader.text());
  const name = reader.text();
  const ordinal = reader.skip(t.NTH) ? Number(reader.text()) : 1;
  return groundControl(state, labels, { name, ordinal });
}

function relatedControl(state: State, related: readonly number[], ordinal: string): Control {
  const control = state.controls[related[Number(ordinal) - 1] ?? -1];
  if (control === undefined) throw notOfTheGrammar(`no related control has the number ${ordinal}`);
  return control;
}

/** What an ordinal stands for; a negative one for the literal with a minus sign in front. */
function referred(references: readonly Reference[], ordinal: string): string {
  const isNegative = ordinal.startsWith('-');
  const reference = references[Math.abs(Number(ordinal)) - 1];
  if (reference === undefined) throw notOfTheGrammar(`the task has no literal ${ordinal}`);
  return isNegative ? `-${reference.text}` : reference.text;
}

function readValue(spec: ArgSpec, value: string): string | number | boolean {
  switch (spec.type) {
    case 'string':
    case 'enum':
      return value;
    case 'boolean':
      return value === 'true';
    case 'number':
      return Number(value);
  }
}

/** Walks segments; an absent text reads as '', because an empty text has no tokens. */
class SegmentReader {
  readonly #segments: readonly Segment[];
  #position = 0;

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  text(): string {
    const segment = this.#segments[this.#position];
    if (segment === undefined || !('text' in segment)) return '';
    this.#position++;
    return segment.text;
  }

  /** The text after the equals sign. */
  written(): string {
    this.expect(t.EQ);
    return this.text();
  }

  skip(name: string): boolean {
    const segment = this.#segments[this.#position];
    if (segment === undefined || !('special' in segment) || segment.special !== name) return false;
    this.#position++;
    return true;
  }

  expect(name: string): void {
    if (!this.skip(name)) throw notOfTheGrammar(`${name} expected`);
  }
}
