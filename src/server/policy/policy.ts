/** A policy file at work: what the model may choose from, and what is to be done with what it chose. */
import { type Action, type Control, type FunctionSpec, functionCatalog, type State } from '../../runtime/index.ts';
import type { Effect, PolicyFile } from './policy-file.ts';
import { CompiledRule } from './rule.ts';
import { type Subject, SubjectReader } from './subject.ts';

/** The rule that decided, and its effect; `name` is empty when none did. */
export type Verdict = { readonly effect: Effect; readonly name: string; readonly reason: string };

/** What a model may choose from, and the rules because of which it is less than what is there. */
export type Restriction = { readonly state: State; readonly rules: readonly string[] };

/** In place of a rule's name where none matched. */
const DEFAULT_RULE = 'default';
const SEVERITY: Readonly<Record<Effect, number>> = { allow: 0, confirm: 1, deny: 2 };
const NOTHING_TO_DO: Verdict = { effect: 'allow', name: '', reason: '' };
/** Functions that only look. A control for which nothing else is left is of no use. */
const LOOKING: ReadonlySet<string> = new Set(['texts', 'wheel_mouse_input']);

export class Policy {
  readonly reward: NonNullable<PolicyFile['reward']>;
  readonly #rules: readonly CompiledRule[];
  readonly #byDefault: Effect;
  readonly #mayDeny: boolean;

  constructor({ rules, reward = {}, default: byDefault }: PolicyFile) {
    this.reward = reward;
    this.#byDefault = byDefault;
    this.#rules = rules.map((rule) => new CompiledRule(rule));
    this.#mayDeny = byDefault === 'deny' || rules.some(({ effect }) => effect === 'deny');
  }

  /**
   * The most severe of the rules that match, the first of equals; the default where none does. Where it is not known whether a
   * rule matches, it does, unless it allows.
   */
  judge(action: Action, state: State): Verdict {
    if (action.function === '') return NOTHING_TO_DO;
    const subject = new SubjectReader(state).ofAction(action);
    let verdict: Verdict | undefined;
    for (const rule of this.#rules) {
      if (verdict !== undefined && SEVERITY[rule.effect] <= SEVERITY[verdict.effect]) continue;
      const match = rule.match(subject);
      if (match === 'yes' || (match === 'maybe' && rule.effect !== 'allow')) verdict = rule;
    }
    if (verdict !== undefined) return verdict;
    const reason = this.#byDefault === 'allow' ? '' : 'no rule allows it';
    return { effect: this.#byDefault, name: this.#byDefault === 'allow' ? '' : DEFAULT_RULE, reason };
  }

  /**
   * The state without what is denied whatever the arguments: functions are taken away, controls are marked as not enabled, so that
   * the model still sees them where they are. Also a control on which the model could only look is marked.
   */
  restrict(state: State): Restriction {
    if (!this.#mayDeny) return { state, rules: [] };
    const reader = new SubjectReader(state);
    const denier = (spec: FunctionSpec, control?: Control) => this.#denier(reader.ofCall(spec.name, control));
    const allowed = state.allowedFunctions.flatMap((name) => functionCatalog.get(name) ?? []);
    const rules = new Set<string>();
    /** Rules by function: those that keep it from some control. */
    const denied = new Map<FunctionSpec, Set<string>>();
    const useful = new Set<FunctionSpec>();
    const controls = state.controls.map((control) => {
      const applicable = allowed.filter((spec) => appliesTo(spec, control));
      const deniers = new Set<string>();
      const left = applicable.filter((spec) => {
        const name = denier(spec, control);
        if (name === undefined) return true;
        denied.set(spec, (denied.get(spec) ?? new Set()).add(name));
        deniers.add(name);
        return false;
      });
      for (const spec of left) useful.add(spec);
      if (deniers.size === 0 || !left.every(({ name }) => LOOKING.has(name))) return control;
      for (const name of deniers) rules.add(name);
      return { ...control, enabled: false };
    });
    const functions = allowed.filter((spec) => {
      const deniers = new Set(denied.get(spec));
      const name = spec.appliesTo === 'window' ? denier(spec) : undefined;
      if (name !== undefined) deniers.add(name);
      if (deniers.size === 0 || useful.has(spec)) return true;
      for (const rule of deniers) rules.add(rule);
      return false;
    });
    if (rules.size === 0) return { state, rules: [] };
    const allowedFunctions = functions.map(({ name }) => name);
    return { state: { ...state, controls, allowedFunctions }, rules: [...rules] };
  }

  /** The rule by which every call is denied, whatever its arguments; undefined: there is none. */
  #denier(subject: Subject): string | undefined {
    const matches = this.#rules.map((rule) => ({ rule, match: rule.match(subject) }));
    const denying = matches.find(({ rule, match }) => rule.effect === 'deny' && match === 'yes');
    if (denying !== undefined) return denying.rule.name;
    return this.#byDefault === 'deny' && matches.every(({ match }) => match === 'no') ? DEFAULT_RULE : undefined;
  }
}

function appliesTo({ appliesTo: types }: FunctionSpec, { type }: Control): boolean {
  return types === 'any' || (types !== 'window' && types.includes(type));
}

/**
 * The state without a choice that was denied once it was complete: the control cannot be acted on, or, for a function that needs none,
 * there is no such function. Undefined: there was nothing to choose.
 */
export function without(state: State, { controlId, function: name }: Action): State | undefined {
  if (name === '') return undefined;
  if (controlId === '') {
    return { ...state, allowedFunctions: state.allowedFunctions.filter((allowed) => allowed !== name) };
  }
  const controls = state.controls.map((control) =>
    control.id === controlId ? { ...control, enabled: false } : control,
  );
  return { ...state, controls };
}
