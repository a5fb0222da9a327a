/** One rule, ready to be matched. Three-valued: of some actions it is not known what they will do. */
import { isChord, parseChord, UNREADABLE } from './keys.ts';
import { Patterns } from './patterns.ts';
import type { Condition, Effect, Rule } from './policy-file.ts';
import { KEY_ARGS, type Subject } from './subject.ts';
import { readings, type Words } from './words.ts';

/** `maybe`: it depends on arguments that are not chosen yet, on where a click lands, or on what the client did not tell. */
export type Match = 'yes' | 'maybe' | 'no';

type Test = (subject: Subject) => Match;

export class CompiledRule {
  readonly name: string;
  readonly effect: Effect;
  readonly reason: string;
  readonly #when: Test;
  readonly #unless: readonly Test[];

  constructor({ name, effect, reason, when, unless = [] }: Rule) {
    this.name = name;
    this.effect = effect;
    this.reason = reason;
    this.#when = compile(when);
    this.#unless = unless.map(compile);
  }

  match(subject: Subject): Match {
    const match = this.#when(subject);
    if (match === 'no') return 'no';
    const exceptions = this.#unless.map((test) => test(subject));
    if (exceptions.includes('yes')) return 'no';
    return exceptions.includes('maybe') ? 'maybe' : match;
  }
}

function compile(condition: Condition): Test {
  // The cheapest first: most rules are about another function.
  const tests: Test[] = [];
  if (condition.function) tests.push(testFunction(condition.function));
  if (condition.control_type) tests.push(testType(condition.control_type));
  if (condition.app) tests.push(testTold(condition.app, ({ app }) => app));
  if (condition.window) tests.push(testTold(condition.window, ({ window }) => window));
  if (condition.control) tests.push(testControl(condition.control));
  if (condition.keys) tests.push(testKeys(condition.keys));
  for (const [name, sources] of Object.entries(condition.args ?? {})) tests.push(testArg(name, sources));
  return (subject) => {
    let result: Match = 'yes';
    for (const test of tests) {
      const match = test(subject);
      if (match === 'no') return 'no';
      if (match === 'maybe') result = 'maybe';
    }
    return result;
  };
}

/** What a client leaves out must not be a way around a rule. */
function testTold(sources: readonly string[], read: (subject: Subject) => readonly Words[]): Test {
  const patterns = new Patterns(sources);
  return (subject) => {
    const told = read(subject);
    if (told.every((words) => words.length === 0)) return 'maybe';
    return patterns.matches(told) ? 'yes' : 'no';
  };
}

function testFunction(names: readonly string[]): Test {
  return (subject) => (names.includes(subject.function) ? 'yes' : 'no');
}

function testControl(sources: readonly string[]): Test {
  const patterns = new Patterns(sources);
  return ({ control, possible }) => {
    if (control !== undefined && patterns.matches(control.name)) return 'yes';
    return possible.some(({ name }) => patterns.matches(name)) ? 'maybe' : 'no';
  };
}

function testType(types: readonly string[]): Test {
  const wanted = new Set(types.map((type) => type.toLowerCase()));
  return ({ control, possible }) => {
    if (control !== undefined && wanted.has(control.type)) return 'yes';
    return possible.some(({ type }) => wanted.has(type)) ? 'maybe' : 'no';
  };
}

/** Of several keys, those that are not listed do something else. */
function testKeys(wanted: readonly string[]): Test {
  const canonical = wanted.flatMap((chord) => parseChord(chord) ?? []);
  const isWanted = (chord: string) => canonical.some((one) => isChord(chord, one));
  return (subject) => {
    if (subject.args === undefined) return Object.hasOwn(KEY_ARGS, subject.function) ? 'maybe' : 'no';
    if (subject.chords === undefined) return 'no';
    const { chords, isReadable } = subject.chords;
    if (!isReadable) return wanted.includes(UNREADABLE) ? 'yes' : 'maybe';
    if (chords.length > 0 && chords.every(isWanted)) return 'yes';
    return chords.some(isWanted) ? 'maybe' : 'no';
  };
}

function testArg(name: string, sources: readonly string[]): Test {
  const patterns = new Patterns(sources);
  return ({ args }) => {
    if (args === undefined) return 'maybe';
    const value = args[name];
    return value !== undefined && patterns.matches(readings(String(value))) ? 'yes' : 'no';
  };
}
